"""HierSearch's two stages, their counts worked by hand and their traps."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.refiner import (
    RefinerSettings,
    Retention,
    keep_instant,
    promote,
    promote_all,
)
from quaestor.agents.roles import Passage
from quaestor.errors import SettingsError
from quaestor.memory.documents import Origin
from quaestor.memory.finding import Finding
from quaestor.tools.text.similarity import LexicalScorer

SCORER = LexicalScorer()


def passage(evidence: str, text: str, *, rank: int = 1, title: str = "") -> Passage:
    return Passage(
        evidence=evidence,
        document="d",
        start=0,
        end=len(text),
        text=text,
        title=title,
        uri="a.txt",
        origin=Origin(kind="local", name="a", private=True),
        rank=rank,
    )


def result(texts: Sequence[str]) -> list[Passage]:
    return [passage(f"e{i}", text, rank=i) for i, text in enumerate(texts, start=1)]


def finding(task: str, *, kept: str = "", seen: str = "", conclusion: str = "") -> Finding:
    return Finding(
        task=task,
        branch="public",
        question="?",
        source="web",
        kept=tuple(kept.split()),
        seen=tuple(seen.split()),
        hypotheses=(),
        conclusion=conclusion,
    )


def kept(retentions: Sequence[Retention]) -> list[str]:
    return [r.evidence for r in retentions if r.retained_by]


class Refusing:
    """A scorer that must not be asked about nothing."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        assert query.strip()
        assert texts
        return [0.5] * len(texts)


@pytest.mark.parametrize(
    ("count", "ratio", "expected"),
    [
        pytest.param(0, 0.3, 0, id="nothing of nothing"),
        pytest.param(1, 0.3, 1, id="one of one"),
        pytest.param(3, 0.3, 1, id="one of three"),
        pytest.param(7, 0.3, 2, id="two of seven"),
        pytest.param(10, 0.3, 3, id="three of ten"),
        pytest.param(10, 0.0, 1, id="one even for a ratio of zero"),
        pytest.param(10, 1.0, 10, id="all for a ratio of one"),
    ],
)
def test_how_many_are_kept(count: int, ratio: float, expected: int) -> None:
    settings = RefinerSettings(instant_ratio=ratio, global_ratio=ratio)
    passages = result([f"iron {i}" for i in range(count)])
    decided = keep_instant(passages, "iron", scorer=SCORER, settings=settings)
    assert len(decided) == count
    assert len(kept(decided)) == expected
    promoted = promote([], passages, own="iron", others=[], scorer=SCORER, settings=settings)
    assert len(promoted) == expected


def test_the_first_stage_keeps_what_fits_the_thought() -> None:
    passages = result(["rain", "snow", "the iron mine", "wind", "fog", "sun", "iron ore mine"])
    decided = keep_instant(passages, "iron ore", scorer=SCORER)
    assert kept(decided) == ["e3", "e7"]
    assert [r.evidence for r in decided] == [f"e{i}" for i in range(1, 8)]
    assert decided[6].score == pytest.approx(2 / 6**0.5)
    assert decided[6].retained_by == "instant"
    assert decided[0] == Retention(evidence="e1", score=0.0, retained_by=None)


def test_the_title_counts_as_it_says_what_a_passage_is_about() -> None:
    passages = [passage("a", "He was born in 1932.", rank=1, title="John Doe")]
    passages.append(passage("b", "He was born in 1950.", rank=2, title="Jane Roe"))
    assert kept(keep_instant(passages, "Jane Roe born", scorer=SCORER)) == ["b"]


def test_ties_go_by_rank() -> None:
    assert kept(keep_instant(result(["iron"] * 7), "iron", scorer=SCORER)) == ["e1", "e2"]


@pytest.mark.parametrize("thought", ["", "  \n"])
def test_without_a_thought_the_first_are_kept_and_no_scorer_is_asked(thought: str) -> None:
    assert kept(keep_instant(result(["iron"] * 7), thought, scorer=Refusing())) == ["e1", "e2"]
    assert keep_instant([], "iron", scorer=Refusing()) == ()


def test_a_score_is_the_same_in_a_result_of_one() -> None:
    passages = result(["iron mine", "rain"])
    alone = keep_instant(passages[:1], "iron", scorer=SCORER)
    assert alone[0] == keep_instant(passages, "iron", scorer=SCORER)[0]


def test_switched_off_everything_is_kept() -> None:
    off = RefinerSettings(enabled=False)
    passages = result(["iron", "rain", "snow"])
    assert kept(keep_instant(passages, "iron", scorer=SCORER, settings=off)) == ["e1", "e2", "e3"]
    assert promote([], passages, own="rain", others=[], scorer=SCORER, settings=off) == ()


