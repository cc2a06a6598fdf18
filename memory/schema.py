"""The tables of a home, one schema for SQLite and PostgreSQL.

LangGraph's `checkpoints` and `writes` stand beside them in the same database
(memory/checkpoints.py). Values that are lists or objects are JSON text.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

VERSION = 1
"""Of this schema; a home of another version is refused, never guessed at."""

metadata = MetaData()

home = Table("home", metadata, Column("version", Integer, primary_key=True))

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("question", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("started", String, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("parents", Text, nullable=False, default="[]"),
    Column("report", Text),
)

leases = Table(
    "leases",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("token", Integer, nullable=False),
    Column("expires", Float, nullable=False),
)

texts = Table(
    "texts",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""What was fetched, compressed; a reading names it by `bytes_sha256`."""

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("text_sha256", String, nullable=False),
    Column("uri", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("extractor", String, nullable=False),
    Column("modified", String),
    Column("locations", Text, nullable=False),
    Column("changes", Text, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", String, primary_key=True),
    Column("document", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("evidence", String, primary_key=True),
    Column("branch", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("tool", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("retained_by", String),
)

values = Table(
    "handed_on",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("taken_at", String, nullable=False),
    Column("tokens_in", Integer, nullable=False, default=0),
    Column("tokens_out", Integer, nullable=False, default=0),
    Column("usd", Float, nullable=False, default=0.0),
)
Index("results_by_key", results.c.key)

requests = Table(
    "requests",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
)

parts = Table(
    "parts",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("body", Text, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("sample", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("how", String, nullable=False),
    Column("result", Integer),
    Column("origin", String, nullable=False),
    Column("started", String, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lost", Integer, nullable=False, default=0),
)

wasted = Table(
    "wasted",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String, nullable=False),
    Column("key", String, nullable=False),
    Column("sample", Integer, nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("usd", Float, nullable=False),
    Column("priced", Boolean, nullable=False),
    Column("estimated", Boolean, nullable=False),
)
"""Replies to a call's tries that were paid for and could not be used."""
Index("wasted_by_run", wasted.c.run_id)

asks = Table(
    "asks",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("sample", Integer, primary_key=True),
    Column("branch", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("charge", Text, nullable=False),
)
Index("asks_by_step", asks.c.run_id, asks.c.branch, asks.c.task, asks.c.step)

fallbacks = Table(
    "fallbacks",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("branch", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("reason", String, primary_key=True),
)
