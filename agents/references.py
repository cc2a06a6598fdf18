"""Reference numbers: one a source, by first use, each with the spans it is cited for."""

from collections.abc import Iterable, Mapping, Sequence

from quaestor.agents.markdown import address, plain
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence, longest

REFERENCES = "References"
_LIST_NAMES = """
references reference bibliography sources citations works-cited quellen quellenverzeichnis
literatur literaturverzeichnis références bibliographie bibliografía referencias fuentes
参考文献 参考资料 參考文獻 引用 出典 참고문헌
"""
_LISTS = frozenset(_LIST_NAMES.split())


def is_list_heading(heading: str) -> bool:
    """Return whether a heading names a list of references, in one of several languages."""
    return "-".join(heading.strip(" :.").casefold().split()) in _LISTS


class References:
    """The sources of one report.

    Args:
        documents: By id, of every span that will be cited.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._numbers: dict[str, int] = {}
        self._spans: dict[str, Evidence] = {}
        self._also: dict[str, dict[str, None]] = {}

    def cite(self, spans: Sequence[Evidence]) -> str:
        """Return the marks of spans, numbering sources that are new."""
        for span in spans:
            self._numbers.setdefault(span.document, len(self._numbers) + 1)
            self._spans.setdefault(span.id, span)
        return self.marks_of(span.id for span in spans)

    def marks_of(self, names: Iterable[str]) -> str:
        """Return the marks of spans cited before, by their ids, in ascending order."""
        numbers = {self._numbers[self._spans[name].document] for name in names}
        return "".join(f"[{number}]" for number in sorted(numbers))

    def note(self, span: Evidence, also: Iterable[str]) -> None:
        """Remember where else nearly the same text as around a span stands, as `label uri`."""
        self._also.setdefault(span.document, {}).update(dict.fromkeys(also))

    def evidence(self) -> tuple[Evidence, ...]:
        """Return the cited spans by reference number, then by place."""
        return tuple(
            sorted(self._spans.values(), key=lambda s: (self._numbers[s.document], s.start, s.end))
        )

    def entries(self) -> list[str]:
        """Return the lines of the reference list; the beginning of a listed span is not again."""
        cited = self.evidence()
        lines: list[str] = []
        for name, number in self._numbers.items():
            document = self._documents[name]
            title = plain(document.title) or "Untitled"
            where = f"({plain(document.origin.label)}): {address(document.uri)}"
            lines.append(f"- [{number}] **{title}** {where}")
            own = [span for span in cited if span.document == name]
            lines += [_span(document, span) for span in longest(own)]
            lines += [
                f"  - nearly the same text: {_other(one)}" for one in self._also.get(name, ())
            ]
        return lines


def _span(document: Document, span: Evidence) -> str:
    place = document.place(span.start)
    part = document.part(span.start)
    where = f"{plain(part)}, " if part else ""
    return f'  - {where}line {place.line}, column {place.column}: "{plain(span.text)}"'


def _other(source: str) -> str:
    label, _, uri = source.partition(" ")
    return f"({plain(label)}): {address(uri)}"
