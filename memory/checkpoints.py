"""LangGraph's checkpoints in our file, with a serializer that refuses what it does not know.

State is JSON-plain, so beyond JSON's own values only LangGraph's control values pass. Both the
permissive default (which calls any importable callable a checkpoint names) and the strict one
(which silently loads an unknown type as a dict) are worse than an error.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import ormsgpack
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Interrupt, Overwrite, Send

from quaestor.errors import IntegrityError
from quaestor.memory.database import Database, connect
from quaestor.memory.lease import Lease

TYPE = "quaestor-1"
"""The type tag of every value we write; no other is read."""

_SEND, _OVERWRITE, _INTERRUPT = 1, 2, 3
# Left to itself ormsgpack turns tuples into lists and dataclasses into dicts: silent changes
# between a first run and its resume. Passed through, they reach _encode, which refuses them.
_PACK = (
    ormsgpack.OPT_PASSTHROUGH_DATACLASS
    | ormsgpack.OPT_PASSTHROUGH_DATETIME
    | ormsgpack.OPT_PASSTHROUGH_ENUM
    | ormsgpack.OPT_PASSTHROUGH_SUBCLASS
    | ormsgpack.OPT_PASSTHROUGH_TUPLE
    | ormsgpack.OPT_PASSTHROUGH_UUID
)


class ExactSerializer:
    """Writes JSON-plain values and LangGraph's `Send`, `Overwrite` and `Interrupt`, no others.

    What is read back equals what was written, in value and in type.
    """

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """Return the tag and the bytes of a value.

        Raises:
            IntegrityError: It holds something that is not JSON-plain; the message names it.
        """
        try:
            return TYPE, ormsgpack.packb(obj, _encode, _PACK)
        except ormsgpack.MsgpackEncodeError as error:
            # What _encode raised is the cause; ormsgpack's own refusals (a lone surrogate, an
            # integer over 64 bits, a key that is no string) speak for themselves.
            raise IntegrityError(f"not JSON-plain state: {error.__cause__ or error}") from error

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Return the value.

        Raises:
            IntegrityError: The bytes are not ours, or hold a type we do not write.
        """
        tag, body = data
        if tag != TYPE:
            raise IntegrityError(f"a checkpoint value of type {tag!r} was not written by quaestor")
        try:
            return ormsgpack.unpackb(body, ext_hook=_decode)
        except (ValueError, TypeError, LookupError) as error:
            raise IntegrityError(f"a checkpoint value cannot be read: {error}") from error


