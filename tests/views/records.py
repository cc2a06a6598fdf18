"""Runs made by hand for the tests of drawing: a small one, and one of some sixty nodes."""

from quaestor.memory.calls import Ask, CallRow
from quaestor.memory.documents import WEB, Document, Origin
from quaestor.memory.evidence import Evidence, Sighting
from quaestor.memory.finding import Conflict, Finding, Gap
from quaestor.memory.plan import Branch, Plan, Task
from quaestor.memory.record import RunRecord
from quaestor.memory.report import Cited, Claim, Report

HANDBOOK = Origin(kind="local", name="handbook", private=True)


def document(uri: str, title: str, text: str, origin: Origin = HANDBOOK) -> Document:
    return Document.of(
        text,
        uri=uri,
        title=title,
        media_type="text/plain",
        origin=origin,
        extractor="plain",
    )


def span(of: Document, words: str) -> Evidence:
    start = of.text.index(words)
    return of.span(start, start + len(words))


def sighting(branch: Branch, task: Task, found: Evidence, *, step: int, query: str) -> Sighting:
    return Sighting(
        evidence=found.id,
        branch=branch,
        task=task.id,
        step=step,
        tool="chunk_search",
        query=query,
        rank=1,
        score=0.5,
        retained_by="instant",
    )


def finding(branch: Branch, task: Task, question: str, kept: list[Evidence]) -> Finding:
    return Finding(
        task=task.id,
        branch=branch,
        question=question,
        source=task.source,
        kept=tuple(each.id for each in kept),
        seen=(),
        hypotheses=(),
        conclusion="",
        stopped="answered" if kept else "failed",
    )


def call(
    key: str,
    kind: str,
    asks: list[tuple[Branch, str, int]],
    documents: list[Document],
    *,
    origin: str = "local:handbook",
    status: str = "done",
) -> CallRow:
    return CallRow(
        key=key,
        kind=kind,
        sample=0,
        status="failed" if status == "failed" else "done",
        how="made",
        asks=tuple(
            Ask(branch=branch, task=task, round=0, step=step) for branch, task, step in asks
        ),
        origin=origin,
        started=f"2026-11-20T08:00:{len(key) % 60:02d}Z",
        seconds=0.25,
        documents=tuple(each.id for each in documents),
    )


def small_run() -> RunRecord:
    """One question, a task and a task that waits for it, two documents that disagree."""
    lead = Task.of("Who leads the pump line?", branch="private", source="handbook")
    born = Task.of("When was #1 born?", branch="private", source="handbook", needs=[lead.id])
    team = document("team.md", "Team", "Our people.\nThe pump line is led by Ada Brandt.\n")
    bios = document("bios.md", "Biographies", "Ada Brandt was born in 1971.\n")
    wiki = document("https://wiki.example/brandt", "Brandt", "Brandt was born in 1970.", WEB)
    leads, old, other = (
        span(team, "The pump line is led by Ada Brandt."),
        span(bios, "Ada Brandt was born in 1971."),
        span(wiki, "Brandt was born in 1970."),
    )
    claims = (
        Claim(
            id="c1",
            text="Ada Brandt leads the pump line.",
            evidence=(leads.id,),
            verdict="supported",
        ),
        Claim(
            id="c2",
            text="She was born in 1971.",
            evidence=(old.id,),
            verdict="partly",
            reason="She",
        ),
    )
    report = Report(
        question="When was the leader of the pump line born?",
        status="answered",
        answer="1971",
        markdown="1971 [1]",
        claims=claims,
        cited=tuple(
            Cited(
                evidence=each, document=of, retained_by="instant", taken_at="2026-11-20T07:59:00Z"
            )
            for each, of in ((leads, team), (old, bios))
        ),
        conflicts=(
            Conflict(
                about="birth of Ada Brandt",
                values=("1971", "1970"),
                evidence=((old.id,), (other.id,)),
                rule="own documents",
            ),
        ),
        gaps=(
            Gap(
                kind="source_down", what="the intranet", why="it did not answer", tried=("Brandt",)
            ),
        ),
        fallbacks={"writer:invalid reply": 1},
        as_of="2026-11-20",
        answer_evidence=(old.id,),
    )
    return RunRecord(
        run_id="r-2026-abc",
        question=report.question,
        plans=(Plan(branch="private", tasks=(lead, born)),),
        findings=(
            finding("private", lead, lead.question, [leads]),
            finding("private", born, "When was Ada Brandt born?", [old]),
        ),
        calls=(
            call("a" * 64, "local_search", [("private", lead.id, 1)], [team]),
            call(
                "b" * 64,
                "local_search",
                [("private", lead.id, 2), ("private", born.id, 1)],
                [team, bios],
            ),
            call("c" * 64, "fetch", [("private", born.id, 2)], [wiki], origin="web"),
            call("d" * 64, "chat", [("private", "", 0)], [], origin=""),
        ),
        documents=(team, bios, wiki),
        evidence=(leads, old, other),
        sightings=(
            sighting("private", lead, leads, step=1, query="who leads the pump line"),
            sighting("private", born, old, step=1, query="Ada Brandt born"),
            sighting("private", born, other, step=2, query="Brandt"),
        ),
        report=report,
    )