def test_the_second_stage_says_which_conclusion_promoted() -> None:
    seen = result(["copper mine", "iron mine", "rain"])
    settings = RefinerSettings(global_ratio=1.0)
    promoted = promote(
        [], seen, own="iron", others=["", "copper mine"], scorer=SCORER, settings=settings
    )
    # e2 shares "mine" with the other conclusion: 0.71 + 0.5 against 0 + 1
    assert [(r.evidence, r.retained_by) for r in promoted] == [
        ("e2", "own_conclusion"),
        ("e1", "cross_conclusion"),
    ]
    assert [r.score for r in promoted] == [pytest.approx(0.5**0.5), pytest.approx(1.0)]


def test_both_conclusions_count_together() -> None:
    seen = result(["iron", "iron copper", "copper"])
    promoted = promote([], seen, own="iron", others=["copper"], scorer=SCORER)
    assert [r.evidence for r in promoted] == ["e2"]
    assert promoted[0].retained_by == "own_conclusion"


@pytest.mark.parametrize("others", [[], [""], ["", " "]])
def test_without_any_conclusion_nothing_is_promoted(others: list[str]) -> None:
    assert promote([], result(["iron"] * 3), own="", others=others, scorer=Refusing()) == ()


def test_what_no_conclusion_resembles_is_not_promoted() -> None:
    assert promote([], result(["rain", "snow"]), own="iron", others=[], scorer=SCORER) == ()


def test_exact_duplicates_count_once_and_never_beside_what_is_kept() -> None:
    held = [passage("k", "iron mine")]
    seen = [passage("k", "iron mine"), passage("a", "iron mine"), passage("b", "iron ore")]
    seen += [passage("c", "iron ore", rank=2), passage("d", "iron tool", rank=3)]
    everything = RefinerSettings(global_ratio=1.0)
    promoted = promote(held, seen, own="iron", others=[], scorer=SCORER, settings=everything)
    assert [r.evidence for r in promoted] == ["b", "d"]


def test_a_failed_worker_neither_shifts_nor_drops_the_others() -> None:
    passages = {p.evidence: p for p in result(["iron mine", "copper mine", "zinc mine", "rain"])}
    one = finding("one", kept="e4", seen="e1 e2", conclusion="iron")
    failed = finding("failed")
    two = finding("two", seen="e3 e2", conclusion="zinc copper")
    alone = promote_all([one, two], passages, scorer=SCORER)
    beside = promote_all([failed, one, failed, two], passages, scorer=SCORER)
    assert {task: beside[task] for task in alone} == alone
    assert beside["failed"] == ()
    assert kept(alone["one"]) == ["e1"]
    assert kept(alone["two"]) == ["e2"]


def test_what_one_searcher_kept_is_promoted_for_none() -> None:
    passages = {p.evidence: p for p in result(["iron mine", "iron ore"])}
    findings = [finding("one", kept="e1"), finding("two", seen="e1 e2 gone", conclusion="iron")]
    assert kept(promote_all(findings, passages, scorer=SCORER)["two"]) == ["e2"]


def test_the_own_conclusion_is_not_one_of_the_others() -> None:
    passages = {p.evidence: p for p in result(["iron ore", "iron zinc lead"])}
    findings = [
        finding("one", seen="e1 e2", conclusion="iron ore"),
        finding("two", conclusion="zinc lead"),
    ]
    # e1: 1 + 0; e2: 0.41 + 0.82. Were the own conclusion counted twice, e1 would lead.
    assert kept(promote_all(findings, passages, scorer=SCORER)["one"]) == ["e2"]


def test_conclusions_from_elsewhere_count_as_other_ones() -> None:
    passages = {p.evidence: p for p in result(["iron mine", "rain"])}
    promoted = promote_all([finding("one", seen="e1 e2")], passages, known=["iron"], scorer=SCORER)
    assert [(r.evidence, r.retained_by) for r in promoted["one"]] == [("e1", "cross_conclusion")]


texts = st.lists(st.sampled_from(["iron ore", "iron", "copper", "rain", "iron copper"]), max_size=8)


@given(texts, st.randoms(use_true_random=False), st.floats(0, 1))
def test_arrival_order_changes_nothing(run: list[str], rng: random.Random, ratio: float) -> None:
    settings = RefinerSettings(instant_ratio=ratio, global_ratio=ratio)
    passages = [passage(f"e{i}", text, rank=1 + i // 2) for i, text in enumerate(run)]
    mixed = rng.sample(passages, len(passages))
    others = ["copper", "rain ore", ""]
    one, other = (
        (
            keep_instant(order, "iron ore", scorer=SCORER, settings=settings),
            promote(order[:0], order, own="ore", others=who, scorer=SCORER, settings=settings),
        )
        for order, who in ((passages, others), (mixed, rng.sample(others, 3)))
    )
    assert one == other


@pytest.mark.parametrize("ratio", [-0.1, 1.1, float("nan")])
def test_a_ratio_outside_zero_to_one_is_refused_by_name(ratio: float) -> None:
    with pytest.raises(SettingsError, match="global_ratio"):
        RefinerSettings(global_ratio=ratio)
