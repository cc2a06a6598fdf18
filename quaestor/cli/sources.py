"""What a person is told of the sources before they are asked."""

from collections.abc import Iterator, Sequence

from quaestor.cli.output import Json, amount, in_home, notice
from quaestor.errors import SettingsError
from quaestor.researcher import Researcher
from quaestor.tools.excluding import Excluding
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.models.crew import ROLES, Crew
from quaestor.tools.models.endpoint import Endpoint
from quaestor.tools.sources import HasGaps, Source
from quaestor.tools.web import Web

_MOST_UNREAD = 5
DUCKDUCKGO = "https://html.duckduckgo.com/html/"
"""Where ddgs asks it."""
_SAVED = "saved pages; nothing is sent"


def check_some(sources: Sequence[Source]) -> None:
    """Refuse to research nothing.

    Raises:
        SettingsError: There is no source.
    """
    if not sources:
        raise SettingsError(
            "there is nothing to search: name a folder with --local PATH, or saved pages with "
            "--web snapshot:DIR (--privacy may have left out what was named)"
        )


def tell_sources(researcher: Researcher) -> None:
    """Say on standard error what is searched and what of it could not be read."""
    for source in researcher.sources:
        notice(source_line(source, sent_to=researcher.documents_sent_to))
        unread = list(source.unread()) if isinstance(source, HasGaps) else []
        for what, why in unread[:_MOST_UNREAD]:
            notice(f"  not read: {what} ({why})")
        if len(unread) > _MOST_UNREAD:
            index = in_home("quaestor index PATH", researcher.home)
            notice(f"  and {len(unread) - _MOST_UNREAD:,} more; `{index}` lists them")


def source_line(source: Source, *, sent_to: Sequence[str] = ()) -> str:
    """Return a prepared source in a line: its name, who may see it, what it holds.

    Args:
        source: The source.
        sent_to: Hosts that are told of private text.
    """
    stays = f"sent to {', '.join(sent_to)}" if sent_to else "stays on this machine"
    who = f"private, {stays}" if source.private else "public"
    parts = [f"searching {source.name} ({who})"]
    if isinstance(source, Corpus):
        counts = source.counts
        parts.append(amount(counts["files"], "file"))
        parts.append(amount(counts["documents"], "document"))
        parts.append(amount(counts["passages"], "passage"))
    elif source.origin.kind == "web":
        where = f"{_engine(source)}; pages it finds are fetched" if leaves(source) else _SAVED
        parts = [f"searching web ({where})"]
    return ": ".join([parts[0], ", ".join(parts[1:])]) if parts[1:] else parts[0]


def leaves(source: Source) -> bool:
    """Say whether asking a source sends the question off this machine."""
    web = _web(source)
    return web.live if web else source.remote


def tell_where_it_goes(researcher: Researcher) -> None:
    """Say first of all that the question leaves, where nobody said so in so many words."""
    if researcher.origins["web"] == "default":
        notice(
            "the question goes to DuckDuckGo (--web off keeps it here); "
            "no text of a private collection ever does"
        )


def tell_who_reads(researcher: Researcher) -> None:
    """Say who is told of private documents, before the first call, and which models answer."""
    for host in researcher.documents_sent_to:
        notice(f"your documents will be sent to {host} (--keep-local refuses that)")
    if researcher.crew is not None:
        for line in _model_lines(researcher.crew):
            notice(line)
    if researcher.embeddings is not None:
        notice(f"asking {_where(researcher.embeddings)} for embeddings")


def _model_lines(crew: Crew) -> Iterator[str]:
    """Yield a line a model, with the roles it is asked in, and which are done without one."""
    roles: dict[str, list[str]] = {}
    for role, one in crew.endpoints.items():
        roles.setdefault(_where(one), []).append(role)
    for model, asked in roles.items():
        whole = len(asked) == len(ROLES)
        yield f"asking {model} " + ("in every role" if whole else f"as {', '.join(asked)}")
    without = [role for role in ROLES if role not in crew.models]
    if without:
        yield f"without a model: {', '.join(without)}"


def _where(one: Endpoint) -> str:
    return f"{one.name} at {one.host}" if one.remote else f"{one.name} (here)"


def engine_address(source: Source) -> str:
    """Return where the search engine of a live web is; empty for any other source."""
    web = _web(source)
    if web is None or not web.live:
        return ""
    kind, _, address = web.spec.partition(":")
    return address if kind == "searxng" else DUCKDUCKGO


def _engine(source: Source) -> str:
    web = _web(source)
    spec = web.spec if web else source.name
    return "DuckDuckGo" if spec in ("auto", "ddg") else spec


def _web(source: Source) -> Web | None:
    inner = source.source if isinstance(source, Excluding) else source
    return inner if isinstance(inner, Web) else None


def source_json(source: Source) -> Json:
    """Return a prepared source as programs are told of it."""
    unread = source.unread() if isinstance(source, HasGaps) else ()
    return {
        "name": source.name,
        "origin": source.origin.label,
        "private": source.private,
        "remote": source.remote,
        "counts": dict(source.counts) if isinstance(source, Corpus) else {},
        "unread": [{"what": what, "why": why} for what, why in unread],
    }
