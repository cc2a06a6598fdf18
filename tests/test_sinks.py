"""Which models a run has, and who is told of private documents."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from langchain_openai import ChatOpenAI

from quaestor import Corpus, Researcher
from quaestor.archive import Archive
from quaestor.errors import SettingsError
from quaestor.sinks import named
from quaestor.testing import HashEmbeddings, HashModel
from tests.fakes import Shelf


def far() -> ChatOpenAI:
    return ChatOpenAI(model="m", base_url="https://models.example.org/v1", api_key="key-of-nobody")  # type: ignore[arg-type]


def here() -> ChatOpenAI:
    return ChatOpenAI(model="m", base_url="http://127.0.0.1:9/v1", api_key="none")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param(
            ["openai:a"],
            dict.fromkeys(("planner", "searcher", "writer", "verifier"), "openai:a"),
            id="one for every role",
        ),
        pytest.param(["writer=openai:b"], {"writer": "openai:b"}, id="one role alone"),
        pytest.param(
            ["writer=openai:b", "openai:a"],
            {
                "planner": "openai:a",
                "searcher": "openai:a",
                "writer": "openai:b",
                "verifier": "openai:a",
            },
            id="one role apart, in any order",
        ),
        pytest.param(
            ["ollama:qwen=3:4b"],
            dict.fromkeys(("planner", "searcher", "writer", "verifier"), "ollama:qwen=3:4b"),
            id="a name with an equals sign is a name",
        ),
    ],
)
def test_models_by_name(specs: Sequence[str], expected: Mapping[str, str] | None) -> None:
    assert named(specs) == expected


@pytest.mark.parametrize(
    ("specs", "said"),
    [
        pytest.param(["a:b", "c:d"], "two models", id="two for every role"),
        pytest.param(["writer=a:b", "writer=c:d"], "two models for the writer", id="two for one"),
        pytest.param(["cook=a:b"], "no role 'cook'", id="a role there is not"),
    ],
)
def test_a_wrong_name_is_told(specs: Sequence[str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        named(specs)


def folder(home: Path) -> Path:
    (home / "docs").mkdir(parents=True, exist_ok=True)
    (home / "docs" / "a.md").write_text("The lamp is red.", "utf-8")
    return home / "docs"


@pytest.mark.parametrize("private", [True, False], ids=["private", "public"])
def test_a_remote_model_is_told_of_private_documents_only(home: Path, *, private: bool) -> None:
    corpus = Corpus.open(folder(home), private=private)
    researcher = Researcher([corpus], home=home, model=far())
    assert researcher.documents_sent_to == (("models.example.org",) if private else ())


def test_a_model_on_this_machine_tells_nobody(home: Path) -> None:
    for model in (here(), HashModel()):
        researcher = Researcher(
            [Corpus.open(folder(home))], home=home, model=model, keep_local=True
        )
        assert researcher.documents_sent_to == ()


def test_keep_local_refuses_before_anything_is_asked(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"models\.example\.org"):
        Researcher([Corpus.open(folder(home))], home=home, model=far(), keep_local=True)
    with pytest.raises(SettingsError, match="vault"):
        Researcher([Shelf("vault", {}, private=True, remote=True)], home=home, keep_local=True)
    public = Corpus.open(folder(home), private=False)
    Researcher([public], home=home, model=far(), keep_local=True)


async def test_who_is_told_stands_in_the_run(home: Path) -> None:
    researcher = Researcher(
        [Corpus.open(folder(home))], home=home, model=HashModel(), embeddings=HashEmbeddings()
    )
    run = researcher.start("What colour is the lamp?")
    await run
    kept = Archive(home).run(run.id).settings
    assert kept["models_given"] is True
    assert kept["models"]["writer"].endswith(":hash")
    assert kept["documents_sent_to"] == []
