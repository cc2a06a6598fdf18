"""What workers hand to each other, kept by content: graph state holds the ids alone.

State is rewritten at every superstep and shown to whoever traces the graph, so a text that may
come from a document (a query, a plan, a conclusion) is a value here and an id there.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import and_, select

from quaestor.errors import IntegrityError
from quaestor.memory import schema
from quaestor.memory.database import Database, Writing, insert_new
from quaestor.memory.recent import Recent
from quaestor.memory.text import sha256

Value = TypeVar("Value")
KNOWN = 1_024
"""Values held in memory: a searcher of thousands of steps reads its last ones again."""


class Values:
    """The values of one run.

    Args:
        database: The open database.
        run_id: The run.
        token: Its lease.
    """

    def __init__(self, database: Database, *, run_id: str, token: int) -> None:
        self._database = database
        self._run_id = run_id
        self._token = token
        # What an id stands for never changes, and what was just saved is what is read next.
        self._known = Recent[str, object](KNOWN)

    async def save(self, value: object) -> str:
        """Store a frozen dataclass and return its id, a function of its kind and content."""
        return (await self.save_all([value]))[0]

    async def save_all(self, values: Iterable[object]) -> list[str]:
        """Store values in one transaction and return their ids in the same order."""
        held = list(values)
        rows = [self._row(value) for value in held]
        new = [row for row in rows if self._known.get(row["id"]) is None]
        if new:
            async with self._writing() as connection:
                await connection.execute(insert_new(schema.values), new)
        for row, value in zip(rows, held, strict=True):
            self._known.put(row["id"], value)
        return [row["id"] for row in rows]

    async def load(self, kind: type[Value], name: str) -> Value:
        """Return the value an id stands for; raises as `load_all` does."""
        return (await self.load_all(kind, [name]))[0]

    async def load_all(self, kind: type[Value], ids: Iterable[str]) -> list[Value]:
        """Return values in the order of their ids.

        Raises:
            IntegrityError: One is not there, is of another kind, or is not what was saved.
        """
        wanted = list(ids)
        held = {one: self._known.get(one) for one in wanted}
        missing = sorted(one for one, value in held.items() if value is None)
        if missing:
            held.update(await self._fetch(kind, missing))
        found = [held[one] for one in wanted]
        for one, value in zip(wanted, found, strict=True):
            if not isinstance(value, kind):
                raise IntegrityError(f"{one} of run {self._run_id} is no {kind.__name__}")
        return [value for value in found if isinstance(value, kind)]

    async def _fetch(self, kind: type[Value], ids: list[str]) -> dict[str, object]:
        table = schema.values
        query = select(table.c.id, table.c.kind, table.c.body).where(
            and_(table.c.run_id == self._run_id, table.c.id.in_(ids))
        )
        async with self._database.reading() as connection:
            rows = {row.id: row for row in await connection.execute(query)}
        found: dict[str, object] = {}
        for one in ids:
            if one not in rows or rows[one].kind != kind.__name__:
                raise IntegrityError(f"run {self._run_id} has no {kind.__name__} {one}")
            if value_id(kind, rows[one].body) != one:
                raise IntegrityError(f"{kind.__name__} {one} of run {self._run_id} was changed")
            found[one] = _adapter(kind).validate_json(rows[one].body)
            self._known.put(one, found[one])
        return found

    def _writing(self) -> Writing:
        return self._database.writing(run_id=self._run_id, token=self._token, wait=False)

    def _row(self, value: object) -> dict[str, str]:
        kind = type(value)
        body = _adapter(kind).dump_json(value).decode()
        return {
            "run_id": self._run_id,
            "id": value_id(kind, body),
            "kind": kind.__name__,
            "body": body,
        }


def value_id(kind: type, body: str) -> str:
    """Return the id of a value: the first 16 hex digits of sha256(kind, JSON)."""
    return sha256(f"{kind.__name__}\n{body}")[:16]


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    # Building one takes milliseconds; there are a dozen kinds.
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
