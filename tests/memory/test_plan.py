"""Plans: ids by content, what cannot be carried out, what may start, and whose answers go in."""

from dataclasses import replace

import pytest

from quaestor.errors import IntegrityError
from quaestor.memory.plan import Plan, Task, fill


def task(name: str, *needs: str) -> Task:
    return Task(id=name, question=f"{name}?", source="s", needs=needs)


def plan(*tasks: Task) -> Plan:
    return Plan(branch="public", tasks=tasks)


def test_a_task_is_named_by_what_is_asked_of_whom() -> None:
    # printf '["public","web","Who?",[]]' | sha256sum
    one = Task.of("Who?", branch="public", source="web")
    assert one.id == "992e78a1"
    # printf '["public","web","Who?",["aaaaaaaa"]]' | sha256sum
    assert Task.of("Who?", branch="public", source="web", needs=["aaaaaaaa"]).id == "db9927d3"
    # How it is searched for first is a hint, no other task.
    assert Task.of("Who?", branch="public", source="web", queries=["who"]).id == one.id
    others = [
        Task.of("Who?", branch="private", source="web"),
        Task.of("Who?", branch="public", source="notes"),
        Task.of("Why?", branch="public", source="web"),
    ]
    assert len({one.id, *(other.id for other in others)}) == 4


@pytest.mark.parametrize(
    ("tasks", "says"),
    [
        pytest.param([task("a"), task("b"), task("a")], "planned twice: a$", id="twice"),
        pytest.param(
            [task("a"), task("b", "c")], "task b needs c, which is not planned", id="unknown"
        ),
        pytest.param([task("a", "a")], "wait for each other: a$", id="for itself"),
        pytest.param(
            [task("a"), task("b", "c", "a"), task("c", "b")],
            "wait for each other: (b -> c|c -> b)$",
            id="for each other",
        ),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(tasks: list[Task], says: str) -> None:
    with pytest.raises(IntegrityError, match=says):
        plan(*tasks).check()


DIAMOND = plan(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c"))


def test_a_plan_that_can_be_carried_out() -> None:
    plan().check()
    DIAMOND.check()
    assert set(DIAMOND.graph().edges) == {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}


@pytest.mark.parametrize(
    ("done", "ready"),
    [
        pytest.param("", "a", id="first what needs nothing"),
        pytest.param("a", "bc", id="then all that waited for it alone, in planned order"),
        pytest.param("ab", "c", id="one of two needs is not enough"),
        pytest.param("abc", "d", id="both are"),
        pytest.param("abcd", "", id="nothing is left"),
        pytest.param("bc", "ad", id="only its own needs hold a task up"),
    ],
)
def test_what_is_ready(done: str, ready: str) -> None:
    assert "".join(one.id for one in DIAMOND.ready(list(done))) == ready


@pytest.mark.parametrize(
    ("text", "answers", "filled"),
    [
        pytest.param("When was #1 born?", ["Ada"], "When was Ada born?", id="an answer"),
        pytest.param("#2 or #1?", ["a", "b"], "b or a?", id="two, by their numbers"),
        pytest.param("Where is #12?", ["x"] * 11 + ["it"], "Where is it?", id="two digits"),
        pytest.param("Is #3 there?", ["a", "b"], "Is #3 there?", id="no such answer yet"),
        pytest.param("Is #0 there?", ["a"], "Is #0 there?", id="numbers begin at one"),
        pytest.param("Born  in #1 ?", [""], "Born in ?", id="an empty answer leaves no hole"),
        pytest.param("Who wrote #1?", ["C #1\\1"], "Who wrote C #1\\1?", id="answers are data"),
    ],
)
def test_answers_go_where_they_are_named(text: str, answers: list[str], filled: str) -> None:
    assert fill(text, answers) == filled


def test_a_task_whose_question_is_filled_in_keeps_its_id() -> None:
    one = Task.of("When was #1 born?", branch="public", source="web", needs=["aaaaaaaa"])
    asked = replace(one, question=fill(one.question, ["Ada"]))
    assert (asked.id, asked.question) == (one.id, "When was Ada born?")
