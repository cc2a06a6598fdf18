"""A searcher's model that finishes must say what it found, or that it found nothing."""

from dataclasses import replace

import pytest

from quaestor.agents.chat.searching.choosing import Misread, chosen
from quaestor.agents.chat.searching.replies import SearchReply
from quaestor.agents.roles.searcher import Done, SearcherView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.plan import Brief, Task

CARD = SourceCard(name="notes", private=True, remote=False, tools=("chunk_search",))
TASK = Task.of("Who signed the lease?", branch="private", source="notes")
VIEW = SearcherView(
    question=TASK.question,
    brief=Brief(answer_type="name", parts=(TASK.question,)),
    task=TASK,
    source=CARD,
    steps=(),
    max_steps=8,
    calls_left=7,
    branch="private",
    taken=1,
)


@pytest.mark.parametrize(
    "view", [VIEW, replace(VIEW, ending="steps")], ids=["while it may search", "at its last step"]
)
def test_an_end_without_words_is_sent_back_and_never_read_as_nothing_found(
    view: SearcherView,
) -> None:
    made = chosen(view, SearchReply(action="finish"))
    assert isinstance(made, Misread)
    assert "conclusion" in made.why


def test_an_end_that_says_nothing_was_found_is_one() -> None:
    made = chosen(VIEW, SearchReply(action="finish", found=False))
    assert isinstance(made, Done)
    assert [gap.kind for gap in made.gaps] == ["not_found"]


def test_an_end_with_an_answer_alone_is_one() -> None:
    made = chosen(VIEW, SearchReply(action="finish", answers=["Ingrid Solheim"]))
    assert isinstance(made, Done)
    assert (made.hypotheses, made.gaps) == (("Ingrid Solheim",), ())
