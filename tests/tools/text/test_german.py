"""German nouns in their forms and compounds."""

import pytest

from quaestor.tools.text.german import same_noun


@pytest.mark.parametrize(
    ("word", "other", "same"),
    [
        pytest.param("vertrages", "vertrag", True, id="a genitive"),
        pytest.param("vertrag", "vertrage", True, id="a plural, its umlaut left out"),
        pytest.param("eigentumerin", "eigentumers", True, id="another gender"),
        pytest.param("vertrag", "mietvertrags", True, id="the head of a compound"),
        pytest.param("mietvertrag", "vertrag", False, id="a compound of what is said alone"),
        pytest.param("neustadt", "stadt", False, id="a town and a noun"),
        pytest.param("essen", "hessen", False, id="a town in the name of a country"),
        pytest.param("hamburg", "harburg", False, id="two towns"),
        pytest.param("maier", "meier", False, id="two spellings"),
        pytest.param("schmidt", "schmidtke", False, id="two names"),
    ],
)
def test_forms_of_a_noun(word: str, other: str, same: bool) -> None:
    assert same_noun(word, other) is same
