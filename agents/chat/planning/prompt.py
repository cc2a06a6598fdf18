"""What a model is shown to plan from: a function of the view, text of sources enclosed."""

from collections.abc import Iterator

from quaestor.agents.chat.planning.plans import longest_chain
from quaestor.agents.chat.planning.wording import gist
from quaestor.agents.chat.texts import text
from quaestor.agents.roles.planner import PlanView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.finding import Finding
from quaestor.tools.models.desk import Desk
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import clip, estimate, estimate_all
from quaestor.tools.sources import Profile

_MOST_TITLES = 1_200
"""Tokens of all titles together."""
_MOST_FOUND = 4_000
"""Tokens of all that was found."""
_LONGEST_TITLE = 30
_LONGEST, _SHORTEST = 80, 8
"""Tokens of one text of a task."""
_A_SOURCE = 60
"""Tokens of what stands around a block of untrusted text."""
_SCHEMA = 500
"""Tokens of the reply's form, which stands behind the prompt."""
_ANSWERS = 3


def plan_prompt(view: PlanView, desk: Desk) -> Prompt:
    """Return the request for a round's tasks; what there is no room for is left out, the old first.

    Args:
        view: The branch's.
        desk: Says how long a prompt may be, and encloses.
    """
    system = f"{text('plan')}\n\n{desk.rules}"
    fixed = [_asked(view, desk.room // 8), _orders(view)]
    left = max(0, desk.room - estimate_all([system, *fixed]) - _SCHEMA)
    titles = min(_MOST_TITLES, left // 3)
    found = min(_MOST_FOUND, left - titles)
    parts = [
        fixed[0],
        _sources(view, desk, titles),
        _so_far(view, desk, found // 2 if view.known else found),
        _known(view, desk, found // 2),
        fixed[1],
    ]
    return Prompt.of(system, "\n\n".join(part for part in parts if part))


def _asked(view: PlanView, room: int) -> str:
    """Return the question and the brief, each in at most so many tokens."""
    brief = view.brief
    a_part = max(8, room // max(1, len(brief.parts)))
    lines = [f"Question: {clip(view.question, room)}", ""]
    lines.append(f"Wanted: {brief.answer_type}, as of {brief.as_of}. Parts of the answer:")
    lines += [f"{number}. {_line(part, a_part)}" for number, part in enumerate(brief.parts, 1)]
    if brief.options:
        lines.append(f"Between: {_line('; '.join(brief.options), room // 2)}")
    if brief.constraints:
        lines.append(f"Conditions: {_line('; '.join(brief.constraints), room // 2)}")
    return "\n".join(lines)


def _sources(view: PlanView, desk: Desk, room: int) -> str:
    each = max(0, room // max(1, len(view.sources)) - _A_SOURCE)
    lines = [f"- {card.name}: {_card(card, desk, each)}" for card in view.sources]
    return "Sources:\n" + "\n".join(lines)


def _card(card: SourceCard, desk: Desk, room: int) -> str:
    kind = "the person's own documents" if card.private else "public documents"
    if card.remote and not card.private:
        kind = "the web, or another public service"
    if card.profile is None:
        return kind
    entities = _line("; ".join(card.profile.entities), room // 3)
    named = [f"Main names: {entities}"] if entities else []
    held = list(_titles(card.profile, room - estimate(entities)))
    shown = desk.enclosed("\n".join([*named, *held])) if held or named else "not shown"
    return f"{kind}; {_size(card.profile)}. Some of their titles:\n{shown}"


def _size(profile: Profile) -> str:
    size = f"{profile.documents} documents"
    if profile.size:
        size += f", {max(1, profile.size // 1000)} kB"
    if profile.newest:
        size += f", changed {profile.oldest[:10]} to {profile.newest[:10]}"
    return size


def _titles(profile: Profile, room: int) -> list[str]:
    """Return as many titles as there is room for, spread over all of them."""
    lines = [_line(title, _LONGEST_TITLE) for title in profile.titles]
    total = sum(estimate(line) + 1 for line in lines)
    if room <= 0:
        return []
    return lines[:: max(1, -(-total // room))]


def _so_far(view: PlanView, desk: Desk, room: int) -> str:
    if not view.plan.tasks:
        return "Tasks so far: none."
    found = {one.task: one for one in view.findings}
    notes = [*_in_vain(view), *_differing(view)]
    room -= sum(estimate(note) for note in notes)
    each = _share(room, len(view.plan.tasks))
    lines = [
        f"#{number} [{task.source}] {_line(task.question, each)} | "
        f"{_came(found.get(task.id), each)}"
        for number, task in enumerate(view.plan.tasks, 1)
    ]
    shown = desk.enclosed("\n".join(_last(lines, room)))
    return "\n".join([f"Tasks so far, and what came of them:\n{shown}", *notes])


def _known(view: PlanView, desk: Desk, room: int) -> str:
    told = [one for one in view.known if one.hypotheses or one.conclusion]
    if not told:
        return ""
    each = _share(room, len(told))
    lines = [f"- {_line(one.question, each)} | {_came(one, each)}" for one in told]
    shown = desk.enclosed("\n".join(_last(lines, room)))
    return (
        "The web was searched too. Where it names what these sources may tell more of, "
        f"ask them about it by that name:\n{shown}"
    )


def _share(room: int, tasks: int) -> int:
    """Return the tokens that each of three texts of a task may take."""
    return max(_SHORTEST, min(_LONGEST, (room - _A_SOURCE) // max(1, tasks) // 3 - _SHORTEST))


def _last(lines: list[str], room: int) -> list[str]:
    """Return the last lines that fit; their numbers show that others stood before them."""
    held: list[str] = []
    left = room - _A_SOURCE
    for line in reversed(lines):
        left -= estimate(line) + 1
        if left < 0:
            break
        held.append(line)
    return held[::-1]


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
    last = " This is the last round: what is not asked now stays open."
    return (
        f"Plan round {view.round + 1} of {view.rounds}: at most {view.max_tasks} new tasks, in "
        f"chains of at most {longest_chain(view)}. Your first new task has the number {first}, "
        f"the next {first + 1}, and so on.{last if view.round + 1 >= view.rounds else ''}"
    )


def _line(said: str, tokens: int) -> str:
    """Return a text on one line, cut to so many tokens."""
    line = " ".join(said.split())
    held = clip(line, tokens)
    return held if held == line else f"{held}…"
