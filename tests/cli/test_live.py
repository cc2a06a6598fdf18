"""What a terminal shows of a run while it goes."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from quaestor.cli.live import live_view
from quaestor.graphs.building import build_research_graph
from quaestor.views.run_view import RunProgress, TaskProgress
from tests.fakes import Shelf


def shown(progress: RunProgress, *, stage: str) -> list[str]:
    terminal = StringIO()
    view = live_view(progress, stage=stage, preparing={}, elapsed=3.2)
    Console(width=100, file=terminal).print(view)
    return [line.rstrip() for line in terminal.getvalue().splitlines()]


def test_every_stage_of_the_graph_is_said_in_a_word_of_english(tmp_path: Path) -> None:
    graph = build_research_graph(sources=[Shelf("papers", {})], home=tmp_path)
    branches = {"public", "private"}
    stages = {name for name in graph.get_graph().nodes if not name.startswith("__")} - branches
    assert "revise" in stages
    for stage in stages:
        first = shown(RunProgress(question="Who?", state="running"), stage=stage)[0]
        assert first.split()[0].endswith("ing"), stage
        assert first.endswith("3 s  Who?")


@pytest.mark.parametrize("tasks", [16, 40])
def test_a_long_plan_shows_what_is_still_open(tasks: int) -> None:
    plan = tuple(
        TaskProgress(
            id=str(number),
            question=f"Question {number}",
            source="papers",
            branch="private",
            state="running" if number == tasks - 1 else "done",
        )
        for number in range(tasks)
    )
    lines = shown(RunProgress(question="Who?", state="running", tasks=plan), stage="plan")
    asked = [line for line in lines if "Question" in line]
    assert len(asked) == 16
    assert f"Question {tasks - 1} " in asked[-1]
    assert any(f"and {tasks - 16} tasks more" in line for line in lines) is (tasks > 16)
