"""Sources from settings, and settings from sources: what a resume needs."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from quaestor.errors import SettingsError
from quaestor.settings import Settings
from quaestor.tools.excluding import Excluding
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import Source
from quaestor.tools.web import Web


def make_sources(settings: Settings) -> tuple[Source, ...]:
    """Return the sources the settings name.

    Raises:
        SettingsError: A path is not there, or the web is named in no known way.
    """
    named = [(spec, True) for spec in settings.local] + [(spec, False) for spec in settings.public]
    paths = [one for one in settings.exclude_source if "://" not in one]
    sources: list[Source] = []
    for spec, private in named:
        name, path = _name_and_path(spec)
        corpus = Corpus.open(path, name=name, private=private, exclude=paths)
        taken = {source.name for source in sources}
        if corpus.name in taken:
            name = _free(corpus.name, taken)
            corpus = Corpus.open(path, name=name, private=private, exclude=paths)
        sources.append(corpus)
    if settings.web != "off":
        sources.append(_web(settings.web, settings.exclude_source, settings.allow_host))
    return tuple(sources)


def allowed(sources: Sequence[Source], settings: Settings) -> tuple[Source, ...]:
    """Return the sources the privacy mode and the ablation switches leave."""
    return tuple(source for source in sources if _allowed(source, settings))


def describe(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Return what is needed to name these sources again, JSON-plain."""
    return [_described(source) for source in sources]


def from_description(described: Sequence[dict[str, Any]]) -> tuple[Source, ...]:
    """Return the sources of a recorded run.

    Raises:
        SettingsError: One was made by a program and can only be given again by it.
    """
    sources: list[Source] = []
    for one in described:
        match one["make"]:
            case "corpus":
                sources.append(
                    Corpus.open(
                        one["path"],
                        name=one["name"],
                        private=one["private"],
                        exclude=one["exclude"],
                    )
                )
            case "web":
                sources.append(_web(one["spec"], one["exclude"], one["allow_hosts"]))
            case _:
                raise SettingsError(
                    f"source {one['name']!r} was given by a program; resume this run from there"
                )
    return tuple(sources)


def _described(source: Source) -> dict[str, Any]:
    match source:
        case Excluding(source=Web() as web, exclude=exclude):
            return _described_web(web, exclude)
        case Web():
            return _described_web(source, ())
        case Corpus():
            return {
                "make": "corpus",
                "path": str(source.root),
                "name": source.name,
                "private": source.private,
                "exclude": list(source.exclude),
            }
        case _:
            return {"make": "program", "name": source.name}


def _described_web(web: Web, exclude: Sequence[str]) -> dict[str, Any]:
    return {
        "make": "web",
        "spec": web.spec,
        "exclude": list(exclude),
        "allow_hosts": sorted(web.allow_hosts),
    }


def _web(spec: str, exclude: Sequence[str], allow_hosts: Sequence[str]) -> Source:
    web = Web(spec, allow_hosts=allow_hosts)
    return Excluding(web, exclude) if exclude else web


def _free(name: str, taken: Collection[str]) -> str:
    """Return `NAME-2` or the first of its kind that is free."""
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def _allowed(source: Source, settings: Settings) -> bool:
    far = source.remote or source.origin.kind == "web"
    if settings.privacy == "local-only" and far:
        return False
    if settings.privacy == "web-only" and not far:
        return False
    if "web" in settings.ablate and far:
        return False
    return not ("local" in settings.ablate and not far)


def _name_and_path(spec: str) -> tuple[str | None, str]:
    name, equals, path = spec.partition("=")
    if equals and name and not Path(spec).exists():
        return name, path
    return None, spec
