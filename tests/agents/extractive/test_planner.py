"""What is asked of whom, by the form of the question, and when nothing more is."""

import asyncio
from collections.abc import Sequence

from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.agents.roles.planner import Planned, PlanView
from quaestor.agents.roles.shown import SourceCard
from quaestor.memory.finding import Finding
from quaestor.memory.plan import Plan, Task

NOTES = SourceCard(name="notes", private=True, remote=False, tools=("chunk_search",))
MAIL = SourceCard(name="mail", private=True, remote=False, tools=("chunk_search",))


def plan(
    question: str,
    *,
    sources: Sequence[SourceCard] = (NOTES,),
    tasks: Sequence[Task] = (),
    findings: Sequence[Finding] = (),
    known: Sequence[Finding] = (),
) -> Planned:
    planner = ExtractivePlanner()
    view = PlanView(
        question=question,
        brief=asyncio.run(planner.brief(question, as_of="2026-01-01")),
        branch="private",
        sources=tuple(sources),
        plan=Plan(branch="private", tasks=tuple(tasks)),
        findings=tuple(findings),
        round=1 if tasks else 0,
        known=tuple(known),
    )
    return asyncio.run(planner.plan(view))


def finding(
    task: str, source: str, *, hypotheses: tuple[str, ...] = (), conclusion: str = ""
) -> Finding:
    return Finding(
        task=task,
        branch="private",
        question="",
        source=source,
        kept=(),
        seen=(),
        hypotheses=hypotheses,
        conclusion=conclusion,
    )


def test_a_comparison_is_a_task_for_each_option() -> None:
    tasks = plan("Which ferry is older, Merganser or Pintail?").tasks
    assert [task.queries[-1] for task in tasks] == ["Merganser", "Pintail"]
    assert not any("Pintail" in query for query in tasks[0].queries)


def test_a_chain_is_one_task_for_each_source() -> None:
    tasks = plan("Where was the builder of the Merganser born?", sources=(NOTES, MAIL)).tasks
    assert [task.source for task in tasks] == ["notes", "mail"]
    assert tasks[0].queries == ("Where was the builder of the Merganser born?", "Merganser")


def test_two_questions_in_one_are_two_tasks() -> None:
    tasks = plan("When did the Tollan depot open, and who is its manager?").tasks
    assert [task.question for task in tasks] == [
        "When did the Tollan depot open?",
        "who is its manager?",
    ]


def test_three_things_compared_are_three_tasks() -> None:
    tasks = plan("Compare the length and the draught of Merganser, Pintail and Wigeon.").tasks
    assert [task.queries[-1] for task in tasks] == ["Merganser", "Pintail", "Wigeon"]
    assert all("draught" in task.queries[0] for task in tasks)


def test_an_answered_question_is_not_asked_again() -> None:
    question = "Who built the Merganser?"
    first = plan(question, sources=(NOTES, MAIL)).tasks
    done = [finding(first[0].id, "notes", hypotheses=("Ilse Marrand",))]
    assert plan(question, sources=(NOTES, MAIL), tasks=first, findings=done) == Planned()


def test_an_open_question_is_asked_of_one_source_with_what_the_other_found() -> None:
    question = "Where was the builder of the Merganser born?"
    first = plan(question, sources=(NOTES, MAIL)).tasks
    done = [
        finding(first[0].id, "notes", conclusion="The ship was built by Ilse Marrand."),
        finding(first[1].id, "mail"),
    ]
    more = plan(question, sources=(NOTES, MAIL), tasks=first, findings=done).tasks
    assert [task.source for task in more] == ["mail"]
    assert more[0].queries[-1] == "Ilse Marrand"


def test_the_second_pass_asks_the_documents_about_what_the_web_found() -> None:
    question = "Who is our contact at the maker of the Merganser?"
    first = plan(question).tasks
    done = [finding(first[0].id, "notes")]
    web = [finding("w", "web", hypotheses=("Oster Lines",))]
    more = plan(question, tasks=first, findings=done, known=web).tasks
    assert more[0].queries[-1] == "Oster Lines"
    again = plan(question, tasks=(*first, *more), findings=done, known=web)
    assert again.tasks == ()


def test_what_only_private_documents_name_stays_a_gap() -> None:
    question = "When was the maker of the Merganser founded?"
    first = plan(question).tasks
    done = [finding(first[0].id, "notes", conclusion="It was made by Oster Lines.")]
    web = [finding("w", "web")]
    planned = plan(question, tasks=first, findings=done, known=web)
    assert planned.tasks == ()
    assert [gap.kind for gap in planned.gaps] == ["private"]
    assert "Oster Lines" in planned.gaps[0].why


def test_the_brief_says_what_the_report_must_hold() -> None:
    brief = asyncio.run(
        ExtractivePlanner().brief("Which is older, Merganser or Pintail?", as_of="2026-01-01")
    )
    assert (brief.answer_type, brief.options, brief.as_of, brief.language) == (
        "choice",
        ("Merganser", "Pintail"),
        "2026-01-01",
        "en",
    )
