"""A row of a table as a sentence, which a report can cite, and as Markdown."""

from collections.abc import Sequence

from quaestor.agents.markdown import cell

Marked = tuple[Sequence[str], str]
"""The cells of a row, and the marks of the references that carry it."""


def row_sentence(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row as a sentence, empty cells left out; nothing where all are empty.

    Example:
        >>> row_sentence(["Ferry", "Built", "Length (m)"], ["Pintail", "1974", "52"])
        'Pintail: built 1974; length (m) 52.'
    """
    said = [
        f"{_lower(name)} {text}".strip()
        for name, text in zip(header[1:], cells[1:], strict=True)
        if text
    ]
    parts = ([f"{cells[0]}:"] if cells[0] and said else [cells[0]]) + ["; ".join(said)]
    text = " ".join(filter(None, parts))
    return f"{text}." if text else ""


def _lower(name: str) -> str:
    """Return a heading of a column inside a sentence, where a capital would make it a name."""
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name


def says(text: str, row: Sequence[str]) -> bool:
    """Return whether a sentence holds every cell of a row."""
    said = " ".join(text.split()).casefold()
    return any(row) and all(" ".join(one.split()).casefold() in said for one in row)


def markdown_table(rows: Sequence[Marked]) -> str:
    """Return a table whose first row is its header, each row with its marks in the first cell."""
    if not rows:
        return ""
    width = max(len(row) for row, _ in rows)
    lines: list[str] = []
    for row, marks in rows:
        first, *rest = [cell(text) for text in (*row, *[""] * (width - len(row)))]
        lines.append(f"| {' | '.join([f'{first} {marks}'.rstrip(), *rest])} |")
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
