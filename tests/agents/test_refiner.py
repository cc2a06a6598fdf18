"""The two stages of the refiner: counts and scores worked by hand, HierSearch's traps."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.refiner import (
    RefinerSettings,
    Retention,
    keep_instant,
    promote_all,
    refine_findings,
    refine_result,
)
from quaestor.agents.roles.shown import Passage
from quaestor.errors import SettingsError, SourceDownError
from quaestor.memory.documents import Origin
from quaestor.memory.finding import Finding
from quaestor.memory.outcomes import Do, Outcome
from quaestor.memory.requests import Kind
from quaestor.tools.scoring.likeness import Call, Likeness, Wanted
from quaestor.tools.text.similarity import LexicalScorer

SCORER = LexicalScorer()


def passage(evidence: str, text: str, *, rank: int = 1, title: str = "") -> Passage:
    return Passage(
        evidence=evidence,
        document=f"document of {evidence}",
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


def finding(
    task: str, *, kept: str = "", seen: str = "", conclusion: str = "", question: str = ""
) -> Finding:
    return Finding(
        task=task,
        branch="public",
        question=question,
        source="web",
        kept=tuple(kept.split()),
        seen=tuple(seen.split()),
        hypotheses=(),
        conclusion=conclusion,
    )


def promoted(
    found: Sequence[Passage],
    *findings: Finding,
    known: Sequence[Finding] = (),
    ratio: float = 1.0,
) -> dict[str, list[tuple[str, str | None]]]:
    """Return what the second stage promotes for each task, and why."""
    by_task = promote_all(
        findings,
        {one.evidence: one for one in found},
        known=known,
        likeness=SCORER,
        settings=RefinerSettings(global_ratio=ratio),
    )
    return {
        task: [(one.evidence, one.retained_by) for one in some] for task, some in by_task.items()
    }


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
    decided = keep_instant(passages, "iron", likeness=SCORER, settings=settings)
    assert len(decided) == count
    assert len(kept(decided)) == expected
    one = finding("one", seen=" ".join(p.evidence for p in passages), conclusion="Iron 0.")
    assert len(promoted(passages, one, ratio=ratio)["one"]) == expected


def test_the_first_stage_keeps_what_fits_the_thought() -> None:
    passages = result(["rain", "snow", "the iron mine", "wind", "fog", "sun", "iron ore mine"])
    decided = keep_instant(passages, "iron ore", likeness=SCORER)
    assert kept(decided) == ["e3", "e7"]
    assert [r.evidence for r in decided] == [f"e{i}" for i in range(1, 8)]
    assert decided[6].score == pytest.approx(2 / 6**0.5)
    assert decided[6].retained_by == "instant"
    assert decided[0] == Retention(evidence="e1", score=0.0, retained_by=None)


def test_the_title_counts_as_it_says_what_a_passage_is_about() -> None:
    passages = [passage("a", "He was born in 1932.", rank=1, title="John Doe")]
    passages.append(passage("b", "He was born in 1950.", rank=2, title="Jane Roe"))
    assert kept(keep_instant(passages, "Jane Roe born", likeness=SCORER)) == ["b"]


def test_ties_go_by_rank() -> None:
    assert kept(keep_instant(result(["iron"] * 7), "iron", likeness=SCORER)) == ["e1", "e2"]


@pytest.mark.parametrize("thought", ["", "  \n"])
def test_without_a_thought_the_first_are_kept_and_no_scorer_is_asked(thought: str) -> None:
    assert kept(keep_instant(result(["iron"] * 7), thought, likeness=Refusing())) == ["e1", "e2"]
    assert keep_instant([], "iron", likeness=Refusing()) == ()


def test_a_score_is_the_same_in_a_result_of_one() -> None:
    passages = result(["iron mine", "rain"])
    alone = keep_instant(passages[:1], "iron", likeness=SCORER)
    assert alone[0] == keep_instant(passages, "iron", likeness=SCORER)[0]


def test_switched_off_everything_is_kept() -> None:
    off = RefinerSettings(enabled=False)
    passages = result(["iron", "rain", "snow"])
    assert kept(keep_instant(passages, "iron", likeness=SCORER, settings=off)) == ["e1", "e2", "e3"]
    one = finding("one", seen="e1 e2", conclusion="iron", question="iron")
    passages_by_name = {p.evidence: p for p in passages}
    assert promote_all([one], passages_by_name, likeness=SCORER, settings=off) == {"one": ()}


def test_a_span_goes_by_what_was_asked_when_nothing_was_concluded() -> None:
    found = result(["rain", "the iron mine", "iron"])
    one = finding("one", seen="e1 e2 e3", question="Where is the iron mine?")
    # e2: 1 + 0.5 for both open words; e3: 0.71 + 0.25; e1: nothing speaks for it
    assert promoted(found, one)["one"] == [("e2", "own_conclusion"), ("e3", "own_conclusion")]


def test_the_second_stage_says_whose_conclusion_promoted() -> None:
    found = result(["copper mine", "iron ore", "rain"])
    one = finding("one", seen="e1 e2 e3", conclusion="Iron ore.")
    two = finding("two", conclusion="copper mine")
    assert sorted(promoted(found, one, two)["one"]) == [
        ("e1", "cross_conclusion"),
        ("e2", "own_conclusion"),
    ]


@pytest.mark.parametrize("conclusion", ["", " \n"])
def test_where_nobody_asked_or_concluded_nothing_is_promoted(conclusion: str) -> None:
    found = {p.evidence: p for p in result(["iron"] * 3)}
    findings = [finding("one", seen="e1 e2 e3"), finding("two", conclusion=conclusion)]
    assert promote_all(findings, found, likeness=Refusing()) == {"one": (), "two": ()}


FALSE = "Ann Lee was born in Graz in 1931."
CHAIN = [
    passage("song", "A waltz that Ann Lee wrote.", title="Snow"),
    passage("gold", "She was born in Linz in 1902.", title="Ann Lee"),
    passage("other", "Bo Orr was born in Graz in 1931.", title="Bo Orr"),
]


def test_a_conclusion_that_no_span_carries_promotes_nothing() -> None:
    one = finding("one", seen="song gold other", conclusion=FALSE)
    assert promoted(CHAIN, one)["one"] == []
    true = finding("one", seen="song gold other", conclusion="Ann Lee was born in Linz in 1902.")
    assert promoted(CHAIN, true, ratio=0.3)["one"] == [("gold", "own_conclusion")]


def test_a_false_conclusion_does_not_push_out_what_was_asked_for() -> None:
    asked = "Where was the composer of Snow born?"
    one = finding("one", kept="song", seen="gold other", question=asked)
    for conclusion in ("", FALSE):
        told = replace(one, conclusion=conclusion)
        beside = replace(finding("two"), conclusion=conclusion)
        # Both say "born"; what is kept names Ann Lee and not Bo Orr.
        assert promoted(CHAIN, told, beside, ratio=0.5)["one"] == [("gold", "own_conclusion")]


def test_a_conclusion_counts_as_far_as_a_span_holds_its_words() -> None:
    found = result(["iron ore", "copper ore"])
    one = finding("one", seen="e1 e2", conclusion="copper tin zinc")
    assert promoted(found, one)["one"] == []
    one = finding("one", seen="e1 e2", conclusion="copper ore zinc")
    [best] = promote_all([one], {p.evidence: p for p in found}, likeness=SCORER)["one"]
    # two of three words carried, times the cosine of two of three words
    assert best.evidence == "e2"
    assert best.score == pytest.approx(2 / 3 * 2 / 6**0.5)


def test_sentences_of_a_conclusion_are_carried_one_by_one() -> None:
    one = finding("one", seen="gold other", conclusion=f"{FALSE} Bo Orr was born in Graz.")
    assert promoted(CHAIN, one, ratio=0.5)["one"] == [("other", "own_conclusion")]


def test_what_a_kept_span_names_is_promoted_though_it_shares_no_word() -> None:
    held = passage("kept", "Written by Ann Lee.", title="Snow")
    same = replace(passage("same", "A waltz.", title="Snow", rank=1), document=held.document)
    named = passage("named", "Music.", title="Ann Lee", rank=2)
    one = finding("one", kept="kept", seen="same named", question="waltz")
    # same: 0.71 + 0.5 for the open word; named: 0.5, though it shares no word with the question
    assert promoted([held, same, named], one)["one"] == [
        ("same", "own_conclusion"),
        ("named", "own_conclusion"),
    ]


def test_a_document_that_names_itself_says_nothing_for_its_other_spans() -> None:
    held = passage("kept", "iron copper zinc", title="Snow")
    same = replace(passage("same", "Music.", title="Snow"), document=held.document)
    other = passage("other", "iron rain hail", title="Fog", rank=2)
    one = finding("one", kept="kept", seen="same other", question="iron copper zinc")
    assert promoted([held, same, other], one, ratio=0.5)["one"] == [("other", "own_conclusion")]


def test_of_two_as_like_the_question_the_one_that_holds_what_is_open_goes_first() -> None:
    found = result(["iron wind", "iron rain", "copper rain"])
    one = finding("one", kept="e1", seen="e2 e3", question="iron copper")
    assert promoted(found, one, ratio=0.5)["one"] == [("e3", "own_conclusion")]


def test_exact_duplicates_count_once_and_never_beside_what_is_kept() -> None:
    found = [passage("k", "iron mine"), passage("a", "iron mine"), passage("b", "iron ore")]
    found += [passage("c", "iron ore", rank=2), passage("d", "iron tool", rank=3)]
    one = finding("one", kept="k", seen="k a b c d", question="iron")
    assert [name for name, _ in promoted(found, one)["one"]] == ["b", "d"]


def test_a_failed_worker_neither_shifts_nor_drops_the_others() -> None:
    found = result(["iron mine", "copper mine", "zinc mine", "rain"])
    one = finding("one", kept="e4", seen="e1 e2", conclusion="iron")
    failed = finding("failed")
    two = finding("two", seen="e3 e2", conclusion="zinc")
    alone = promoted(found, one, two, ratio=0.3)
    assert alone == {"one": [("e1", "own_conclusion")], "two": [("e3", "own_conclusion")]}
    assert promoted(found, failed, one, failed, two, ratio=0.3) == {**alone, "failed": []}


def test_what_one_searcher_kept_is_promoted_for_none() -> None:
    found = result(["iron mine", "iron ore"])
    one, two = finding("one", kept="e1"), finding("two", seen="e1 e2 gone", conclusion="iron")
    assert [name for name, _ in promoted(found, one, two)["two"]] == ["e2"]


def test_conclusions_from_elsewhere_count_where_a_span_of_elsewhere_carries_them() -> None:
    found = [*result(["iron mine", "rain"]), passage("far", "Iron, coal and zinc.")]
    one = finding("one", seen="e1 e2")
    known = finding("far", kept="far", conclusion="Iron, coal and zinc.")
    assert promoted(found, one, known=[known]) == {"one": [("e1", "cross_conclusion")]}
    unread = replace(known, kept=())
    assert promoted(found, one, known=[unread]) == {"one": []}


texts = st.lists(st.sampled_from(["iron ore", "iron", "copper", "rain", "iron copper"]), max_size=8)


@given(texts, st.randoms(use_true_random=False), st.floats(0, 1))
def test_arrival_order_changes_nothing(run: list[str], rng: random.Random, ratio: float) -> None:
    settings = RefinerSettings(instant_ratio=ratio, global_ratio=ratio)
    passages = [passage(f"e{i}", text, rank=1 + i // 2) for i, text in enumerate(run)]
    seen = " ".join(p.evidence for p in passages)
    others = [finding("two", conclusion="copper"), finding("three", conclusion="rain ore")]
    one, other = (
        (
            keep_instant(order, "iron ore", likeness=SCORER, settings=settings),
            promote_all(
                [finding("one", seen=seen, conclusion="ore", question="iron")],
                {p.evidence: p for p in order},
                known=who,
                likeness=SCORER,
                settings=settings,
            ),
        )
        for order, who in (
            (passages, others),
            (rng.sample(passages, len(passages)), rng.sample(others, 2)),
        )
    )
    assert one == other


class Failing:
    """A scorer whose endpoint is down."""

    remote = True

    async def measure(self, wanted: Wanted, *, call: Call) -> Likeness:
        raise SourceDownError("embeddings", "no connection")


class Counting(LexicalScorer):
    """Words, and what they were asked for."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []

    async def measure(self, wanted: Wanted, *, call: object) -> "Counting":  # type: ignore[override]
        self.wanted.append(wanted)
        return self


