"""What a run has heard of given origins: hits and documents, as text."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from quaestor.memory import schema
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.store import by_key, load_documents


async def heard(
    database: Database,
    run_id: str,
    *,
    origins: Collection[str],
    branch: str = "",
    first: Ask | None = None,
    known: Collection[int] = (),
) -> dict[int, list[str]]:
    """Return the texts of each finished call of a run to sources of these origins.

    Args:
        database: The open database of the home.
        run_id: The run.
        origins: Labels of the sources asked.
        branch: Whose model's replies are texts too; it sees nothing that those may not. A
            reply counts that another branch asked for as well, whichever was first.
        first: Where replies were asked for before any branch began, that count too.
        known: Results to leave out, by their number.

    Returns:
        For each result, what a model said, or the titles, snippets and addresses of its hits
        and whole documents.
    """
    calls, results, asks = schema.calls, schema.results, schema.asks
    asked = select(asks.c.key).where(and_(asks.c.run_id == run_id, _by(branch, first)))
    query = (
        select(results.c.id)
        .join(calls, calls.c.result == results.c.id)
        .where(
            and_(
                calls.c.run_id == run_id,
                or_(
                    calls.c.origin.in_(sorted(origins)),
                    and_(calls.c.kind == "chat", calls.c.key.in_(asked)),
                ),
                results.c.outcome == "done",
            )
        )
    )
    async with database.reading() as connection:
        # A statement that names thousands of known ones is kept prepared, with all of its length.
        new = {row.id for row in await connection.execute(query)}.difference(known)
        rows = await by_key(connection, results, "id", sorted(new))
        bodies: dict[int, dict[str, Any]] = {row["id"]: json.loads(row["body"]) for row in rows}
        ids = sorted({one for body in bodies.values() for one in body.get("documents", [])})
        documents = {one.id: one for one in await load_documents(connection, ids)}
    found: dict[int, list[str]] = {}
    for number, body in bodies.items():
        if "finish" in body:
            found[number] = [body["text"], *(tool["arguments"] for tool in body["tools"])]
            continue
        hits = [text for hit in body["hits"] for text in (hit["title"], hit["snippet"], hit["uri"])]
        read = [documents[one] for one in body["documents"]]
        found[number] = [*hits, *(text for one in read for text in (one.uri, one.title, one.text))]
    return found


def _by(branch: str, first: Ask | None) -> ColumnElement[bool]:
    asks = schema.asks
    if first is None:
        return asks.c.branch == branch
    at_first = and_(
        asks.c.branch == first.branch,
        asks.c.task == first.task,
        asks.c.round == first.round,
        asks.c.step == first.step,
    )
    return or_(asks.c.branch == branch, at_first)


async def held(database: Database, origin: str) -> list[str]:
    """Return title and text of every document of an origin that the home holds."""
    documents = schema.documents
    query = select(documents.c.id).where(documents.c.origin == origin)
    async with database.reading() as connection:
        ids = [row.id for row in await connection.execute(query)]
        return [f"{one.title}\n{one.text}" for one in await load_documents(connection, sorted(ids))]
