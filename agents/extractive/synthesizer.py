"""The synthesizer without a model: the best sentences of the trail, cited as they stand."""

from collections.abc import Sequence

from quaestor.agents.extractive.picking import pick
from quaestor.agents.extractive.questions import Question, read_question
from quaestor.agents.extractive.scoring import Sentence
from quaestor.agents.extractive.trail import Trail, follow, sentences
from quaestor.agents.extractive.verdicts import choose, decide
from quaestor.agents.roles import Outline, Section, SectionPlan, Spot, Statement, WriteView

MAX_SPOTS = 8
MAX_CHARS = 1150


class ExtractiveSynthesizer:
    """Writes a report of verbatim sentences."""

    async def outline(self, view: WriteView) -> Outline:
        """Return the short answer and the sections."""
        question = read_question(view.question)
        trail = follow(question, view.passages)
        ranked = sentences(question, trail)
        answer = _answer(question, trail, ranked, view)
        chosen = _choose(ranked)
        spots = [_spot(trail, one) for one in chosen]
        lead = tuple(
            Statement(text=one.unit.text, spots=(_spot(trail, one),)) for one in chosen[:2]
        )
        return Outline(
            answer=answer,
            lead=lead,
            sections=(SectionPlan(heading=view.question, spots=tuple(spots[2:])),),
        )

    async def section(self, view: WriteView, plan: SectionPlan) -> Section:
        """Write one section from the spots its plan names, and no others."""
        texts = {passage.evidence: passage for passage in view.passages}
        statements = [
            Statement(
                text=_text(texts[spot.evidence].text, texts[spot.evidence].start, spot),
                spots=(spot,),
            )
            for spot in plan.spots
        ]
        return Section(heading=plan.heading, statements=tuple(statements))


def _answer(question: Question, trail: Trail, ranked: Sequence[Sentence], view: WriteView) -> str:
    verdict = None
    if question.answer_type == "choice":
        verdict = choose(question, view.passages)
    elif question.answer_type == "yes_no":
        verdict = decide(question, view.passages)
    else:
        answers = pick(question, trail, ranked)
        return answers[0].text if answers else ""
    return verdict.answer if verdict else ""


def _text(text: str, offset: int, spot: Spot) -> str:
    return text[spot.start - offset : spot.end - offset]


def _spot(trail: Trail, one: Sentence) -> Spot:
    passage = trail.passages[one.passage]
    return Spot(
        evidence=passage.evidence,
        start=passage.start + one.unit.start,
        end=passage.start + one.unit.end,
    )


def _choose(ranked: Sequence[Sentence]) -> list[Sentence]:
    chosen: list[Sentence] = []
    used = 0
    for one in ranked:
        length = one.unit.end - one.unit.start
        if len(chosen) < MAX_SPOTS and used + length <= MAX_CHARS:
            chosen.append(one)
            used += length
    return chosen
