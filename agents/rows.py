"""A row of a table as a sentence: a report cites sentences."""

from collections.abc import Sequence


def row_sentence(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row as a sentence; an empty cell is left out.

    Example:
        >>> row_sentence(["Ferry", "Built", "Length (m)"], ["Pintail", "1974", "52"])
        'Pintail: built 1974; length (m) 52.'
    """
    said = [
        f"{_lower(name)} {text}".strip()
        for name, text in zip(header[1:], cells[1:], strict=True)
        if text
    ]
    return f"{cells[0]}: {'; '.join(said)}."


def _lower(name: str) -> str:
    """Return a heading of a column inside a sentence, where a capital would make it a name."""
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name
