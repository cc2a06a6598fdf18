"""What a model is shown to plan from: a function of the view, text of sources enclosed."""

from collections.abc import Iterator

from quaestor.agents.chat.plans import DEEPEST
from quaestor.agents.chat.texts import text
from quaestor.agents.chat.wording import gist
from quaestor.agents.roles import PlanView, SourceCard
from quaestor.memory.finding import Finding
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import clip, estimate
from quaestor.tools.sources import Profile

_MOST_TITLES = 1_200
"""Tokens of all titles together."""
_MOST_FOUND = 4_000
"""Tokens of all that was found."""
_LONGEST_TITLE = 30
_ANSWERS = 3


def plan_prompt(view: PlanView, desk: Desk) -> Prompt:
    """Return the request for a round's tasks."""
    parts = [
        f"Question: {clip(view.question, desk.room // 4)}",
        _wanted(view, desk.room),
        _sources(view, desk),
        _so_far(view, desk),
        _known(view, desk),
        _orders(view),
    ]
    system = f"{text('plan')}\n\n{desk.rules}"
    return Prompt.of(system, "\n\n".join(part for part in parts if part))


def _wanted(view: PlanView, room: int) -> str:
    brief = view.brief
    lines = [f"Wanted: {brief.answer_type}, as of {brief.as_of}. Parts of the answer:"]
    lines += [f"{number}. {clip(part, room // 40)}" for number, part in enumerate(brief.parts, 1)]
    if brief.options:
        lines.append(f"Between: {'; '.join(brief.options)}")
    if brief.constraints:
        lines.append(f"Conditions: {'; '.join(brief.constraints)}")
    return "\n".join(lines)


def _sources(view: PlanView, desk: Desk) -> str:
    room = min(_MOST_TITLES, desk.room // 6) // max(1, len(view.sources))
    lines = [f"- {card.name}: {_card(card, desk, room)}" for card in view.sources]
    return "Sources:\n" + "\n".join(lines)


def _card(card: SourceCard, desk: Desk, room: int) -> str:
    kind = "the person's own documents" if card.private else "public documents"
    if card.remote and not card.private:
        kind = "the web, or another public service"
    if card.profile is None:
        return kind
    held = list(_titles(card.profile, room))
    named = [f"Main names: {'; '.join(card.profile.entities)}"] if card.profile.entities else []
    shown = desk.enclosed("\n".join([*named, *held])) if held or named else "no titles"
    return f"{kind}; {_size(card.profile)}. Some of their titles:\n{shown}"


def _size(profile: Profile) -> str:
    size = f"{profile.documents} documents"
    if profile.size:
        size += f", {max(1, profile.size // 1000)} kB"
    if profile.newest:
        size += f", changed {profile.oldest[:10]} to {profile.newest[:10]}"
    return size


def _titles(profile: Profile, room: int) -> Iterator[str]:
    """Yield as many titles as there is room for, spread over all of them."""
    lines = [_line(title, _LONGEST_TITLE) for title in profile.titles]
    total = sum(estimate(line) for line in lines)
    step = max(1, -(-total // max(1, room)))
    yield from lines[::step]


def _so_far(view: PlanView, desk: Desk) -> str:
    if not view.plan.tasks:
        return "Tasks so far: none."
    found = {one.task: one for one in view.findings}
    room = _share(view, desk)
    lines = [
        f"#{number} [{task.source}] {_line(task.question, room)} | "
        f"{_came(found.get(task.id), room)}"
        for number, task in enumerate(view.plan.tasks, 1)
    ]
    shown = desk.enclosed("\n".join(lines))
    notes = [*_in_vain(view), *_differing(view)]
    return "\n".join([f"Tasks so far, and what came of them:\n{shown}", *notes])


def _known(view: PlanView, desk: Desk) -> str:
    told = [one for one in view.known if one.hypotheses or one.conclusion]
    if not told:
        return ""
    room = _share(view, desk)
    lines = [f"- {_line(one.question, room)} | {_came(one, room)}" for one in told]
    return (
        "The web was searched too. Where it names what these sources may tell more of, "
        f"ask them about it by that name:\n{desk.enclosed(chr(10).join(lines))}"
    )


def _share(view: PlanView, desk: Desk) -> int:
    """Return the tokens that each of a task's texts may take."""
    texts = 3 * (len(view.plan.tasks) + len(view.known))
    return max(8, min(80, min(_MOST_FOUND, desk.room // 3) // max(1, texts)))


def _came(found: Finding | None, room: int) -> str:
    if found is None:
        return "not done yet"
    if found.stopped == "blocked":
        return "never asked: what it needs was not found"
    answers = "; ".join(found.hypotheses[:_ANSWERS])
    told = f"answers: {_line(answers, room)}" if answers else "no answer"
    if found.conclusion and found.conclusion not in found.hypotheses:
        told += f" | concluded: {_line(found.conclusion, room)}"
    return told


def _in_vain(view: PlanView) -> Iterator[str]:
    places = _places(view)
    missed = [
        f"#{places[one.task]}"
        for one in view.findings
        if one.task in places and any(gap.kind == "not_found" for gap in one.gaps)
    ]
    if missed:
        yield f"Searched for and not found: {', '.join(missed)}."


def _differing(view: PlanView) -> Iterator[str]:
    """Yield which tasks asked the same and came to different answers."""
    places = _places(view)
    answered = [one for one in view.findings if one.hypotheses and one.task in places]
    for at, one in enumerate(answered):
        for other in answered[at + 1 :]:
            asked = gist(one.question) == gist(other.question)
            if asked and gist(one.hypotheses[0]) != gist(other.hypotheses[0]):
                pair = f"#{places[one.task]} and #{places[other.task]}"
                yield f"{pair} asked the same and came to different answers."


def _places(view: PlanView) -> dict[str, int]:
    return {task.id: number for number, task in enumerate(view.plan.tasks, 1)}


def _orders(view: PlanView) -> str:
    first = len(view.plan.tasks) + 1
    return (
        f"Plan round {view.round + 1}. At most {view.max_tasks} new tasks, in chains of at most "
        f"{DEEPEST}. Your first new task has the number {first}, the next {first + 1}, and so on."
    )


def _line(said: str, tokens: int) -> str:
    """Return a text on one line, cut to so many tokens."""
    line = " ".join(said.split())
    held = clip(line, tokens)
    return held if held == line else f"{held}…"
