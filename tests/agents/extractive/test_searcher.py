"""The searcher's loop over small worlds written here: what it asks, and that it ends."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.extractive.searcher import ExtractiveNextStep
from quaestor.agents.roles import Done, Passage, SearcherView, SourceCard, Step, ToolCall
from quaestor.memory.documents import Origin
from quaestor.memory.plan import Brief, Task
from quaestor.memory.text import canonical
from quaestor.tools.sources import Hit
from quaestor.tools.text.words import content_terms

LOCAL = SourceCard(
    name="notes", private=True, remote=False, tools=("chunk_search", "adjacent_passages")
)
WEB = SourceCard(name="web", private=False, remote=True, tools=("search", "open"))
World = Sequence[tuple[str, str]]
FERRIES: World = (
    ("Merganser", "The Merganser is a ferry. The Merganser was built by Ilse Marrand in 1961."),
    ("Ilse Marrand", "Ilse Marrand was a shipwright. She was born in Nordhaven in 1922."),
    ("Pintail", "The Pintail is a ferry that carries timber."),
    ("Tollan", "Tollan is a town with a market."),
)


def passage(number: int, title: str, text: str, *, rank: int = 1) -> Passage:
    return Passage(
        evidence=f"e{number}",
        document=f"d{number}",
        start=0,
        end=len(text),
        text=text,
        title=title,
        uri=f"{title}.md",
        origin=Origin(kind="local", name="notes", private=True),
        rank=rank,
    )


def found(world: World, query: str) -> list[int]:
    """Rank by shared words, as any index roughly does."""
    wanted = set(content_terms(query))
    shared = [len(wanted & set(content_terms(f"{title} {text}"))) for title, text in world]
    return sorted((i for i, n in enumerate(shared) if n), key=lambda i: -shared[i])


def answer(world: World, call: ToolCall) -> Step:
    if call.tool == "chunk_search":
        order = found(world, call.arguments["query"])[:1]
        return Step(
            call=call,
            passages=tuple(passage(i, *world[i], rank=r) for r, i in enumerate(order, start=1)),
        )
    if call.tool == "search":
        hits = [
            Hit(
                source="web",
                uri=f"https://example.org/{i}",
                title=world[i][0],
                snippet=world[i][1][:60],
                rank=rank,
                score=1.0,
            )
            for rank, i in enumerate(found(world, call.arguments["query"]), start=1)
        ]
        return Step(call=call, passages=(), hits=tuple(asdict(hit) for hit in hits))
    number = int(call.arguments["hit"]["uri"].rsplit("/", 1)[1])
    return Step(call=call, passages=(passage(number, *world[number]),))


def run(
    question: str,
    world: World,
    *,
    source: SourceCard = LOCAL,
    max_steps: int = 8,
    calls: int = 8,
    reply: Callable[[World, ToolCall], Step] = answer,
) -> tuple[list[ToolCall], Done]:
    steps: list[Step] = []
    for _ in range(max_steps + 1):
        view = SearcherView(
            question=question,
            brief=Brief(answer_type="text", parts=(question,)),
            task=Task.of(question, branch="private", source=source.name, queries=(question,)),
            source=source,
            steps=tuple(steps),
            max_steps=max_steps,
            calls_left=calls - len(steps),
        )
        chosen = asyncio.run(ExtractiveNextStep().next(view))
        if isinstance(chosen, Done):
            return [step.call for step in steps], chosen
        steps.append(reply(world, chosen))
    raise AssertionError("it did not end")


def test_it_follows_the_name_that_stands_where_the_answer_should() -> None:
    calls, done = run("Where was the builder of the Merganser born?", FERRIES)
    assert any("Ilse Marrand" in call.arguments["query"] for call in calls[1:])
    assert done.hypotheses[0] == "Nordhaven"
    assert "born in Nordhaven" in done.conclusion
    assert done.stopped == "answered"


def test_the_thought_names_what_is_hoped_for() -> None:
    calls, _ = run("Where was the builder of the Merganser born?", FERRIES)
    thoughts = [call.thought for call in calls if "Ilse Marrand" in call.arguments["query"]]
    assert thoughts
    assert "born" in thoughts[0]


def test_pages_of_the_web_are_opened_before_they_are_read() -> None:
    calls, done = run("Where was the builder of the Merganser born?", FERRIES, source=WEB)
    assert calls[0].tool == "search"
    assert calls[1].tool == "open"
    assert calls[1].arguments["hit"]["title"] == "Merganser"
    assert {call.tool for call in calls} == {"search", "open"}
    assert done.hypotheses[0] == "Nordhaven"


def test_nothing_found_is_a_gap_with_what_was_tried() -> None:
    _, done = run("Where is the Wigeon moored?", ())
    assert (done.conclusion, done.hypotheses, done.stopped) == ("", (), "nothing_new")
    assert done.gaps[0].tried == ("Where is the Wigeon moored?",)


def test_it_stops_when_two_calls_in_a_row_bring_nothing_new() -> None:
    crew = "Ann Lee, Bo Orr, Cy Vance, Di Marsh and Ed Holm"
    only = (("Merganser", f"The Merganser was built by {crew} in Tollan."),)
    calls, _ = run("Where was the builder of the Merganser born?", only)
    assert len(calls) == 3  # the question, then two of the five names


def test_a_spent_allotment_ends_it() -> None:
    calls, done = run("Where was the builder of the Merganser born?", FERRIES, calls=1)
    assert (len(calls), done.stopped) == (1, "allotment")


def test_the_last_step_ends_it() -> None:
    calls, done = run("Where was the builder of the Merganser born?", FERRIES, max_steps=1, calls=9)
    assert (len(calls), done.stopped) == (1, "steps")


NAMES = st.sampled_from(["Ann Lee", "Bo Orr", "Tollan", "Vik", "the Pintail", "Ilse Marrand"])
VERBS = st.sampled_from(["was built by", "was born in", "married", "is near", "leads"])
SENTENCES = st.tuples(NAMES, VERBS, NAMES).map(lambda parts: f"{' '.join(parts)}. ")
WORLDS = st.lists(
    st.tuples(NAMES, st.lists(SENTENCES, min_size=1, max_size=4).map("".join)), max_size=8
)


@given(world=WORLDS, web=st.booleans(), name=NAMES)
def test_it_always_ends_and_never_asks_the_same_twice(world: World, web: bool, name: str) -> None:
    calls, _ = run(f"Who built what {name} leads?", world, source=WEB if web else LOCAL)
    asked = [canonical([call.tool, call.arguments]) for call in calls]
    assert len(asked) == len(set(asked)) <= 8


@given(world=WORLDS, name=NAMES)
def test_its_choices_are_a_function_of_what_it_sees(world: World, name: str) -> None:
    question = f"When was {name} founded?"
    assert run(question, world) == run(question, world)
