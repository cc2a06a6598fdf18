"""`eval`: one JSON object, its figures worked by hand on three documents."""

import json
import re
from pathlib import Path

import pytest

from quaestor.testing import ModelServer, ScriptedModel
from tests.cli.conftest import Quaestor

CORPUS = [
    {"id": "a", "title": "Harbour", "text": "The lighthouse of Ferrowick was built in 1871."},
    {"id": "b", "title": "Bridge", "text": "The bridge of Ferrowick is painted green."},
    {"id": "c", "title": "Bakery", "text": "Rye bread is sold on Mondays."},
]
QUESTIONS = [
    {
        "id": "q1",
        "question": "When was the lighthouse of Ferrowick built?",
        "answers": ["1871"],
        "supporting_ids": ["a"],
        "split": "dev",
    },
    {
        "id": "q2",
        "question": "On which days is rye bread sold?",
        "answers": ["Mondays"],
        "supporting_ids": ["c"],
        "split": "test",
    },
]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "ferrowick"
    folder.mkdir()
    for name, rows in (("corpus", CORPUS), ("questions", QUESTIONS)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_retrieval_finds_the_one_document_that_says_it(dataset: Path, quaestor: Quaestor) -> None:
    figures = json.loads(quaestor("eval", "retrieval", dataset).stdout)
    assert (figures["documents"], figures["questions"]) == (3, 2)
    assert figures["recall@2"] == {"mean": 1.0, "se": 0.0, "n": 2}
    assert set(figures) >= {"recall@5", "recall@10", "all@10", "ms_per_query"}


def test_answers_are_measured_and_a_file_holds_each_outcome(
    dataset: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    out = tmp_path / "out.json"
    result = quaestor("eval", "answers", dataset, "--split", "dev", "--limit", "1", "--out", out)
    figures = json.loads(result.stdout)
    assert (figures["split"], figures["questions"]) == ("dev", 1)
    assert figures["answer_in_evidence"]["mean"] == 1.0
    assert figures["gold_evidence_recall"]["mean"] == 1.0
    kept = json.loads(out.read_text("utf-8"))
    assert [one["question"] for one in kept["outcomes"]] == ["q1"]
    assert {key: kept[key] for key in figures} == figures


def test_the_answers_beside_the_corpus_are_not_indexed(dataset: Path, quaestor: Quaestor) -> None:
    home = dataset / "home"
    quaestor("eval", "retrieval", dataset, "--home", home)
    (index,) = (home / "indexes").iterdir()
    assert index.name.startswith("corpus-"), "named after corpus.jsonl, not after its folder"


@pytest.mark.parametrize("command", ["answers", "citations"])
def test_with_a_model_its_calls_and_what_it_could_not_do_are_shown(
    command: str, dataset: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")
    with ModelServer(ScriptedModel(lambda request: "I would rather not.")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        result = quaestor("eval", command, dataset, "--model", "openai:gpt-5-mini")
        calls = len(server.log)
    figures = json.loads(result.stdout)
    steps = sum(figures["fallbacks"].values())
    assert steps > 0
    assert figures["spend"]["requests"]["chat"] == calls
    assert figures["spend"]["tokens_in"] > 0
    assert f"{calls} model calls" in result.stderr
    assert f"{steps} steps answered without the model: see `fallbacks`" in result.stderr


def test_why_a_model_could_not_be_asked_is_said_once(
    dataset: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef")
    refusal = {"id": "key", "status": 401, "body": '{"error": {"message": "no such key"}}'}
    with ModelServer(ScriptedModel([]), faults=[refusal]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        result = quaestor("eval", "citations", dataset, "--model", "openai:gpt-5-mini")
    said = "openai:gpt-5-mini: it answered 401: no such key; `quaestor doctor"
    assert result.stderr.count(said) == 1


@pytest.mark.parametrize("command", ["retrieval", "answers", "citations"])
def test_each_figure_is_a_line(command: str, dataset: Path, quaestor: Quaestor) -> None:
    result = quaestor("eval", command, dataset)
    figures = json.loads(result.stdout)
    lines = result.stdout.splitlines()
    assert [line.split('"')[1] for line in lines[1:-1]] == list(figures)
    assert not re.search(r"\.\d{7}", result.stdout)
    if command != "retrieval":
        assert (figures["fallbacks"], figures["spend"]["tokens_in"]) == ({}, 0)
        assert "model" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(["--split", "train"], "dev, test", id="a split that is not there"),
        pytest.param(["--limit", "0"], "0", id="a limit below one"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    arguments: list[str], word: str, dataset: Path, quaestor: Quaestor
) -> None:
    result = quaestor("eval", "retrieval", dataset, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert word in result.stderr


def test_citations_are_measured_where_no_answer_is_known(
    dataset: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    asked = [{key: one[key] for key in ("id", "question")} for one in QUESTIONS]
    lines = "".join(json.dumps(row) + "\n" for row in asked)
    (dataset / "questions.jsonl").write_text(lines, encoding="utf-8")
    out = tmp_path / "out.json"
    figures = json.loads(quaestor("eval", "citations", dataset, "--out", out).stdout)
    assert (figures["questions"], figures["quote_exists"]["mean"]) == (2, 1.0)
    assert figures["supports"]["full"]["mean"] == 1.0
    assert figures["with_citations"]["mean"] == 1.0
    kept = json.loads(out.read_text("utf-8"))
    assert [one["question"] for one in kept["outcomes"]] == ["q1", "q2"]