class JoiningSaver(AsyncSqliteSaver):
    """The stock saver, whose writes join the transactions of the home's other writers.

    Searchers that end a step at once share a commit then, and do not wait for it: a checkpoint is
    committed in the order in which it was written, and before the ledger lets anything go outside.
    It writes the stock saver's rows, in transactions that compare the lease's token.
    """

    def __init__(self, connection: aiosqlite.Connection, database: Database, lease: Lease) -> None:
        super().__init__(connection, serde=ExactSerializer())
        self._database = database
        self._lease = lease

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Return a checkpoint, of those written too that were not yet committed."""
        await self._database.settled(run_id=self._lease.run_id, token=self._lease.token)
        return await super().aget_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint; raises LeaseLostError where another process has the run."""
        at: dict[str, Any] = config.get("configurable", {})
        thread, namespace = at["thread_id"], at["checkpoint_ns"]
        tag, body = self.serde.dumps_typed(checkpoint)
        about = json.dumps(get_checkpoint_metadata(config, metadata), ensure_ascii=False)
        row = (
            str(thread),
            namespace,
            checkpoint["id"],
            at.get("checkpoint_id"),
            tag,
            body,
            about.encode("utf-8", "ignore"),
        )
        await self._write(f"INSERT OR REPLACE INTO {_CHECKPOINTS}", [row])
        return {
            "configurable": {
                "thread_id": thread,
                "checkpoint_ns": namespace,
                "checkpoint_id": checkpoint["id"],
            }
        }

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Keep what a task wrote; raises LeaseLostError where another process has the run."""
        at: dict[str, Any] = config.get("configurable", {})
        place = (str(at["thread_id"]), str(at["checkpoint_ns"]), str(at["checkpoint_id"]))
        rows = [
            (
                *place,
                task_id,
                task_path,
                WRITES_IDX_MAP.get(channel, number),
                channel,
                *self.serde.dumps_typed(value),
            )
            for number, (channel, value) in enumerate(writes)
        ]
        anew = all(channel in WRITES_IDX_MAP for channel, _ in writes)
        await self._write(f"INSERT OR {'REPLACE' if anew else 'IGNORE'} INTO {_WRITES}", rows)

    async def _write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        lease = self._lease
        async with self._database.writing(
            run_id=lease.run_id, token=lease.token, wait=False
        ) as connection:
            connection.raw.executemany(statement, rows)


_CHECKPOINTS = (
    "checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type,"
    " checkpoint, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_WRITES = (
    "writes (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type,"
    " value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


async def open_saver(
    path: Path, lease: Lease | None, *, database: Database | None = None
) -> AsyncSqliteSaver:
    """Return a saver on the home's database; close it by `close_saver`.

    Given a lease, the database itself refuses a checkpoint of that run written after another
    process has taken it over: TEMP triggers of this connection compare the tokens.

    Args:
        path: Of the home's database.
        lease: Of the run whose checkpoints it writes; None to read.
        database: The run's own, open: what is written joins its transactions, and is closed
            before it is. Without it the saver is the stock one.
    """
    connection = await connect(path)
    try:
        if database is None or lease is None:
            saver = AsyncSqliteSaver(connection, serde=ExactSerializer())
        else:
            saver = JoiningSaver(connection, database, lease)
        await saver.setup()
        if lease is not None:
            for table in ("checkpoints", "writes"):
                await connection.execute(_fence(table, lease))
            await connection.commit()
        # What it still reads takes less than handing it to a thread.
        connection.in_place = isinstance(saver, JoiningSaver)
    except BaseException:
        await connection.close()
        raise
    return saver


async def close_saver(saver: AsyncSqliteSaver) -> None:
    """Close a saver, after the write it is at: closed in one, it would keep the database locked."""
    async with saver.lock:
        await saver.conn.close()


def _fence(table: str, lease: Lease) -> str:
    run_id = lease.run_id.replace("'", "''")
    return f"""
        CREATE TEMP TRIGGER fence_{table} BEFORE INSERT ON main.{table}
        WHEN NEW.thread_id = '{run_id}'
         AND (SELECT token FROM main.leases WHERE run_id = '{run_id}') IS NOT {lease.token:d}
        BEGIN SELECT RAISE(ABORT, 'the run was taken over by another process'); END
    """


def _encode(value: Any) -> ormsgpack.Ext | str:
    match value:
        case Send() if type(value) is Send and value.timeout is None:
            return ormsgpack.Ext(_SEND, _pack([value.node, value.arg]))
        case Overwrite() if type(value) is Overwrite:
            return ormsgpack.Ext(_OVERWRITE, _pack(value.value))
        case Interrupt() if value.__class__ is Interrupt:
            return ormsgpack.Ext(_INTERRUPT, _pack([value.value, value.id]))
        case BaseException():
            # LangGraph keeps a failed task's error as a pending write and never reads it back
            # as an exception; its class alone is kept, for messages may quote private text.
            return type(value).__name__
        case _:
            raise TypeError(f"{type(value).__module__}.{type(value).__qualname__} is not allowed")


def _pack(value: Any) -> bytes:
    return ormsgpack.packb(value, _encode, _PACK)


def _decode(code: int, data: bytes) -> Any:
    held: Any = ormsgpack.unpackb(data, ext_hook=_decode)
    if code == _SEND:
        return Send(held[0], held[1])
    if code == _OVERWRITE:
        return Overwrite(held)
    if code == _INTERRUPT:
        return Interrupt(value=held[0], id=held[1])
    raise ValueError(f"unknown extension type {code}")
