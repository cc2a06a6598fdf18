"""Documents and evidence of a home: read through a view, and compared with what they were."""

import gc
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from quaestor.errors import IntegrityError, LeaseLostError, PrivacyError
from quaestor.memory import schema
from quaestor.memory.database import Database
from quaestor.memory.documents import WEB, Document, Location, Origin
from quaestor.memory.evidence import Evidence
from quaestor.memory.lease import take
from quaestor.memory.store import KNOWN, Store, save_documents
from tests.memory.conftest import page

NOTES = Origin(kind="local", name="notes", private=True)
PAGE = page("The ferry sails at noon.\r\nGrüße, 船")
NOTE = replace(
    page("a,b\n1,2\n", uri="table.csv", origin=NOTES),
    modified="2024-02-29T12:00:00+00:00",
    locations=(Location(kind="row", number=1, start=4, end=7),),
    changes={"nul": 2},
)


async def keep(database: Database, *documents: Document) -> None:
    async with database.writing() as connection:
        await save_documents(connection, documents)


def plant(database: Database, statement: str, *values: object) -> None:
    """Change the file behind the library's back."""
    with sqlite3.connect(database.path) as connection:
        changed = connection.execute(statement, values).rowcount
    connection.close()
    assert changed == 1


async def test_documents_come_back_equal(database: Database) -> None:
    await keep(database, PAGE, NOTE)
    await keep(database, PAGE)
    found = await Store(database).documents([NOTE.id, PAGE.id, NOTE.id])
    assert list(found.items()) == [(NOTE.id, NOTE), (PAGE.id, PAGE)]
    assert found[NOTE.id].origin.private


async def test_equal_text_is_stored_once_and_labels_never_merge(database: Database) -> None:
    twins = [
        page("The same.", uri="a"),
        page("The same.", uri="b"),
        page("The same.", origin=NOTES),
    ]
    await keep(database, *twins)
    async with database.reading() as connection:
        texts = (await connection.execute(select(schema.texts.c.sha256))).scalars().all()
    assert texts == [twins[0].text_sha256]
    found = await Store(database).documents([twin.id for twin in twins])
    assert [(one.origin.label, one.uri) for one in found.values()] == [
        ("web", "a"),
        ("web", "b"),
        ("local:notes", "https://example.org/"),
    ]


async def test_more_documents_than_a_statement_takes_parameters(database: Database) -> None:
    many = [page("text", uri=f"{number}") for number in range(1_201)]
    await keep(database, *many)
    found = await Store(database).documents([one.id for one in reversed(many)])
    assert [one.uri for one in found.values()] == [f"{number}" for number in reversed(range(1_201))]


async def test_what_is_held_in_memory_does_not_grow_with_what_was_read(database: Database) -> None:
    many = [page("text", uri=f"{number}") for number in range(KNOWN + 44)]
    await keep(database, *many)
    store, names = Store(database), [one.id for one in many]
    del many
    for name in names:
        await store.document(name)
    held = [one for one in gc.get_objects() if isinstance(one, Document) and one.id in names]
    assert len(held) == KNOWN
    assert list(await store.documents(names)) == names


async def test_evidence_comes_back_equal(database: Database) -> None:
    await keep(database, PAGE, NOTE)
    spans = [PAGE.span(4, 9), NOTE.span(4, 7), PAGE.span(26, 34)]
    assert [span.text for span in spans] == ["ferry", "1,2", "Grüße, 船"]
    store = Store(database)
    await store.add_evidence(spans)
    await store.add_evidence(spans[:1])
    await store.add_evidence([])
    wanted = [span.id for span in reversed(spans)]
    assert list((await Store(database).evidence(wanted)).values()) == spans[::-1]


