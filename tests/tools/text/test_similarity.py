"""Scores worked by hand; near-duplicates and their groups."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.text.similarity import (
    LexicalScorer,
    clusters,
    jaccard,
    shingles,
)

SCORER = LexicalScorer()
LONG = " ".join(f"alpha{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(200))
prose = st.lists(
    st.sampled_from(["red", "green", "blue", "the", "of", "iron", "東京", "北京市", "über"]),
    max_size=12,
)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        pytest.param("iron ore", "iron ore", 1.0, id="the same words"),
        pytest.param("iron ore", "ore, the iron", 1.0, id="order and function words do not count"),
        pytest.param("iron", "iron ore", 1 / math.sqrt(2), id="one of two words"),
        pytest.param(
            "iron",
            "iron iron ore",
            (1 + math.log(2)) / math.sqrt((1 + math.log(2)) ** 2 + 1),
            id="a repeated word counts less than twice",
        ),
        pytest.param("iron", "copper", 0.0, id="nothing shared"),
        pytest.param("", "iron", 0.0, id="an empty query"),
        pytest.param("who is the", "who is the", 0.0, id="a query of function words"),
        pytest.param("iron", "", 0.0, id="an empty text"),
        pytest.param("Zürich", "ZURICH", 1.0, id="marks and case do not count"),
        pytest.param("東京都", "東京都", 1.0, id="a script without spaces"),
    ],
)
def test_lexical_scores(query: str, text: str, expected: float) -> None:
    assert SCORER.scores(query, [text]) == [pytest.approx(expected)]


@given(prose.map(" ".join), st.lists(prose.map(" ".join), max_size=5))
def test_a_score_does_not_depend_on_what_stands_beside_it(query: str, texts: list[str]) -> None:
    together = SCORER.scores(query, texts)
    assert together == [SCORER.scores(query, [text])[0] for text in texts]
    assert all(0 <= score <= 1 for score in together)


@given(st.permutations(["red", "red", "green", "blue", "iron", "the"]))
def test_a_score_does_not_depend_on_the_order_of_words(run: list[str]) -> None:
    query = ["iron", "red", "red", "zinc", "blue"]
    [expected] = SCORER.scores(" ".join(query), ["red red green blue iron the"])
    assert SCORER.scores(" ".join(query), [" ".join(run)]) == [expected]


def test_shingles_are_runs_of_eight_words() -> None:
    assert len(shingles("a b c d e f g h i j")) == 3
    assert shingles("a b c d e f g h") == {("a", "b", "c", "d", "e", "f", "g", "h")}
    assert shingles("Iron, ORE!") == {("iron", "ore")}
    assert shingles(" \n") == frozenset()


def test_jaccard_is_the_shared_share() -> None:
    one, other = frozenset({("a",), ("b",), ("c",)}), frozenset({("b",), ("c",), ("d",)})
    assert jaccard(one, other) == 0.5
    assert jaccard(frozenset(), frozenset()) == 0.0


def alike(one: str, other: str) -> bool:
    return clusters([one, other]) == [[0, 1]]


def swapped(text: str, at: int, word: str) -> str:
    run = text.split()
    run[at] = word
    return " ".join(run)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(LONG, LONG.upper() + ".", True, id="case and marks do not count"),
        pytest.param(LONG, swapped(LONG, 100, "other"), True, id="one word of 200 (185 of 201)"),
        pytest.param(
            LONG,
            swapped(swapped(LONG, 100, "other"), 50, "another"),
            False,
            id="two words far apart of 200 (177 of 209)",
        ),
        pytest.param(
            swapped(LONG, 100, "41"),
            swapped(LONG, 100, "42"),
            False,
            id="another figure is another statement",
        ),
        pytest.param("Iron ore.", "iron  ORE", True, id="short texts with equal words"),
        pytest.param("iron ore", "iron ores", False, id="short texts with other words"),
        pytest.param("", "", False, id="texts without words"),
    ],
)
def test_near_duplicates(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) is alike(other, one) is expected


def test_clusters_compare_with_the_first_of_a_group_only() -> None:
    second = swapped(LONG, 40, "other")
    third = swapped(second, 160, "another")
    assert alike(LONG, second)
    assert alike(second, third)
    assert clusters([LONG, "iron ore", second, third, "Iron Ore"]) == [[0, 2], [1, 4], [3]]


@given(st.lists(prose.map(" ".join), max_size=8))
def test_clusters_hold_every_text_once(texts: list[str]) -> None:
    groups = clusters(texts)
    assert sorted(i for group in groups for i in group) == list(range(len(texts)))
    assert all(alike(texts[g[0]], texts[i]) for g in groups for i in g[1:])
    firsts = [group[0] for group in groups]
    assert not any(alike(texts[a], texts[b]) for a in firsts for b in firsts if a < b)
