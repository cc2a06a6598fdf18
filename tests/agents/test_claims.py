"""Which ids each sentence of a draft carries, and that nothing but marks is taken away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.claims import Drafted, split_claims, without_marks

IDS = ("e1", "e2", "e3", "e12")


def split(text: str) -> list[tuple[str, ...]]:
    return [(one.text, *one.ids) for one in split_claims(text, IDS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Iron rusts [e1].", [("Iron rusts.", "e1")], id="before the full stop"),
        pytest.param("Iron rusts. [e1]", [("Iron rusts.", "e1")], id="behind the full stop"),
        pytest.param("Iron rusts[e1].", [("Iron rusts.", "e1")], id="without a space"),
        pytest.param(
            "Iron rusts.[e1] Ore too.", [("Iron rusts.", "e1"), ("Ore too.",)], id="tight"
        ),
        pytest.param(
            "It rusts [e1, e12].", [("It rusts.", "e1", "e12")], id="several in a bracket"
        ),
        pytest.param("It rusts [e2][e1] [e2].", [("It rusts.", "e2", "e1")], id="several brackets"),
        pytest.param("It rusts [E1; e2 and e3].", [("It rusts.", "e1", "e2", "e3")], id="sloppy"),
        pytest.param("It rusts 【e1】.", [("It rusts.", "e1")], id="wide brackets"),
        pytest.param("It rusts [^e1].", [("It rusts.", "e1")], id="as a footnote"),
        pytest.param(
            "Iron [e1] and ore [e2] rust.", [("Iron and ore rust.", "e1", "e2")], id="in the middle"
        ),
        pytest.param("A falls. B rises [e1].", [("A falls.",), ("B rises.", "e1")], id="only one"),
        pytest.param("Ore.\n[e1] B rises.", [("Ore.",), ("B rises.", "e1")], id="opening a line"),
        pytest.param("A falls.\n[e1]\nB", [("A falls.", "e1"), ("B",)], id="on a line of its own"),
        pytest.param("[e1] A falls.", [("A falls.", "e1")], id="before everything"),
        pytest.param("- A [e1]\n- B [e2]", [("- A", "e1"), ("- B", "e2")], id="in a list"),
        pytest.param("铁生锈[e1]。水是湿的。", [("铁生锈。", "e1"), ("水是湿的。",)], id="Chinese"),
        pytest.param("[e1]", [("", "e1")], id="nothing said"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_ids_of_sentences(text: str, expected: list[tuple[str, ...]]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Use `x[e1]` here.", id="a code span"),
        pytest.param("So:\n```\nx[e1] = [e2]\n```", id="a block of code"),
        pytest.param("So:\n```\nx[e1]", id="a block that is not closed"),
        pytest.param("It is $a[e1]$ there.", id="mathematics"),
        pytest.param("It is \\(a[e1]\\) there.", id="mathematics in TeX brackets"),
        pytest.param("The rule of [2024] holds.", id="a year"),
        pytest.param("Then x[0] and a[12] are read.", id="an index"),
        pytest.param("He said [sic] it [of iron].", id="words in brackets"),
        pytest.param("See [e1](https://e1.example).", id="a link"),
        pytest.param("See \\[e1\\].", id="escaped brackets"),
        pytest.param("[e1]: Handbook, page 3", id="a list of its own"),
        pytest.param("The <function name=x> tag", id="a tag of a tool call"),
    ],
)
def test_brackets_that_are_no_marks(text: str) -> None:
    found = split_claims(text, IDS)
    assert all(not one.ids and not one.unknown for one in found)
    assert without_marks(text, IDS) == text


def test_prices_are_no_mathematics() -> None:
    [one] = split_claims("It fell from $5 [e1] to $4 [e2].", IDS)
    assert one == Drafted(text="It fell from $5 to $4.", ids=("e1", "e2"))


@pytest.mark.parametrize(
    ("ids", "text", "expected"),
    [
        pytest.param(IDS, "A [e99].", Drafted(text="A.", unknown=("e99",)), id="alone"),
        pytest.param(
            IDS, "A [e1, e99].", Drafted(text="A.", ids=("e1",), unknown=("e99",)), id="beside one"
        ),
        pytest.param((), "A [e7].", Drafted(text="A.", unknown=("e7",)), id="where none is given"),
        pytest.param(("1",), "A [7].", Drafted(text="A.", unknown=("7",)), id="a plain number"),
        pytest.param(
            ("1",), "A [2024].", Drafted(text="A [2024]."), id="a year, ids being numbers"
        ),
        pytest.param(("1",), "x[1] is A.", Drafted(text="x[1] is A."), id="an index, as before"),
    ],
)
def test_what_looks_like_an_id_and_is_none(
    ids: tuple[str, ...], text: str, expected: Drafted
) -> None:
    assert split_claims(text, ids) == (expected,)


PIECES = st.sampled_from(
    """Iron rusts|. | [e1]|[e2, e3]| [e99]|\n|\n\n|- |`x[e1]`|[2024]|$a$| |?|Ore|[|]|```|e1|铁。
    |J. Smith|(|)|【e1】""".split("|")
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=16).map("".join)))
def test_nothing_is_lost_but_marks(text: str) -> None:
    found = split_claims(text, IDS)
    bare = without_marks(text, IDS)
    assert "".join("".join(one.text for one in found).split()) == "".join(bare.split())
    assert set("".join(text.split())) >= set("".join(bare.split()))
    named = {name for one in found for name in one.ids}
    assert named <= set(IDS)
    assert all(name in text.casefold() for name in named)
    assert (bare == text) is not any(one.ids or one.unknown for one in found)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Iron rusts", "Ore is red"]), st.sampled_from(IDS)), max_size=6
    )
)
def test_each_sentence_keeps_its_own_ids(pairs: list[tuple[str, str]]) -> None:
    text = " ".join(f"{sentence} [{name}]." for sentence, name in pairs)
    assert split(text) == [(f"{sentence}.", name) for sentence, name in pairs]