async def test_a_view_reads_its_own_origins_and_nothing_else(database: Database) -> None:
    await keep(database, PAGE, NOTE)
    whole = Store(database)
    spans = [PAGE.span(0, 3), NOTE.span(0, 3)]
    await whole.add_evidence(spans)
    public = whole.view(["web"])
    assert (await public.document(PAGE.id), await public.evidence([spans[0].id])) == (
        PAGE,
        {spans[0].id: spans[0]},
    )
    for asked in (public.document(NOTE.id), public.documents([PAGE.id, NOTE.id])):
        with pytest.raises(PrivacyError, match=r"a view of \['web'\] was asked for local:notes"):
            await asked
    with pytest.raises(PrivacyError):
        await public.evidence([spans[0].id, spans[1].id])
    with pytest.raises(PrivacyError):  # asked again: what was refused was not kept
        await public.document(NOTE.id)
    with pytest.raises(PrivacyError):
        await whole.view([]).document(PAGE.id)
    assert await whole.view(["local:notes"]).document(NOTE.id) == NOTE


async def test_what_is_not_there(database: Database) -> None:
    await keep(database, PAGE)
    with pytest.raises(IntegrityError, match=r"document nowhere is not in .*quaestor"):
        await Store(database).documents([PAGE.id, "nowhere"])
    with pytest.raises(IntegrityError, match=r"evidence nowhere is not in .*quaestor"):
        await Store(database).evidence(["nowhere"])


def another_text(_: Document) -> tuple[str, tuple[object, ...]]:
    return "UPDATE texts SET body = ?", (zlib.compress(b"The ferry sails at nine."),)


def broken_bytes(_: Document) -> tuple[str, tuple[object, ...]]:
    return "UPDATE texts SET body = substr(body, 1, 9)", ()


def another_uri(_: Document) -> tuple[str, tuple[object, ...]]:
    return "UPDATE documents SET uri = 'https://elsewhere.example/'", ()


def another_origin(_: Document) -> tuple[str, tuple[object, ...]]:
    return "UPDATE documents SET origin = 'local:notes'", ()


def no_text(_: Document) -> tuple[str, tuple[object, ...]]:
    return "DELETE FROM texts", ()


@pytest.mark.parametrize(
    ("planted", "says"),
    [
        pytest.param(another_text, "is not what it was", id="another text"),
        pytest.param(broken_bytes, "is not what it was", id="half of its bytes"),
        pytest.param(no_text, "is not what it was", id="no text"),
        pytest.param(another_uri, "was stored under another's id", id="another address"),
        pytest.param(another_origin, "was stored under another's id", id="another origin"),
    ],
)
async def test_a_document_that_is_not_what_it_was_is_refused(
    database: Database,
    planted: Callable[[Document], tuple[str, tuple[object, ...]]],
    says: str,
) -> None:
    await keep(database, PAGE)
    statement, values = planted(PAGE)
    plant(database, statement, *values)
    with pytest.raises(IntegrityError, match=says):
        await Store(database).document(PAGE.id)


@pytest.mark.parametrize(
    "column",
    [
        pytest.param("text = 'The fury'", id="another text"),
        pytest.param("start = 1", id="another beginning"),
        pytest.param("end = 4", id="another end"),
        pytest.param("end = 4000", id="an end outside the document"),
    ],
)
async def test_evidence_that_its_document_does_not_say_is_refused(
    database: Database, column: str
) -> None:
    await keep(database, PAGE)
    span = PAGE.span(0, 9)
    await Store(database).add_evidence([span])
    await database.settled()
    plant(database, "UPDATE evidence SET " + column.replace("end", '"end"'))
    with pytest.raises(IntegrityError):
        await Store(database).evidence([span.id])


async def test_evidence_that_was_made_up_is_stored_and_never_read(database: Database) -> None:
    await keep(database, PAGE)
    forged = Evidence(id="0" * 12, document=PAGE.id, start=0, end=3, text="The")
    store = Store(database)
    await store.add_evidence([forged])
    with pytest.raises(IntegrityError, match="is not what its document says there"):
        await store.evidence([forged.id])


async def test_a_store_of_a_run_that_was_taken_over_writes_nothing(database: Database) -> None:
    await keep(database, PAGE)
    late = Store(database, run_id="r", token=(await take(database, "r")).token)
    await take(database, "r")
    span = PAGE.span(0, 3)
    for store in (late, late.view([WEB.label])):
        with pytest.raises(LeaseLostError):
            await store.add_evidence([span])
    with pytest.raises(IntegrityError):
        await Store(database).evidence([span.id])
