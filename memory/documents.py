"""A document is the text of one source as read at one time; a span of it is evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from quaestor.errors import IntegrityError, SettingsError
from quaestor.memory.evidence import Evidence, evidence_id
from quaestor.memory.text import content_id, sha256

_MOST_COLUMNS = 160  # code points of them that are shown
OriginKind = Literal["user", "web", "local", "source"]
ORIGIN_KINDS: tuple[OriginKind, ...] = ("user", "web", "local", "source")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Origin:
    """Where text comes from, and whether it must stay on this machine."""

    kind: OriginKind
    name: str = ""
    """The collection or source; empty for `user` and `web`."""
    private: bool = False

    @property
    def label(self) -> str:
        """`web`, `local:handbook`: how it is shown and stored."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def parse(cls, label: str, *, private: bool) -> "Origin":
        """Return the origin a label stands for.

        Raises:
            SettingsError: The label names no kind of origin.
        """
        kind, _, name = label.partition(":")
        for known in ORIGIN_KINDS:
            if kind == known:
                return cls(kind=known, name=name, private=private)
        raise SettingsError(f"unknown origin {label!r}: use one of {', '.join(ORIGIN_KINDS)}")


WEB = Origin(kind="web")


LocationKind = Literal["row", "page", "cell", "slide", "sheet", "table"]
LOCATION_KINDS: tuple[LocationKind, ...] = ("row", "page", "cell", "slide", "sheet", "table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A part of a document that a person finds again: a row, a page, a cell."""

    kind: LocationKind
    number: int
    """1-based, as the person's own program counts it."""
    start: int
    end: int
    """Code points of the document's text, half open."""
    name: str = ""
    """What the person's program calls it instead of counting: a sheet's name."""

    @property
    def label(self) -> str:
        """`row 3`, `sheet Budget`."""
        return f"{self.kind} {self.name or self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an offset stands in the text as stored."""

    line: int
    """1-based."""
    column: int
    """1-based, in code points of the stored line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of one source as read at one time. Make one with `Document.of`."""

    id: str
    """sha256(origin, uri, text sha256): equal text under another name is another document."""
    text: str = field(repr=False)
    text_sha256: str
    uri: str
    """A local document's path inside its collection, `/` between parts; a page's URL."""
    title: str
    media_type: str
    origin: Origin
    extractor: str
    """What made text of the bytes: `plain`, `html`, `csv`, ..."""
    modified: str | None = None
    """When the source says it was last changed, ISO 8601."""
    locations: tuple[Location, ...] = ()
    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """What normalisation changed, by kind (memory/text.py)."""

    @classmethod
    def of(
        cls,
        text: str,
        *,
        uri: str,
        title: str,
        media_type: str,
        origin: Origin,
        extractor: str,
        modified: str | None = None,
        locations: tuple[Location, ...] = (),
        changes: Mapping[str, int] | None = None,
    ) -> "Document":
        """Return the document of an already normalised text, with its id computed."""
        digest = sha256(text)
        return cls(
            id=content_id(origin.label, uri, digest),
            text=text,
            text_sha256=digest,
            uri=uri,
            title=title,
            media_type=media_type,
            origin=origin,
            extractor=extractor,
            modified=modified,
            locations=locations,
            changes=dict(changes or {}),
        )

    def span(self, start: int, end: int) -> Evidence:
        """Copy text[start:end] as evidence: the only way evidence is made.

        Raises:
            IntegrityError: The span is empty or outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise IntegrityError(
                f"span {start}:{end} is not inside document {self.id[:12]} "
                f"of {len(self.text)} code points"
            )
        return Evidence(
            id=evidence_id(self.id, start, end),
            document=self.id,
            start=start,
            end=end,
            text=self.text[start:end],
        )

    def place(self, offset: int) -> Place:
        """Return the line and column of a code point.

        LF, CR LF and a lone CR end a line, as in an editor; nothing else does.
        """
        before = self.text[:offset]
        line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
        if self.text[offset - 1 : offset + 1] == "\r\n":
            line -= 1  # between CR and LF the line has not ended yet
        last = max(before.rfind("\n"), before.rfind("\r", 0, max(offset - 1, 0)))
        if before.endswith("\r") and self.text[offset : offset + 1] != "\n":
            last = offset - 1
        return Place(line=line, column=offset - last)

    def location(self, offset: int) -> Location | None:
        """Return the innermost location that holds a code point, if there is one."""
        return next(reversed(self.enclosing(offset)), None)

    def enclosing(self, offset: int) -> list[Location]:
        """Return all locations that hold a code point, the outermost first."""
        holding = [at for at in self.locations if at.start <= offset < at.end]
        return sorted(holding, key=lambda at: at.start - at.end)

    def part(self, offset: int) -> str:
        """Return where a code point lies as a person says it: `sheet Budget, row 3`; or empty.

        A row of a CSV file names the file's columns, as it is stored and quoted without them.
        """
        parts = [at.label for at in self.enclosing(offset)]
        columns = self._columns()
        if parts and columns is not None and offset >= columns.end:
            names = " ".join(self.text[columns.start : columns.end].split())
            cut = names if len(names) <= _MOST_COLUMNS else f"{names[:_MOST_COLUMNS]} …"
            parts[-1] += f" (columns: {cut})"
        return ", ".join(parts)

    def _columns(self) -> Location | None:
        """Return the first row of a CSV file."""
        rows = (at for at in self.locations if at.kind == "row")
        return next(rows, None) if self.media_type == "text/csv" else None
