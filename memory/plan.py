"""What a run sets out to do: the brief of the whole, and each branch's plan of tasks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import networkx as nx

from quaestor.errors import IntegrityError
from quaestor.memory.text import content_id

AnswerType = Literal["name", "place", "date", "number", "yes_no", "choice", "text", "report"]
Branch = Literal["public", "private"]
Depth = Literal["quick", "deep"]

_REFERENCE = re.compile(r"#(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the report must contain, made from the question alone."""

    answer_type: AnswerType
    """`choice`: one of the `options`; `text`: some other short answer; `report`: none."""
    parts: tuple[str, ...]
    """The things asked for, in the asked order; each gets a heading or a sentence."""
    options: tuple[str, ...] = ()
    """The things compared or chosen between, as the question names them."""
    constraints: tuple[str, ...] = ()
    """Conditions every part must meet, in the question's words (an as-of date, a unit)."""
    as_of: str = ""
    """ISO date the report speaks for."""
    language: str = "en"
    """ISO 639-1 of the question, as far as it could be told."""
    depth: Depth = "deep"
    """`quick`: one round and a paragraph; `deep`: a report. As the person set it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One sub-question for one source."""

    id: str
    question: str
    """May name the answer of the n-th task of the same plan as `#n` (1-based)."""
    source: str
    needs: tuple[str, ...] = ()
    """Ids of the tasks whose answers it waits for."""
    queries: tuple[str, ...] = ()
    """What to search for first, best first; may hold `#n` too."""

    @classmethod
    def of(
        cls,
        question: str,
        *,
        branch: Branch,
        source: str,
        needs: Sequence[str] = (),
        queries: Sequence[str] = (),
    ) -> "Task":
        """Return the task with its id: a function of what is asked of whom by which branch."""
        return cls(
            id=content_id(branch, source, question, list(needs), length=8),
            question=question,
            source=source,
            needs=tuple(needs),
            queries=tuple(queries),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A branch's tasks in the order they were planned; `#1` is the first of them."""

    branch: Branch
    tasks: tuple[Task, ...] = ()

    def graph(self) -> "nx.DiGraph[str]":
        """Return the tasks as a graph, an edge from what is needed to what needs it."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(task.id for task in self.tasks)
        graph.add_edges_from((need, task.id) for task in self.tasks for need in task.needs)
        return graph

    def check(self) -> None:
        """Refuse a plan that cannot be carried out.

        Raises:
            IntegrityError: A task is there twice, needs one that is not there, or waits for
                itself; the message names it.
        """
        ids = [task.id for task in self.tasks]
        twice = sorted({task for task in ids if ids.count(task) > 1})
        if twice:
            raise IntegrityError(f"tasks planned twice: {', '.join(twice)}")
        for task in self.tasks:
            for need in task.needs:
                if need not in ids:
                    raise IntegrityError(f"task {task.id} needs {need}, which is not planned")
        if not nx.is_directed_acyclic_graph(self.graph()):
            edges = cast("list[tuple[str, str]]", nx.find_cycle(self.graph()))
            cycle = " -> ".join(edge[0] for edge in edges)
            raise IntegrityError(f"tasks wait for each other: {cycle}")

    def ready(self, done: Sequence[str]) -> list[Task]:
        """Return the tasks not done whose needs are, in planned order."""
        return [
            task
            for task in self.tasks
            if task.id not in done and all(need in done for need in task.needs)
        ]


def fill(text: str, answers: Sequence[str]) -> str:
    """Put the n-th task's answer where `text` says `#n`; an empty answer leaves it out."""

    def answer(match: re.Match[str]) -> str:
        number = int(match[1])
        return answers[number - 1] if 1 <= number <= len(answers) else match[0]

    return " ".join(_REFERENCE.sub(answer, text).split())
