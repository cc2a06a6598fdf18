"""Jupyter notebooks: the cells in order, what they printed below them."""

import json
import re
from platform import python_version
from typing import cast

from quaestor.tools.local.parsing.parsed import Parsed, RefusedFileError
from quaestor.tools.local.parsing.writing import Writer

_MOST_OUTPUT = 20_000  # code points of one output: logs of a training run are not read whole
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def parse_notebook(data: bytes, media_type: str) -> Parsed:
    """Return the text of a notebook's cells and of their plain outputs.

    Raises:
        RefusedFileError: It is no notebook, or an empty one.
    """
    cells = _cells(data)
    writer = Writer()
    title = ""
    for number, cell in enumerate(cells, start=1):
        source = _text(cell.get("source", cell.get("input")))
        kind = cell.get("cell_type")
        if kind in ("markdown", "heading"):
            shown = _COMMENT.sub("", source)
            writer.hide("".join(_COMMENT.findall(source)))
            found = _HEADING.search(shown)
            title = title or (found[1] if found else "")
        else:
            shown = source
        with writer.part("cell", number):
            writer.block(shown)
            for output in _outputs(cell):
                writer.block(output)
    if writer.empty:
        raise RefusedFileError("no text in it")
    return writer.parsed(
        title=title,
        media_type=media_type,
        extractor="notebook",
        version=f"python {python_version()}",
    )


def _cells(data: bytes) -> list[dict[str, object]]:
    try:
        notebook: object = json.loads(data)
    except (ValueError, RecursionError):
        raise RefusedFileError("damaged: not the JSON of a notebook") from None
    if isinstance(notebook, dict):
        held = cast("dict[str, object]", notebook)
        cells = held.get("cells")
        if not isinstance(cells, list):  # before format 4 they lie in worksheets
            sheets = _dicts(held.get("worksheets"))
            cells = [cell for sheet in sheets for cell in _dicts(sheet.get("cells"))]
        if "nbformat" in held:
            return _dicts(cast("object", cells))
    raise RefusedFileError("not what its name says: no notebook inside")


def _outputs(cell: dict[str, object]) -> list[str]:
    found: list[str] = []
    for output in _dicts(cell.get("outputs")):
        bundle = output.get("data")
        plain = cast("dict[str, object]", bundle).get("text/plain") if _is_dict(bundle) else None
        text = _text(output.get("text") if plain is None else plain)
        found.append(_COLOUR.sub("", text)[:_MOST_OUTPUT])
    return found


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(part for part in cast("list[object]", value) if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _dicts(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        return []
    return [cast("dict[str, object]", one) for one in cast("list[object]", value) if _is_dict(one)]


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)
