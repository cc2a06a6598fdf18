"""A table that a model wrote into a sentence, said row by row: each row is a claim of its own."""

import re
from collections.abc import Iterator

from quaestor.agents.chat.writing.numbering import without_marks
from quaestor.agents.chat.writing.replies import Sentence
from quaestor.agents.rows import row_sentence

_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-[-:| \t]*")
_BAR = re.compile(r"(?<!\\)\|")


def apart(sentence: Sentence) -> Iterator[Sentence]:
    r"""Yield a sentence without a table in it, then one for each row of that table.

    A row rests on the evidence that its cells name, else on what the sentence names. What only
    leads to a table says nothing.

    Example:
        >>> text = "Of iron:\n| Year | Tonnes |\n|---|---|\n| 1932 | 200 [e2] |"
        >>> [(one.text, one.evidence) for one in apart(Sentence(text=text))]
        [('1932: tonnes 200.', ['e2'])]
    """
    lines = sentence.text.splitlines()
    prose: list[str] = []
    at = 0
    while at < len(lines):
        if not _begins(lines, at):
            prose.append(lines[at])
            at += 1
            continue
        text = "\n".join(prose).rstrip()
        if text and not text.endswith(":"):
            yield sentence.model_copy(update={"text": text})
        prose = []
        header = _cells(lines[at])
        at += 2
        while at < len(lines) and _ROW.fullmatch(lines[at]):
            yield _said(header, _cells(lines[at]), sentence)
            at += 1
    if len(prose) == len(lines):
        yield sentence
    elif any(line.strip() for line in prose):
        yield sentence.model_copy(update={"text": "\n".join(prose)})


def _said(header: list[str], row: list[str], sentence: Sentence) -> Sentence:
    cells = (row + [""] * len(header))[: len(header)]
    bare = [without_marks(cell)[0] for cell in cells]
    marked = [name for cell in cells for name in without_marks(cell)[1]]
    said = {"text": row_sentence(header, bare), "evidence": marked or sentence.evidence}
    return sentence.model_copy(update=said)


def _begins(lines: list[str], at: int) -> bool:
    follows = lines[at + 1] if at + 1 < len(lines) else ""
    return bool(_ROW.fullmatch(lines[at]) and _RULE.fullmatch(follows))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BAR.split(line.strip().strip("|"))]
