"""HierSearch's rule worked by hand, what a planted trial is, and what both rules make of one."""

import pytest

from benchmarks.hiersearch import instant, promoted, share, stretched
from benchmarks.planted import Trial, main_entity, taking_for
from benchmarks.refiner import conclusions, interval, likeness_of, ours, theirs
from quaestor.evaluation.dataset import Entry
from quaestor.tools.text.similarity import LexicalScorer

WORDS = LexicalScorer()


def entry(title: str, text: str) -> Entry:
    return Entry(id=title, title=title, text=text, line=1)


ENTRIES = (
    entry("Snow", "Snow is a waltz by Ann Lee."),
    entry("Hail", "Hail is a polka by Bo Orr."),
    entry("Bo Orr", "Bo Orr was born in Graz in 1931. He liked rain."),
    entry("Ann Lee", "She was born in Linz in 1902."),
)
TRIAL = Trial(
    dataset="waltzes",
    question="Where was the composer of the waltz Snow born?",
    entries=ENTRIES,
    gold=frozenset({"Snow", "Ann Lee"}),
    true=("Ann Lee: She was born in Linz in 1902.", "Snow is a waltz by Ann Lee."),
    false=taking_for("Snow", ENTRIES[2], "Where was the composer of the waltz Snow born?"),
)


def test_scores_are_stretched_over_the_items_at_hand_and_a_constant_row_stays() -> None:
    assert stretched([0.2, 0.6, 0.4]) == pytest.approx([0.0, 1.0, 0.5])
    assert stretched([0.3, 0.3]) == [0.3, 0.3]
    assert stretched([]) == []


@pytest.mark.parametrize(
    ("count", "expected"),
    [pytest.param(0, 0, id="none"), pytest.param(1, 1, id="one"), pytest.param(9, 2, id="nine")],
)
def test_a_share_is_cut_and_at_least_one(count: int, expected: int) -> None:
    assert share(count, 0.3) == expected


def test_the_first_stage_keeps_what_fits_the_thought_in_the_order_found() -> None:
    texts = ["iron ore", "rain", "iron"]
    assert instant(texts, "iron", ratio=0.7, likeness=WORDS) == [0, 2]


def test_the_second_stage_adds_both_conclusions_and_gives_the_best_last() -> None:
    texts = ["kept", "iron ore", "iron", "ore", "rain"]
    chosen = promoted(texts, [1, 2, 3, 4], own="iron", others=["ore"], ratio=0.5, likeness=WORDS)
    # e1: 0.71 + 0.71; then iron, which stands before its equal
    assert chosen == [2, 1]


def test_without_a_conclusion_the_first_are_promoted() -> None:
    assert promoted(["a", "b", "c"], [1, 2], own="", others=[], ratio=0.5, likeness=WORDS) == [1]


@pytest.mark.parametrize(
    ("question", "entity"),
    [
        pytest.param("Who directed The Rain in Graz?", "Rain in Graz", id="small words inside"),
        pytest.param("Where was Ann Lee, the wife of Bo, born?", "Ann Lee", id="the longest"),
        pytest.param("Is Snow a waltz?", "Snow", id="no question word"),
        pytest.param("who wrote it?", "", id="none"),
    ],
)
def test_the_main_entity_is_the_longest_name(question: str, entity: str) -> None:
    assert main_entity(question) == entity


def test_the_false_conclusion_is_a_distractors_sentence_said_of_the_main_entity() -> None:
    assert TRIAL.false == "Snow was born in Graz in 1931."


async def test_a_false_conclusion_misleads_the_one_rule_and_not_the_other() -> None:
    likeness = await likeness_of(WORDS, TRIAL)
    own, others = conclusions(TRIAL, "false")
    assert (own, others) == (TRIAL.false, ())
    assert theirs(TRIAL, own, others, likeness, 0.3) == ["Snow", "Bo Orr"]
    assert ours(TRIAL, own, others, likeness, 0.3) == ["Snow", "Ann Lee"]
    own, others = conclusions(TRIAL, "true")
    assert theirs(TRIAL, own, others, likeness, 0.3) == ["Snow", "Ann Lee"]
    assert ours(TRIAL, own, others, likeness, 0.3) == ["Snow", "Ann Lee"]


def test_an_interval_holds_the_mean_and_is_a_point_where_all_are_equal() -> None:
    low, high = interval([0.0, 1.0] * 50)
    # one standard error is 0.05
    assert 0.38 < low < 0.43
    assert 0.57 < high < 0.62
    assert interval([2.0] * 5) == (2.0, 2.0)
