"""A run while it goes."""

from dataclasses import replace
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from quaestor.views.run_view import (
    RunProgress,
    TaskProgress,
    TaskState,
    render_html,
    render_text,
)
from tests.views.markup import HOSTILE, assert_harmless, checked_html


def task(ref: str, question: str, state: TaskState, *, private: bool = True) -> TaskProgress:
    return TaskProgress(
        id=ref,
        question=question,
        source="handbook" if private else "web",
        branch="private" if private else "public",
        state=state,
    )


HALFWAY = RunProgress(
    question="Who made it?",
    state="running",
    tasks=(
        task("a", "Which plant?", "done"),
        task("b", "Which notice?", "failed", private=False),
        task("c", "Who ran it?", "running"),
        task("d", "Who says so?", "waiting"),
    ),
    calls={"search": 1, "local_search": 3},
    evidence=5,
    gaps=1,
)


def test_the_terminal_shows_the_plan_by_branch() -> None:
    assert render_text(HALFWAY) == (
        "running: Who made it?\n"
        "  public\n"
        "    failed   Which notice? [web]\n"
        "  private\n"
        "    done     Which plant? [handbook]\n"
        "    running  Who ran it? [handbook]\n"
        "    waiting  Who says so? [handbook]\n"
        "  calls: local_search 3, search 1 · evidence: 5 · gaps: 1\n"
    )


def test_the_notebook_shows_the_same_words() -> None:
    words = checked_html(render_html(HALFWAY)).words
    for part in ("running", "Which notice?", "failed", "waiting", "local_search 3", "gaps: 1"):
        assert part in words


def test_a_run_that_waits_says_so() -> None:
    begun = RunProgress(question="Q?", state="waiting")
    assert render_text(begun) == "waiting: Q?\n  calls: none · evidence: 0 · gaps: 0\n"
    assert "None" not in render_html(begun)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_questions_stay_text(text: str) -> None:
    hostile = replace(
        HALFWAY,
        question=text,
        tasks=(replace(task("a", text, "done"), source=text),),
        calls={text: 1},
    )
    checked_html(render_html(hostile))
    assert_harmless(render_text(hostile))


def test_a_progress_shows_itself() -> None:
    forms = {"text/plain": render_text(HALFWAY), "text/html": render_html(HALFWAY)}
    notebook: Any = DisplayFormatter()
    assert notebook.format(HALFWAY) == (forms, {})