async def never(kind: Kind, request: dict[str, Any], do: Do, *, origin: str = "") -> Outcome:
    raise AssertionError("words need no call")


async def test_where_the_scorer_fails_words_decide_the_whole_step_and_it_is_said() -> None:
    found = result(["rain", "iron mine", "copper mine"])
    one = finding("one", kept="e1", seen="e2 e3", question="iron", conclusion="Copper mine.")
    for scorer, reason in ((SCORER, ""), (Failing(), "down")):
        refined = await refine_result(found, "iron", question="rain", scorer=scorer, call=never)
        assert kept(refined.retained) == ["e2"]
        assert refined.fallback == reason
        passages = {p.evidence: p for p in found}
        back = await refine_findings([one], passages, scorer=scorer, call=never)
        assert dict(back.by_task) == promote_all([one], passages, likeness=SCORER)
        assert back.fallback == reason


async def test_without_reasoning_neither_thought_nor_conclusion_ranks() -> None:
    off = RefinerSettings(reasoning=False)
    found = result(["rain", "iron mine", "copper mine"])
    one = finding("one", kept="e1", seen="e2 e3", question="copper", conclusion="Iron mine.")
    refined = await refine_result(
        found, "rain", question="iron", scorer=SCORER, call=never, settings=off
    )
    assert kept(refined.retained) == ["e2"]
    passages = {p.evidence: p for p in found}
    back = await refine_findings(
        [one], passages, known=[one], scorer=SCORER, call=never, settings=off
    )
    assert kept(back.by_task["one"]) == ["e3"]
    assert dict(back.by_task) == promote_all(
        [replace(one, conclusion="")], passages, likeness=SCORER
    )


async def test_a_scorer_is_asked_once_a_step_and_not_of_conclusions_nothing_carries() -> None:
    scorer = Counting()
    one = finding("one", kept="song", seen="gold other", question="Born?", conclusion=FALSE)
    two = finding("two", seen="gold", question="Who?", conclusion="Bo Orr was born in Graz.")
    passages = {p.evidence: p for p in CHAIN}
    await refine_findings([one, two], passages, scorer=scorer, call=never)
    [wanted] = scorer.wanted
    gold, other = (f"{p.title}\n{p.text}" for p in CHAIN[1:])
    assert {query: sorted(texts) for query, texts in wanted.items()} == {
        "Born?": [gold, other],
        "Who?": [gold],
        "Bo Orr was born in Graz.": [gold, other],
    }


@pytest.mark.parametrize("ratio", [-0.1, 1.1, float("nan")])
def test_a_ratio_outside_zero_to_one_is_refused_by_name(ratio: float) -> None:
    with pytest.raises(SettingsError, match="global_ratio"):
        RefinerSettings(global_ratio=ratio)
