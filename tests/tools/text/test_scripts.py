"""Scripts, and words without the endings of their case."""

import pytest

from quaestor.tools.text.scripts import by_pairs, script_of, without_cases


@pytest.mark.parametrize(
    ("text", "script", "pairs"),
    [
        pytest.param("港口有四个码头", "CJK", True, id="Chinese"),
        pytest.param(
            "ヴェルマー港は開港された", "CJK", True, id="Japanese, with its three scripts"
        ),
        pytest.param("항구는 개항되었다", "HANGUL", True, id="Korean"),
        pytest.param("ท่าเรือเปิด", "THAI", True, id="Thai"),
        pytest.param("Гавань (port)", "CYRILLIC", False, id="most letters decide"),
        pytest.param("ｐｏｒｔ", "LATIN", False, id="wide letters are letters"),
        pytest.param("12. 5. 1987 ...", "", False, id="no letter"),
    ],
)
def test_the_script_of_a_text(text: str, script: str, *, pairs: bool) -> None:
    assert script_of(text) == script
    assert by_pairs(script) is pairs


def test_only_cyrillic_words_lose_their_endings() -> None:
    assert without_cases("Invoices, 港口, 12") == "Invoices, 港口, 12"
    assert without_cases("Ириной") == without_cases("Ирина") != without_cases("Марина")
