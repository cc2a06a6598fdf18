"""The synthesizer without a model: an answer, and the sentences that carry it, as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.extractive.conflicts import DECIDED, conflict_about
from quaestor.agents.extractive.names import key_of
from quaestor.agents.extractive.picking import Answer, carried, pick
from quaestor.agents.extractive.questions import Question, read_question
from quaestor.agents.extractive.quoting import quoted
from quaestor.agents.extractive.reading import MAX_UNIT, Reading
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.supporting import is_label, on_topic, supporting
from quaestor.agents.extractive.tables import table_of
from quaestor.agents.extractive.trail import Trail, follow, sentences
from quaestor.agents.extractive.verdicts import Verdict, choose, decide
from quaestor.agents.roles.shown import Passage
from quaestor.agents.roles.synthesizer import (
    Outline,
    Section,
    SectionPlan,
    Spot,
    Statement,
    WriteView,
)
from quaestor.agents.rows import row_sentence
from quaestor.memory.finding import Conflict

MAX_SPOTS = 8
MAX_CHARS = 1150
"""Of all cited spans of a report together, so that the average stays under 1,200."""
_LEAD = 4
"""Sentences at most that carry one part's answer."""
_SAYS_MORE = "What the sources say"


@dataclass(frozen=True, slots=True)
class _Part:
    """What the report says of one thing asked."""

    text: str
    answer: str
    lead: tuple[Spot, ...]
    rest: tuple[Spot, ...]
    """What its section is written from; a table's cells are read from it."""
    conflicts: tuple[Conflict, ...] = ()


class ExtractiveSynthesizer:
    """Writes a report of verbatim sentences, the ones that carry the answer first."""

    async def outline(self, view: WriteView) -> Outline:
        """Return the short answer and the sections; no answer where the evidence carries none.

        A quick report has no sections: its lead is the paragraph.
        """
        # Not the brief's parts: a model words them as it likes, and only questions are read here.
        asked = read_question(view.question).parts or (view.question,)
        spots, chars = MAX_SPOTS // len(asked), MAX_CHARS // len(asked)
        parts = [_part(view, text, max(1, spots), chars) for text in asked]
        passages = {passage.evidence: passage for passage in view.passages}
        lead = dict.fromkeys(spot for part in parts for spot in part.lead)
        told = parts if view.brief.depth == "deep" else []
        return Outline(
            answer="; ".join(part.answer for part in parts if part.answer),
            lead=tuple(quoted(passages[spot.evidence], spot) for spot in lead),
            sections=tuple(
                SectionPlan(heading=part.text if len(parts) > 1 else _SAYS_MORE, spots=part.rest)
                for part in told
                if part.rest
            ),
            conflicts=tuple(conflict for part in parts for conflict in part.conflicts),
        )

    async def section(self, view: WriteView, plan: SectionPlan) -> Section:
        """Write one section from the spots its plan names, and no others."""
        passages = {passage.evidence: passage for passage in view.passages}
        question = read_question(view.question)
        named = {spot.evidence for spot in plan.spots}
        trail = follow(question, [p for p in view.passages if p.evidence in named])
        header, rows = table_of(question, trail, sentences(question, trail))
        statements = [quoted(passages[spot.evidence], spot) for spot in plan.spots]
        for row in rows:
            spots = tuple(_spot(trail, one) for one in row.sentences)
            statements.append(Statement(text=row_sentence(header, row.cells), spots=spots))
        table = (header, *(row.cells for row in rows)) if rows else ()
        return Section(heading=plan.heading, statements=tuple(statements), table=table)


