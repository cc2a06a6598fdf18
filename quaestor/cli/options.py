"""The flags and arguments that several commands share, each defined once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

HOME = Path(".quaestor")


class Format(StrEnum):
    """How a report is printed."""

    text = "text"
    md = "md"
    json = "json"
    html = "html"


class Plain(StrEnum):
    """How anything else is printed."""

    text = "text"
    json = "json"


class Privacy(StrEnum):
    """What may be asked of whom."""

    isolated = "isolated"
    local_only = "local-only"
    web_only = "web-only"


class Depth(StrEnum):
    """How far a question is followed."""

    quick = "quick"
    deep = "deep"


_SOURCES = "Sources"
_MODELS = "Models"

Local = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH",
        help="Private folder or file, PATH or NAME=PATH. May be given again.",
        rich_help_panel=_SOURCES,
    ),
]
Public = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH",
        help="Folder or file that need not stay private. May be given again.",
        rich_help_panel=_SOURCES,
    ),
]
WebSpec = Annotated[
    str | None,
    typer.Option(
        "--web",
        metavar="auto|ddg|searxng:URL|snapshot:DIR|off",
        help="auto (default) asks DuckDuckGo and no other; searxng:URL an instance of SearXNG; "
        "snapshot:DIR a folder of saved pages with pages.jsonl.",
        rich_help_panel=_SOURCES,
    ),
]
PrivacyMode = Annotated[
    Privacy | None,
    typer.Option(
        "--privacy",
        help="isolated (default): the web is asked only what you typed and what the web said. "
        "local-only, web-only: one side alone.",
        rich_help_panel=_SOURCES,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude-source",
        metavar="URL-OR-PATH",
        help="Never use this page, site, file or folder. May be given again.",
        rich_help_panel=_SOURCES,
    ),
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST:PORT",
        help="Ask this server though it is not of the public web, such as a search engine on "
        "this machine. Recorded with the run. May be given again.",
        rich_help_panel=_SOURCES,
    ),
]
Model = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="PROVIDER:NAME",
        help="A language model for every role, such as openai:gpt-5-mini; ROLE=PROVIDER:NAME for "
        "one of planner, searcher, writer, verifier. May be given again. Without it nothing "
        "is asked of a model.",
        rich_help_panel=_MODELS,
    ),
]
KeepLocal = Annotated[
    bool,
    typer.Option(
        "--keep-local",
        help="Refuse to send private documents off this machine, to a model or a source.",
        rich_help_panel=_MODELS,
    ),
]
HowDeep = Annotated[
    Depth | None,
    typer.Option(
        "--depth", help="quick: one round and a paragraph. deep (default): rounds and a report."
    ),
]
Home = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        envvar="QUAESTOR_HOME",
        help="Folder for indexes, documents read and runs.",
    ),
]
MaybeHome = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder to keep indexes and runs in; by default one that is thrown away.",
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Reuse no search and no page of an earlier run.")
]
ReportFormat = Annotated[Format, typer.Option("--format", help="How the report is printed.")]
PlainFormat = Annotated[Plain, typer.Option("--format", help="For people or for programs.")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write here instead, all or nothing."),
]
RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="Id of a run, the start of one, or `last`.")
]
