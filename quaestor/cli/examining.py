"""`doctor`: the settings and where each came from, and what is live."""

import asyncio
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import typer

from quaestor.cli.examining_models import client_row, clients_json, model_line, models_json
from quaestor.cli.guarding import FAILED
from quaestor.cli.indexing import prepare, showing_progress
from quaestor.cli.options import Plain
from quaestor.cli.output import Json, amount, emit, json_text, table
from quaestor.cli.reaching import authority, reached
from quaestor.cli.sources import DUCKDUCKGO, engine_address, source_json
from quaestor.errors import QuaestorError
from quaestor.making import allowed, make_sources
from quaestor.memory.database import FILE_NAME
from quaestor.memory.labels import one_line
from quaestor.memory.schema import VERSION
from quaestor.settings import Resolved, resolve
from quaestor.tools.sources import Source

DEPENDENCIES = (
    "quaestor",
    "langgraph",
    "langgraph-checkpoint-sqlite",
    "langchain-core",
    "SQLAlchemy",
    "aiosqlite",
    "tantivy",
    "trafilatura",
    "networkx",
    "pydantic",
)


def doctor(*, home: Path, settings: dict[str, Any], as_format: Plain) -> None:
    """Print what Quaestor would work with here.

    Raises:
        SettingsError: A setting is unknown or cannot be what it is.
        typer.Exit: A source or model that is named cannot be used.
    """
    resolved = resolve(home, settings)
    sources = _sources(resolved, home)
    models = models_json(resolved.settings)
    found: Json = {
        "settings": [
            {"name": name, "value": value, "from": resolved.origins[name]}
            for name, value in resolved.settings.model_dump(mode="json").items()
        ],
        "home": _home(home),
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in DEPENDENCIES},
        },
        "sources": sources,
        "models": models,
        "clients": clients_json(),
    }
    emit(json_text(found) if as_format is Plain.json else _text(found))
    if not all(one["live"] for one in (*sources, *models)):
        raise typer.Exit(FAILED)


def _sources(resolved: Resolved, home: Path) -> list[Json]:
    """Return every source that is named, brought up to date, or why it is not live."""
    try:
        sources = allowed(make_sources(resolved.settings), resolved.settings)
    except QuaestorError as error:
        return [_dead("sources", error)]
    return [_examined(source, home) for source in sources]


def _examined(source: Source, home: Path) -> Json:
    async def look() -> Json:
        with showing_progress() as shown:
            await prepare([source], home, shown)
        return {**source_json(source), **_engine(source)}

    try:
        return {"live": True, "why": "", **asyncio.run(look())}
    except QuaestorError as error:
        return _dead(source.name, error)


def _engine(source: Source) -> Json:
    """Return whether the search engine of a live web takes connections; it is asked nothing."""
    address = engine_address(source)
    if not address:
        return {"engine": "", "reached": None}
    own = address != DUCKDUCKGO  # and asked without a proxy
    there = reached(address, remote=not own)
    found: Json = {"engine": authority(address), "reached": there}
    if there is False:
        remedy = "see that it runs there" if own else "is this machine online?"
        why = f"nothing answers at {authority(address)}; {remedy} (--web off leaves the web out)"
        found |= {"live": False, "why": why}
    return found


def _dead(name: str, error: QuaestorError) -> Json:
    nothing: Json = {"counts": {}, "unread": [], "engine": "", "reached": None}
    return {"live": False, "why": str(error), "name": name, **nothing}


def _home(home: Path) -> Json:
    """Return what is known of the home without making it."""
    path = home / FILE_NAME
    facts: Json = {"path": str(home.absolute()), "exists": home.is_dir(), "reads_version": VERSION}
    if not path.is_file():
        return {**facts, "database": None, "version": None, "runs": 0}
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        stored = connection.execute("SELECT version FROM home").fetchone()
        runs = connection.execute("SELECT count(*) FROM runs").fetchone()
    except sqlite3.DatabaseError as error:
        return {**facts, "database": str(path), "version": None, "runs": 0, "why": str(error)}
    finally:
        connection.close()
    return {**facts, "database": str(path), "version": stored and stored[0], "runs": runs[0]}


def _text(found: Json) -> str:
    parts = [
        "Settings",
        _indented(
            ["name", "value", "from"],
            [[one["name"], _value(one["value"]), one["from"]] for one in found["settings"]],
        ),
        "Home",
        f"  {_home_line(found['home'])}\n",
        "Versions",
        _indented(["name", "version"], list(map(list, found["versions"].items()))),
        "Sources",
        "".join(f"  {line}\n" for one in found["sources"] for line in _source_lines(one))
        or "  none: name one with --local PATH, --public PATH or --web snapshot:DIR\n",
        "Models",
        "".join(f"  {line}\n" for line in _model_lines(found))
        or "  none: name one with --model PROVIDER:NAME, or do without\n",
        "Clients of models",
        _indented(
            ["provider", "client", "key", "another address"],
            [client_row(one) for one in found["clients"]],
        ),
    ]
    return "\n".join(f"{part}" for part in parts)


def _indented(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"  {line}\n" for line in table(header, rows).splitlines())


def _value(value: object) -> str:
    """Return a setting in the words of docs/models.md; none where there is nothing."""
    match value:
        case list():
            said = ", ".join(map(str, cast("list[object]", value)))
        case bool():
            said = str(value).lower()
        case None:
            said = ""
        case _:
            said = str(value)
    return said or "none"


def _home_line(home: Json) -> str:
    if home["database"] is None:
        there = "no runs yet" if home["exists"] else "not there yet; the first run makes it"
        return one_line(f"{home['path']}: {there}", 600)
    if home["version"] is None:
        return one_line(f"{home['database']} cannot be read: {home.get('why', 'no version')}", 600)
    fits = "" if home["version"] == home["reads_version"] else f", not {home['reads_version']}"
    runs = amount(home["runs"], "run")
    return one_line(f"{home['database']}: schema {home['version']}{fits}, {runs}", 600)


def _model_lines(found: Json) -> list[str]:
    """Return a line a model, and who would be told of private documents."""
    lines = [model_line(model) for model in found["models"]]
    hosts = sorted({one["host"] for one in found["models"] if one["live"] and one["remote"]})
    if hosts and any(source["live"] and source["private"] for source in found["sources"]):
        lines.append(f"private documents would be sent to {', '.join(hosts)}")
    return [one_line(line, 600) for line in lines]


def _source_lines(source: Json) -> list[str]:
    if not source["live"]:
        return [one_line(f"{source['name']}: NOT live: {source['why']}", 600)]
    if source["engine"]:
        there = "takes connections" if source["reached"] else "not tried"
        return [one_line(f"{source['name']}: public, asks {source['engine']}: {there}", 600)]
    who = "private" if source["private"] else "public"
    counts = [amount(source["counts"].get(f"{noun}s", 0), noun) for noun in ("file", "document")]
    held = f", {', '.join(counts)}" if source["counts"] else ""
    unread = source["unread"]
    lines = [f"{source['name']}: live, {who}{held}, {len(unread)} not read"]
    lines += [f"  not read: {one['what']} ({one['why']})" for one in unread]
    return [one_line(line, 600) for line in lines]
