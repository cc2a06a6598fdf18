"""A dataset is read whole or refused with the file and the line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quaestor.errors import SettingsError
from quaestor.evaluation.dataset import Entry, Question, corpus_path, load_dataset

CORPUS = (
    '{"id": "a", "title": "Oslo", "text": "A city."}\n{"id": "b", "title": "Oslo", "text": ""}\n'
)
QUESTION = '{"id": "1", "question": "Where?", "answers": ["here"], "supporting_ids": ["a"]}\n'

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a dataset and returns its folder."""

    def folder(*, corpus: str | bytes = CORPUS, questions: str | bytes = QUESTION) -> Path:
        where = tmp_path / "capitals"
        where.mkdir()
        for name, content in (("corpus.jsonl", corpus), ("questions.jsonl", questions)):
            raw = content.encode() if isinstance(content, str) else content
            (where / name).write_bytes(raw)
        return where

    return folder


def test_a_dataset_is_what_its_files_say(write: Write) -> None:
    rows = (
        '{"id": "1", "question": "Wo?", "answers": ["x", "y"], "supporting_ids": ["b", "b"],'
        ' "supporting_titles": ["?"], "split": "dev", "type": "bridge"}\n\n'
        '{"id": "2", "question": "Q", "answers": ["z"], "supporting_titles": ["Oslo"]}'
    )
    dataset = load_dataset(write(questions=rows))
    assert dataset.name == "capitals"
    assert dataset.entries == (
        Entry(id="a", title="Oslo", text="A city.", line=1),
        Entry(id="b", title="Oslo", text="", line=2),
    )
    assert dataset.questions == (
        Question(id="1", question="Wo?", answers=("x", "y"), gold=(frozenset("b"),), split="dev"),
        Question(id="2", question="Q", answers=("z",), gold=(frozenset("ab"),), split=""),
    )


def test_a_byte_order_mark_and_blank_lines_are_no_rows(write: Write) -> None:
    corpus = b'\xef\xbb\xbf\r\n{"id": "a", "text": "T"}\r\n'
    (entry,) = load_dataset(write(corpus=corpus)).entries
    assert entry == Entry(id="a", title="", text="T", line=2)
    assert entry.indexed == "\nT"


ROW = '{"id": "1", "question": "Q", "answers": ["x"], "supporting_ids": ["a"]}'


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        pytest.param("corpus", CORPUS + "{", "line 3: no JSON", id="a row is no JSON"),
        pytest.param("corpus", "[1]", r"line 1: must be a JSON object, not \[1\]", id="a list"),
        pytest.param("corpus", b'{"id": "\xff"}', "byte 9 is not UTF-8", id="another encoding"),
        pytest.param("corpus", '{"text": "T"}', "line 1: 'id' must be a string", id="no id"),
        pytest.param("corpus", '{"id": " ", "text": "T"}', "'id' is blank", id="a blank id"),
        pytest.param("corpus", '{"id": "a"}', "'text' must be a string, not null", id="no text"),
        pytest.param(
            "corpus", CORPUS * 2, "line 3: id 'a' is there already, on line 1", id="twice"
        ),
        pytest.param("corpus", "\n", "corpus.jsonl holds no rows", id="an empty file"),
        pytest.param("questions", "", "questions.jsonl holds no rows", id="no questions"),
        pytest.param("questions", ROW.replace('["x"]', "[]"), "'answers' must be", id="no answer"),
        pytest.param(
            "questions", ROW.replace('["x"]', '["x", 7]'), "must hold strings, not 7", id="a number"
        ),
        pytest.param(
            "questions", ROW.replace('["x"]', '"x"'), "must be a list of strings", id="no list"
        ),
        pytest.param(
            "questions", ROW.replace('["a"]', '["c"]'), "line 1: .*names 'c'", id="unknown gold"
        ),
        pytest.param(
            "questions",
            ROW.replace("supporting_ids", "gold"),
            "give 'supporting_ids' or 'supporting_titles'",
            id="no gold key",
        ),
    ],
)
def test_a_bad_row_is_named(write: Write, file: str, content: str | bytes, complaint: str) -> None:
    folder = write(**{file: content})
    with pytest.raises(SettingsError, match=complaint) as caught:
        load_dataset(folder)
    assert str(folder / f"{file}.jsonl") in str(caught.value)


def test_a_folder_that_is_no_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"corpus\.jsonl cannot be read .*a dataset is a folder"
    ):
        load_dataset(tmp_path)


def test_only_the_corpus_may_be_indexed(write: Write) -> None:
    folder = write()
    assert corpus_path(folder) == folder / "corpus.jsonl"


@pytest.mark.parametrize(
    ("split", "limit", "expected"),
    [
        pytest.param(None, None, "123", id="all of them"),
        pytest.param("dev", None, "13", id="one split, in file order"),
        pytest.param("dev", 1, "1", id="the first of a split"),
        pytest.param(None, 9, "123", id="a limit beyond the end"),
    ],
)
def test_selecting_questions(
    write: Write, split: str | None, limit: int | None, expected: str
) -> None:
    rows = [
        ROW.replace('"1"', f'"{number}"').replace("}", f', "split": "{name}"}}')
        for number, name in enumerate(("dev", "test", "dev"), start=1)
    ]
    chosen = load_dataset(write(questions="\n".join(rows))).select(split=split, limit=limit)
    assert "".join(question.id for question in chosen) == expected


def test_a_split_that_is_not_there_names_those_that_are(write: Write) -> None:
    dataset = load_dataset(write(questions=ROW.replace("}", ', "split": "dev"}')))
    with pytest.raises(SettingsError, match="no split 'test': use one of dev"):
        dataset.select(split="test")


def test_a_split_asked_of_questions_without_one(write: Write) -> None:
    with pytest.raises(SettingsError, match="no split 'test': its questions name none"):
        load_dataset(write()).select(split="test")


def test_a_limit_below_one_is_refused(write: Write) -> None:
    with pytest.raises(SettingsError, match="limit 0: give how many"):
        load_dataset(write()).select(limit=0)


def test_questions_that_nobody_judges_need_no_answer(write: Write) -> None:
    folder = write(questions='{"id": "1", "question": "Where?"}\n')
    assert load_dataset(folder, judged=False).questions == (
        Question(id="1", question="Where?", answers=()),
    )
    with pytest.raises(SettingsError, match="line 1: 'answers' must be a list"):
        load_dataset(folder)
