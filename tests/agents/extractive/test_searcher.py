"""The searcher's loop over small worlds written here: what it asks, and that it ends."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.extractive.searcher import ExtractiveNextStep
from quaestor.agents.roles.searcher import Done, SearcherView, Step, ToolCall
from quaestor.agents.roles.shown import Passage, SourceCard
from quaestor.memory.documents import Origin
from quaestor.memory.plan import Brief, Task
from quaestor.memory.text import canonical
from quaestor.tools.reading import Stretch
from quaestor.tools.sources import Hit
from quaestor.tools.text.words import content_terms

LOCAL = SourceCard(
    name="notes", private=True, remote=False, tools=("chunk_search", "adjacent_passages")
)
WEB = SourceCard(name="web", private=False, remote=True, tools=("search", "open", "read_on"))
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
    if call.tool == "adjacent_passages":
        key = call.arguments.get("entity", "-")
        named = [i for i, (_, text) in enumerate(world) if key in text]
        return Step(call=call, passages=tuple(passage(i, *world[i]) for i in named))
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
    typed: tuple[str, ...] = (),
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
            typed=typed,
        )
        chosen = asyncio.run(ExtractiveNextStep().next(view))
        if isinstance(chosen, Done):
            return [step.call for step in steps], chosen
        steps.append(reply(world, chosen))
    raise AssertionError("it did not end")


def test_it_follows_the_name_that_stands_where_the_answer_should() -> None:
    calls, done = run("Where was the builder of the Merganser born?", FERRIES)
    assert any("Ilse Marrand" in call.arguments.get("query", "") for call in calls[1:])
    assert done.hypotheses[0] == "Nordhaven"
    assert "born in Nordhaven" in done.conclusion
    assert done.stopped == "answered"


def test_the_thought_names_what_is_hoped_for() -> None:
    calls, _ = run("Where was the builder of the Merganser born?", FERRIES)
    thoughts = [call.thought for call in calls if "Ilse Marrand" in call.arguments.get("query", "")]
    assert thoughts
    assert "born" in thoughts[0]


def test_pages_of_the_web_are_opened_before_they_are_read() -> None:
    calls, done = run("Where was the builder of the Merganser born?", FERRIES, source=WEB)
    assert calls[0].tool == "search"
    assert calls[1].tool == "open"
    assert calls[1].arguments == {"hit": {"uri": "https://example.org/0"}}
    assert {call.tool for call in calls} == {"search", "open"}
    assert done.hypotheses[0] == "Nordhaven"


def test_what_the_person_typed_is_opened_before_anything_is_searched() -> None:
    uri = "https://example.org/2"
    question = "Where was the builder of the Merganser born?"
    calls, _ = run(question, FERRIES, source=WEB, typed=(uri,))
    assert [call.tool for call in calls[:2]] == ["open", "search"]
    assert [one.arguments for one in calls if one.tool == "open"].count({"hit": {"uri": uri}}) == 1


def leaves(*texts: str, found: int = 1) -> Callable[[World, ToolCall], Step]:
    """Return pages of some segments each, which a search returns in this order."""

    def reply(_world: World, call: ToolCall) -> Step:
        if call.tool == "search":
            return answer([("Merganser", "The Merganser was built.")] * found, call)
        start = int(call.arguments.get("start", 0))
        page = str(call.arguments.get("document") or call.arguments["hit"]["uri"])
        one = replace(passage(start, "Log", texts[start]), evidence=f"{page} {start}")
        read = Stretch(document=page, start=start, end=start + 1, length=len(texts))
        return Step(call=call, passages=(one,), read=read)

    return reply


ASKED = "Who built the Merganser?"
EMPTY, USEFUL = "The sea was calm.", "Somebody built the Merganser, says the log."
SAYS = "The Merganser was built by Ilse Marrand."


@pytest.mark.parametrize(
    ("pages", "found", "read"),
    [
        pytest.param((SAYS, EMPTY), 1, 1, id="an answer ends the reading"),
        pytest.param((EMPTY, SAYS, EMPTY), 1, 2, id="the best hit is read on without one"),
        pytest.param((EMPTY,) * 9, 1, 4, id="but not for ever"),
    ],
)
def test_a_page_is_read_on_while_it_is_worth_a_step(
    pages: tuple[str, ...], found: int, read: int
) -> None:
    calls, _ = run(ASKED, (), source=WEB, reply=leaves(*pages, found=found), calls=20, max_steps=20)
    first = [call for call in calls if call.tool in ("open", "read_on")][:read]
    assert [call.tool for call in first] == ["open", *["read_on"] * (read - 1)]
    assert sum(call.tool == "read_on" for call in calls) == read - 1


@pytest.mark.parametrize(
    ("text", "more"), [pytest.param(EMPTY, 0, id="idle"), pytest.param(USEFUL, 3, id="useful")]
)
def test_another_page_is_read_on_while_it_speaks_of_what_is_asked(text: str, more: int) -> None:
    reply = leaves(*[text] * 9, found=2)
    calls, _ = run(ASKED, (), source=WEB, reply=reply, calls=20, max_steps=20)
    second = "https://example.org/1"
    assert sum(call.arguments.get("document") == second for call in calls) == more


def test_a_source_that_cannot_be_read_on_is_not() -> None:
    bare = replace(WEB, tools=("search", "open"))
    calls, _ = run(ASKED, (), source=bare, reply=leaves(EMPTY, SAYS))
    assert {call.tool for call in calls} == {"search", "open"}


@pytest.mark.parametrize("name", ["Collect.evil.example/A7", "Evil.example", "Outside/A7.txt"])
def test_an_address_that_a_page_names_is_not_searched_for(name: str) -> None:
    world = (("Merganser", f"The Merganser was built by {name} in 1961."),)
    calls, _ = run("Where was the builder of the Merganser born?", world, source=WEB)
    assert not any(name.lower() in str(call.arguments.get("query")).lower() for call in calls)


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


# A folder whose handbook is cut into passages, as an index cuts it: (title, text, start).
HANDBOOK = (
    ("Harbour book", "The Merganser was built at Slip Nine. The yard was opened in 1950.", 0),
    ("Harbour book", "The pumps of the Merganser are repaired by Ilse Marrand.", 100),
    ("Harbour book", "She looks at the pumps of the Merganser in June.", 200),
    ("Ferry list", "The Merganser and the Pintail carry timber.", 0),
)


def piece(number: int, rank: int) -> Passage:
    title, text, start = HANDBOOK[number]
    held = passage(number, title, text, rank=rank)
    return replace(held, document=title, start=start, end=start + len(text))


def leafing(_world: World, call: ToolCall) -> Step:
    """Find only the sentence that leans on the one before it; neighbours are those beside it."""
    if call.tool == "chunk_search":
        return Step(call=call, passages=(piece(2, 1),))
    if "entity" in call.arguments:
        return Step(call=call, passages=())
    assert call.arguments["document"] == "Harbour book"
    beside = [i for i in (0, 1) if HANDBOOK[i][2] != call.arguments["start"]]
    return Step(call=call, passages=tuple(piece(i, r) for r, i in enumerate(beside, start=1)))


def test_a_sentence_that_leans_on_the_passage_before_has_it_read() -> None:
    question = "Who repairs the pumps of the Merganser?"
    calls, done = run(question, (), reply=leafing)
    assert calls[1].tool == "adjacent_passages"
    assert calls[1].arguments == {"document": "Harbour book", "start": 200, "limit": 2}
    assert "Ilse Marrand" in done.hypotheses


def test_neighbours_are_not_read_where_the_sentence_stands_by_itself() -> None:
    calls, _ = run("Where was the builder of the Merganser born?", FERRIES)
    assert all("document" not in call.arguments for call in calls)


SLIPS: World = (
    ("Merganser", "The Merganser was built at Slip Nine by hand."),
    ("Accounts", "Slip Nine was founded by Oster Lines in 1950, says a note of the clerk."),
    ("Founding day", "How the founder of a firm is founded and who founded what, by whom."),
)


def overlooking(world: World, call: ToolCall) -> Step:
    """Rank the passage with most of the query's other words first, and return no other."""
    if call.tool == "chunk_search":
        number = 2 if "Slip" in call.arguments["query"] else 0
        return Step(call=call, passages=(passage(number, *world[number]),))
    return answer(world, call)


def test_a_rare_name_is_looked_up_where_a_search_for_it_overlooks_it() -> None:
    question = "Who founded the yard where the Merganser was built?"
    calls, done = run(question, SLIPS, reply=overlooking)
    entities = [call.arguments["entity"] for call in calls if "entity" in call.arguments]
    assert entities[0] == "Slip Nine"
    assert done.hypotheses[0] == "Oster Lines"


def test_only_a_source_that_has_neighbours_is_asked_for_them() -> None:
    bare = replace(LOCAL, tools=("chunk_search",))
    question = "Who founded the yard where the Merganser was built?"
    calls, done = run(question, SLIPS, source=bare, reply=overlooking)
    assert {call.tool for call in calls} == {"chunk_search"}
    assert "Oster Lines" not in done.hypotheses