def _part(view: WriteView, text: str, spots: int, chars: int) -> _Part:
    """Answer one of the things asked, and choose what is cited for it."""
    question = read_question(text)
    trail = follow(question, view.passages)
    ranked = [
        one
        for one in sentences(question, trail)
        if not is_label(trail.passages[one.passage], one.unit)
    ]
    _, rows = table_of(question, trail, ranked)
    told = list(dict.fromkeys(one for row in rows for one in row.sentences))
    conflict: Conflict | None = None
    if question.answer_type in ("choice", "yes_no"):
        answer, carrying = _by_verdict(_verdict(question, view.passages), ranked)
    elif question.answer_type == "report" or question.language != "en":
        answer, carrying = "", [*told, *ranked[: max(0, 2 - len(told))]]
    else:
        best = carried(question, trail, pick(question, trail, ranked))
        if best is None:
            rest = [
                spot for _, spot in _within(on_topic(question, trail, ranked), trail, spots, chars)
            ]
            return _Part(text, "", (), tuple(rest))
        conflict = conflict_about(question, trail, ranked, best)
        answer = conflict.values[0] if conflict and conflict.rule in DECIDED else best.text
        carrying = _carrying(trail, ranked, best, conflict)
    beside = supporting(question, trail, ranked, carrying, answer) if answer else ranked
    chosen = _within([*carrying, *beside], trail, spots, chars)
    lead = [spot for one, spot in chosen if one in carrying][:_LEAD]
    rest = [spot for one, spot in chosen if spot not in lead or one in told]
    return _Part(text, answer, tuple(lead), tuple(rest), (conflict,) if conflict else ())


def _verdict(question: Question, passages: Sequence[Passage]) -> Verdict | None:
    if not passages:
        return None
    if question.answer_type == "choice":
        return choose(question, passages)
    return decide(question, passages)


def _by_verdict(verdict: Verdict | None, ranked: Sequence[Sentence]) -> tuple[str, list[Sentence]]:
    if verdict is None:
        return "", list(ranked[:1])
    return verdict.answer, list(verdict.carrying)


def _carrying(
    trail: Trail, ranked: Sequence[Sentence], best: Answer, conflict: Conflict | None
) -> list[Sentence]:
    """Return the sentence that carries an answer, what leads to it, and what contradicts it."""
    found = [best.sentences[0]]
    passage = found[0].passage
    reading = trail.readings[passage]
    led = {reading.title_key, *_first_names(reading), *_named_beside(best)}
    for bridge in trail.bridges:
        if bridge.passage != passage and bridge.key in led:
            leading = (one for one in ranked if one.passage == bridge.passage)
            found += [one for one in leading if f" {bridge.key} " in one.unit.flat][:1]
            break
    against = {name for names in conflict.evidence for name in names} if conflict else set[str]()
    for value in conflict.values if conflict else ():
        held = (one for one in ranked if trail.passages[one.passage].evidence in against)
        found += [one for one in held if value in one.unit.text][:1]
    return list(dict.fromkeys(found))


def _first_names(reading: Reading) -> tuple[str, ...]:
    return tuple(name.key for name in reading.units[0].names[:1]) if reading.units else ()


def _named_beside(best: Answer) -> set[str]:
    """Return the keys of the names in the sentence of an answer, its own left out."""
    return {name.key for name in best.sentences[0].unit.names} - {key_of(best.text)}


def _within(
    wanted: Sequence[Sentence], trail: Trail, spots: int, chars: int
) -> list[tuple[Sentence, Spot]]:
    """Return sentences in order, each once, until as many or as long as may be cited."""
    chosen: list[tuple[Sentence, Spot]] = []
    used = 0
    held: set[Spot] = set()
    for one in wanted:
        spot = _spot(trail, one)
        if spot in held:
            continue
        held.add(spot)
        if len(chosen) < spots and used + spot.end - spot.start <= chars:
            chosen.append((one, spot))
            used += spot.end - spot.start
    return chosen


def _spot(trail: Trail, one: Sentence) -> Spot:
    """Return where a sentence stands, with the title line before it if it does not name it."""
    passage, reading = trail.passages[one.passage], trail.readings[one.passage]
    start = passage.start + one.unit.start
    titled = one.index == 0 and passage.start == 0 and passage.text.startswith(passage.title)
    if titled and reading.title_flat not in one.unit.flat and one.unit.end <= MAX_UNIT:
        start = 0
    return Spot(evidence=passage.evidence, start=start, end=passage.start + one.unit.end)
