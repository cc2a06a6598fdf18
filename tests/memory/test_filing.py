"""A report is kept as ids and prose, and comes back whole or not at all."""

import sqlite3

import pytest

from quaestor.errors import IntegrityError
from quaestor.memory.database import Database
from quaestor.memory.filing import FiledReport, file_report, read_report
from quaestor.memory.finding import Conflict, Gap
from quaestor.memory.lease import take
from quaestor.memory.report import Cited, Claim, Report
from quaestor.memory.store import Store, save_documents
from quaestor.memory.values import Values
from tests.memory.conftest import page

FERRY, MILL = page("The ferry sails at noon.", uri="f"), page("The mill burnt down.", uri="m")
NOON, BURNT = FERRY.span(4, 23), MILL.span(0, 19)
REPORT = Report(
    question="When does the ferry sail?",
    status="answered",
    answer="noon",
    markdown="# When?\n",
    claims=(
        Claim(id="c1", text="At noon.", evidence=(NOON.id,), verdict="supported"),
        Claim(id="c2", text="Burnt.", evidence=(BURNT.id,), verdict="partly", reason="no date"),
    ),
    cited=(
        Cited(evidence=NOON, document=FERRY, retained_by="instant", taken_at="2026-01-01"),
        Cited(
            evidence=BURNT,
            document=MILL,
            retained_by="claim",
            taken_at="2026-01-02",
            also=("local:notes mill.txt",),
        ),
    ),
    conflicts=(
        Conflict(about="x", values=("1", "2"), evidence=((NOON.id,), (BURNT.id,)), rule="newer"),
    ),
    gaps=(Gap(kind="not_found", what="the fare", why="nothing says it", tried=("fare",)),),
    answer_evidence=(NOON.id,),
    fallbacks={"planner:reply": 1},
    as_of="2026-01-03",
)


async def kept(database: Database) -> FiledReport:
    """Store what the report cites and the report, and return it as a later process reads it."""
    async with database.writing() as connection:
        await save_documents(connection, [FERRY, MILL])
    await Store(database).add_evidence([NOON, BURNT])
    values = Values(database, run_id="r", token=(await take(database, "r")).token)
    name = await values.save(file_report(REPORT))
    return await Values(database, run_id="r", token=0).load(FiledReport, name)


async def test_a_report_comes_back_equal(database: Database) -> None:
    assert await read_report(await kept(database), Store(database)) == REPORT


async def test_what_is_kept_of_it_holds_no_document_text(database: Database) -> None:
    assert "ferry sails" not in repr(await kept(database))


async def test_a_report_whose_source_was_changed_is_refused(database: Database) -> None:
    filed = await kept(database)
    await database.settled()
    with sqlite3.connect(database.path) as connection:
        connection.execute("UPDATE evidence SET text = 'ferry sails at nine' WHERE start = 4")
    connection.close()
    with pytest.raises(IntegrityError, match="is not what its document says there"):
        await read_report(filed, Store(database))
