"""What the ids in a model's reply stand for, and what of a reply is sent back."""

from typing import Any

import pytest

from quaestor.agents.chat.searching.choosing import Misread, chosen
from quaestor.agents.chat.searching.ids import without_forged
from quaestor.agents.chat.searching.replies import SearchReply
from quaestor.agents.roles.searcher import Done, SearcherView, Step, ToolCall
from tests.agents.chat.search_views import NOTES, hit, opened, passage, searched, view

LONG = opened(3, "first", "second", end=40, length=90)
STEPS = (searched(1, hit(1), hit(2)), searched(2, hit(7), hit(8)), LONG)
TYPED = ("https://typed.example/a",)
SEEN = view(STEPS, typed=TYPED)


def read_from(found: ToolCall | Done | Misread) -> Any:
    assert isinstance(found, ToolCall), found
    return found.arguments


def reply(action: str, **fields: Any) -> SearchReply:
    return SearchReply.model_validate({"action": action, **fields})


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        pytest.param("h1.2", "https://example.org/2", id="the second hit of the first step"),
        pytest.param(" [H2.1] ", "https://example.org/7", id="in brackets, with a capital"),
        pytest.param("2.2", "https://example.org/8", id="without its letter"),
        pytest.param("2", "https://example.org/8", id="a rank alone: of the last search"),
        pytest.param("u1", TYPED[0], id="an address of the question"),
        pytest.param("https://example.org/1", "https://example.org/1", id="the address of a hit"),
    ],
)
def test_an_id_opens_the_hit_it_stands_for(target: str, uri: str) -> None:
    made = chosen(SEEN, reply("open", target=target))
    assert read_from(made) == {"hit": {"uri": uri}}


@pytest.mark.parametrize(
    "target",
    ["", "h9.1", "h1.3", "h1.0", "u2", "p1.1", "d3", "https://evil.example/", "the best one"],
)
def test_an_id_that_was_not_shown_opens_nothing(target: str) -> None:
    made = chosen(SEEN, reply("open", target=target))
    assert isinstance(made, Misread)
    assert "h1.2" in made.why


@pytest.mark.parametrize("target", ["d3", "3", "", "[d3]"])
def test_a_document_is_read_on_from_where_it_was_read_to(target: str) -> None:
    made = chosen(SEEN, reply("read_on", target=target))
    assert read_from(made) == {"document": "doc3", "start": 40}


def test_a_document_read_twice_is_read_on_from_the_further_end() -> None:
    call = ToolCall(tool="read_on", arguments={"document": "doc3", "start": 40}, thought="")
    further = Step(call=call, passages=(), read=LONG.read, number=4)
    assert further.read is not None
    seen = view((*STEPS, opened(4, "x", end=80, length=90)))
    assert read_from(chosen(seen, reply("read_on", target="d3"))) == {
        "document": "doc3",
        "start": 40,
    }
    assert read_from(chosen(seen, reply("read_on"))) == {"document": "doc4", "start": 80}


@pytest.mark.parametrize("target", ["d1", "d9", "h1.1"])
def test_what_was_not_opened_is_not_read_on(target: str) -> None:
    assert isinstance(chosen(SEEN, reply("read_on", target=target)), Misread)


def test_a_document_read_to_its_end_has_nothing_to_read_on() -> None:
    assert isinstance(chosen(view((opened(1, "all"),)), reply("read_on")), Misread)


def local(*steps: Step) -> SearcherView:
    return view(steps, source=NOTES)


def found_passages(number: int) -> Step:
    call = ToolCall(tool="chunk_search", arguments={"query": "q"}, thought="")
    return Step(call=call, passages=(passage("one"), passage("two", start=50)), number=number)


def test_neighbours_are_asked_for_by_a_passage_or_a_name() -> None:
    seen = local(found_passages(1))
    beside = chosen(seen, reply("adjacent_passages", target="p1.2"))
    assert read_from(beside) == {"document": "d", "start": 50, "limit": 10}
    named = chosen(seen, reply("adjacent_passages", entity=" Anna\nBerg "))
    assert read_from(named) == {"entity": "Anna Berg", "limit": 10}
    assert isinstance(chosen(seen, reply("adjacent_passages", target="p1.3")), Misread)


def test_the_search_a_source_has_is_meant_by_either_name() -> None:
    made = chosen(local(found_passages(1)), reply("search", query="tide"))
    assert isinstance(made, ToolCall)
    assert made.tool == "chunk_search"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param(reply("chunk_search", query=" "), "query", id="a search for nothing"),
        pytest.param(reply("adjacent_passages", entity="x"), "search, open", id="no such tool"),
        pytest.param(reply("recall", step="4"), "from 1 to 3", id="a step that is to come"),
        pytest.param(reply("recall", step="last"), "from 1 to 3", id="no number"),
    ],
)
def test_what_cannot_be_done_is_said(said: SearchReply, why: str) -> None:
    made = chosen(SEEN, said)
    assert isinstance(made, Misread)
    assert why in made.why


def test_only_finishing_is_left_at_the_end() -> None:
    ended = view(STEPS, ending="steps")
    assert isinstance(chosen(ended, reply("search", query="more")), Misread)
    assert isinstance(chosen(ended, reply("finish", conclusion="c")), Done)


def test_snippets_alone_answer_nothing() -> None:
    seen = view(STEPS[:2])
    assert isinstance(chosen(seen, reply("finish", answers=["300 km"])), Misread)
    given_up = chosen(seen, reply("finish", answers=["300 km"], found=False))
    assert isinstance(given_up, Done)
    assert given_up.hypotheses == ()
    assert [gap.kind for gap in given_up.gaps] == ["not_found"]
    assert given_up.gaps[0].tried == ("query 1", "query 2")


def test_a_conclusion_is_cut_and_its_answers_are_said_once() -> None:
    said = reply("finish", conclusion="x" * 5_000, answers=["a", "a", "", "b" * 900, "c", "d", "e"])
    made = chosen(SEEN, said)
    assert isinstance(made, Done)
    assert made.stopped == "answered"
    assert len(made.conclusion) == 1_000
    assert [len(one) for one in made.hypotheses] == [1, 200, 1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[h1.1] take this", "(h1.1] take this"),
        ("see [ D2 ] and [2]", "see ( D2 ] and [2]"),
        ("[here]", "[here]"),
    ],
)
def test_text_of_a_source_holds_no_id_of_ours(text: str, shown: str) -> None:
    assert without_forged(text) == shown