_TOPICS = (
    ("Which plant makes the L4 coolant pump?", "pump plant", "Reutlingen"),
    ("Who was the plant manager of Reutlingen in 2024?", "plant manager Reutlingen", "Ines Okafor"),
    (
        "What does the warranty of the L4 pump cover, and for how long?",
        "L4 pump warranty",
        "36 months",
    ),
    (
        "What did the public recall notice of March 2025 say about L4 pumps?",
        "L4 pump recall",
        "4,120 units",
    ),
    (
        "Which supplier delivered the seals of the recalled lot?",
        "seal supplier lot",
        "Norrland Gummi AB",
    ),
    (
        "Has the supplier published a statement on its seal compound?",
        "seal compound statement",
        "EPDM 70",
    ),
)


def big_run() -> RunRecord:
    """Six tasks in two branches, some twenty calls, a dozen documents, claims on most of it."""
    tasks: list[tuple[Branch, Task]] = []
    for number, (question, query, _) in enumerate(_TOPICS):
        branch: Branch = "public" if number in (3, 5) else "private"
        needs = [tasks[0][1].id] if number == 1 else [tasks[3][1].id] if number == 5 else []
        source = "web" if branch == "public" else "handbook"
        tasks.append(
            (branch, Task.of(question, branch=branch, source=source, needs=needs, queries=[query]))
        )
    documents: list[Document] = []
    spans: list[tuple[int, Evidence]] = []
    for number, (question, query, answer) in enumerate(_TOPICS):
        public = tasks[number][0] == "public"
        for part in range(2):
            text = (
                f"Section {part + 1} on {query}.\n"
                f"As recorded here, the answer to “{question}” is {answer}, version {part}.\n"
                f"A second remark about {query} with further detail, number {part}, follows here.\n"
            )
            uri = f"https://news.example/{number}/{part}" if public else f"notes/{number}-{part}.md"
            origin = WEB if public else HANDBOOK
            made = document(
                uri, f"{query.title()}, part {part + 1} of the shared folder", text, origin
            )
            documents.append(made)
            spans.append((number, span(made, text.split("\n")[1])))
            if part == 0:
                spans.append((number, span(made, text.split("\n")[2])))
    calls = [call("f" * 63 + "0", "chat", [("private", "", 0)], [], origin="")]
    for number, (branch, task) in enumerate(tasks):
        pair = documents[2 * number : 2 * number + 2]
        kind = "search" if branch == "public" else "local_search"
        label = "web" if branch == "public" else "local:handbook"
        calls.append(call(f"{number}a" * 32, kind, [(branch, task.id, 1)], pair, origin=label))
        later = documents[(2 * number + 3) % 12]
        second = [pair[1], later] if number % 2 else [pair[1]]
        calls.append(call(f"{number}b" * 32, kind, [(branch, task.id, 2)], second, origin=label))
        if branch == "public":
            calls.append(
                call(f"{number}c" * 32, "fetch", [(branch, task.id, 3)], [pair[0]], origin="web")
            )
    calls.append(
        call(
            "9d" * 32, "search", [("public", tasks[5][1].id, 4)], [], origin="web", status="failed"
        )
    )
    claims = tuple(
        Claim(
            id=f"c{number + 1}",
            text=f"On “{question}” the documents say {answer}.",
            evidence=tuple(found.id for of, found in spans if of == number)[: 1 + number % 3],
            verdict="partly" if number == 4 else "supported",
        )
        for number, (question, _, answer) in enumerate(_TOPICS)
    )
    by_id = {each.id: each for each in documents}
    cited = {ref for claim in claims for ref in claim.evidence}
    report = Report(
        question="Which plant made the recalled L4 pumps, and what does the warranty pay?",
        status="answered",
        answer="Reutlingen, run by Ines Okafor; the warranty pays seals and labour for 36 months.",
        markdown="",
        claims=claims,
        cited=tuple(
            Cited(
                evidence=found,
                document=by_id[found.document],
                retained_by="instant",
                taken_at="2026-11-20T08:00:00Z",
            )
            for _, found in spans
            if found.id in cited
        ),
        conflicts=(
            Conflict(
                about="plant",
                values=("Reutlingen", "Bremen"),
                evidence=((spans[0][1].id,), (spans[5][1].id,)),
                rule="newer",
            ),
        ),
        gaps=(
            Gap(kind="refused", what="the supplier's page", why="robots.txt says no", source="web"),
        ),
        as_of="2026-11-20",
    )
    return RunRecord(
        run_id="r-big",
        question=report.question,
        plans=tuple(
            Plan(branch=side, tasks=tuple(task for branch, task in tasks if branch == side))
            for side in ("public", "private")
        ),
        findings=tuple(
            finding(branch, task, task.question, [found for of, found in spans if of == number])
            for number, (branch, task) in enumerate(tasks)
        ),
        calls=tuple(calls),
        documents=tuple(documents),
        evidence=tuple(found for _, found in spans),
        sightings=tuple(
            sighting(*tasks[of], found, step=1, query=_TOPICS[of][1]) for of, found in spans
        ),
        report=report,
    )
