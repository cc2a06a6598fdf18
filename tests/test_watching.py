"""Events folded into progress, by hand."""

from quaestor.memory.calls import Ask, CallRow
from quaestor.memory.events import Event
from quaestor.memory.evidence import Sighting
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Plan, Task
from quaestor.memory.record import RunRecord
from quaestor.views.run_view import render_html, render_text
from quaestor.watching import Watch


def test_events_add_up() -> None:
    watch = Watch("Who?")
    for event in (
        Event(kind="source", text="docs", count=1, total=2, status="a.md"),
        Event(kind="stage", text="plan"),
        Event(kind="planned", branch="private", task="t1", source="docs", text="Who is it?"),
        Event(kind="planned", branch="public", task="t2", source="web", text="Who else?"),
        Event(kind="task", task="t1", status="running"),
        Event(kind="call", text="local_search", status="started"),
        Event(kind="call", text="local_search", status="done"),
        Event(kind="call", text="search", status="started"),
        Event(kind="kept", task="t1", count=3),
        Event(kind="kept", task="t1", count=1),
        Event(kind="gap", text="nothing"),
        Event(kind="task", task="t1", status="done"),
        Event(kind="task", task="unknown", status="done"),
    ):
        watch.see(event)
    progress = watch.progress()
    assert [(task.id, task.branch, task.source, task.state) for task in progress.tasks] == [
        ("t1", "private", "docs", "done"),
        ("t2", "public", "web", "waiting"),
    ]
    assert progress.calls == {"local_search": 1, "search": 1}
    assert (progress.evidence, progress.gaps, progress.state) == (4, 1, "running")
    assert watch.stage == "plan"
    assert watch.preparing["docs"].total == 2
    watch.end("interrupted")
    assert watch.progress().state == "interrupted"
    watch.see(Event(kind="run", text="r1", status="done"))
    assert watch.progress().state == "done"


def test_what_is_waited_for_shows_until_it_is_over() -> None:
    watch = Watch("Who?")
    watch.see(Event(kind="source", text="web", status="waiting 3 s"))
    assert watch.progress().notes == ()
    watch.see(Event(kind="stage", text="plan"))
    watch.see(Event(kind="source", text="web", status="waiting 3 s"))
    progress = watch.progress()
    assert progress.notes == ("web: waiting 3 s",)
    assert "  web: waiting 3 s\n" in render_text(progress)
    assert "<bdi>web: waiting 3 s</bdi>" in render_html(progress)
    watch.see(Event(kind="source", text="web"))
    assert watch.progress().notes == ()


def test_a_resumed_run_begins_where_it_was() -> None:
    done, asking, waiting = (
        Task.of(question, branch="private", source="docs")
        for question in ("One?", "Two?", "Three?")
    )
    call = CallRow(
        key="k",
        kind="local_search",
        sample=0,
        status="done",
        how="made",
        asks=(Ask(branch="private", task=asking.id, round=0, step=1),),
        origin="local:docs",
        started="",
        seconds=0.0,
    )
    finding = Finding(
        task=done.id,
        branch="private",
        question="One?",
        source="docs",
        kept=(),
        seen=(),
        hypotheses=(),
        conclusion="",
        gaps=(Gap(kind="not_found", what="One?", why="nothing"),),
        stopped="failed",
    )
    kept, dropped = (
        Sighting(
            evidence=name,
            branch="private",
            task=done.id,
            step=1,
            tool="chunk_search",
            query="one",
            rank=1,
            score=1.0,
            retained_by="instant" if name == "e1" else None,
        )
        for name in ("e1", "e2")
    )
    record = RunRecord(
        run_id="r",
        question="Who?",
        plans=(Plan(branch="private", tasks=(done, asking, waiting)),),
        findings=(finding,),
        calls=(call,),
        sightings=(kept, dropped),
    )
    progress = Watch("Who?", record).progress()
    assert [task.state for task in progress.tasks] == ["failed", "running", "waiting"]
    assert progress.calls == {"local_search": 1}
    assert (progress.evidence, progress.gaps) == (1, 1)
