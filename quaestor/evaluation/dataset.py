"""A question set with its corpus: a folder with `corpus.jsonl` and `questions.jsonl`.

`corpus.jsonl` has a row {id, title, text} for each document; `questions.jsonl` a row {id, question,
answers, supporting_ids or supporting_titles, split}. Other keys are left alone. Open a corpus on
`corpus_path(folder)`, never on the folder: the answers lie beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from quaestor.errors import SettingsError
from quaestor.evaluation.rows import Row, read_rows

CORPUS_FILE = "corpus.jsonl"
QUESTIONS_FILE = "questions.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of the corpus, as its row has it."""

    id: str
    title: str
    text: str
    line: int
    """1-based, in `corpus.jsonl`."""

    @property
    def indexed(self) -> str:
        """Title, newline, text: what is searched, the same for every method compared."""
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with what a right answer would be and what it rests on."""

    id: str
    question: str
    answers: tuple[str, ...]
    """Any of them is right."""
    gold: tuple[frozenset[str], ...] = ()
    """The documents the answer rests on: each a set of ids of which one is enough, because a
    supporting title may be the title of several documents."""
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A corpus and the questions over it, in the order of their files."""

    name: str
    """Of its folder."""
    entries: tuple[Entry, ...] = field(repr=False)
    questions: tuple[Question, ...] = field(repr=False)

    def select(self, *, split: str | None = None, limit: int | None = None) -> list[Question]:
        """Return the first `limit` questions of a split; None stands for all of them.

        Raises:
            SettingsError: No question belongs to the split, or the limit is below one.
        """
        if limit is not None and limit < 1:
            raise SettingsError(f"limit {limit}: give how many questions to ask, at least 1")
        chosen = [item for item in self.questions if split is None or item.split == split]
        if not chosen:
            splits = sorted({item.split for item in self.questions if item.split})
            remedy = f"use one of {', '.join(splits)}" if splits else "its questions name none"
            raise SettingsError(f"dataset {self.name} has no split {split!r}: {remedy}")
        return chosen[:limit]


def corpus_path(folder: Path) -> Path:
    """Return the file of a dataset that may be indexed."""
    return folder / CORPUS_FILE


def load_dataset(folder: Path, *, judged: bool = True) -> Dataset:
    """Read a dataset.

    Args:
        folder: Where its two files are.
        judged: Every question must say what would be right and what that rests on; where it is
            false, a row may leave out either.

    Raises:
        SettingsError: A file is missing or empty, or a row is not what it should be; the message
            names the file and the line.
    """
    entries = _read_entries(corpus_path(folder))
    titles: dict[str, set[str]] = {}
    for entry in entries:
        titles.setdefault(entry.title, set()).add(entry.id)
    supporting = {
        "supporting_ids": {entry.id: frozenset((entry.id,)) for entry in entries},
        "supporting_titles": {title: frozenset(ids) for title, ids in titles.items()},
    }
    questions = [_question(row, supporting, judged) for row in _distinct(folder / QUESTIONS_FILE)]
    return Dataset(name=folder.resolve().name, entries=tuple(entries), questions=tuple(questions))


def _distinct(path: Path) -> Iterable[Row]:
    """Yield the rows of a file, each with an id of its own, at least one."""
    lines: dict[str, int] = {}
    for row in read_rows(path):
        name = row.name("id")
        if name in lines:
            row.refuse(f"id {name!r} is there already, on line {lines[name]}")
        lines[name] = row.line
        yield row
    if not lines:
        raise SettingsError(f"{path} holds no rows")


def _read_entries(path: Path) -> list[Entry]:
    return [
        Entry(
            id=row.name("id"),
            title=row.text("title", default=""),
            text=row.text("text"),
            line=row.line,
        )
        for row in _distinct(path)
    ]


def _question(row: Row, supporting: dict[str, dict[str, frozenset[str]]], judged: bool) -> Question:
    answers = row.texts("answers")
    if judged and not answers:
        row.refuse("'answers' must be a list of at least one string")
    return Question(
        id=row.name("id"),
        question=row.name("question"),
        answers=answers or (),
        gold=_gold(row, supporting, judged),
        split=row.text("split", default=""),
    )


def _gold(
    row: Row, supporting: dict[str, dict[str, frozenset[str]]], judged: bool
) -> tuple[frozenset[str], ...]:
    """Return what the answer rests on, by the first key of `supporting` that the row has."""
    key = next((key for key in supporting if row.texts(key) is not None), None)
    if key is None and not judged:
        return ()
    if key is None:
        row.refuse(f"give {' or '.join(map(repr, supporting))}, a list that may be empty")
    names, known = row.texts(key) or (), supporting[key]
    for name in names:
        if name not in known:
            row.refuse(f"{key!r} names {name!r}, which no document of the corpus has")
    return tuple(known[name] for name in dict.fromkeys(names))
