"""Models named on the command line: what is said when one cannot be used, and who is told what."""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quaestor import Corpus, Researcher
from quaestor.cli import examining_models
from quaestor.cli.output import amount
from quaestor.errors import RefusedError, SourceDownError
from quaestor.testing import ModelServer, ScriptedModel
from tests.cli.conftest import QUESTION, Quaestor

KEY = "sk-test-0123456789abcdef"
NO_MODEL = "no connection, or an error of its server"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]  # used by all
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a key, and an address on this machine where nobody listens."""
    with ModelServer(ScriptedModel([])) as server:
        address = server.url
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", address)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """Have a model on this machine that never says what is wanted."""
    with ModelServer(ScriptedModel(lambda request: "I would rather not.")) as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


@pytest.mark.parametrize(
    ("model", "words"),
    [
        pytest.param(["gpt-5"], ("'gpt-5'", "PROVIDER:NAME"), id="a name without its provider"),
        pytest.param(["openai:"], ("'openai:'", "PROVIDER:NAME"), id="a provider without a name"),
        pytest.param(["writer="], ("'writer='", "ROLE="), id="a role without a model"),
        pytest.param(["writer=gpt"], ("'writer=gpt'", "ROLE="), id="a role and half a model"),
        pytest.param(["wrter=openai:a"], ("wrter", "writer"), id="a role misspelt"),
        pytest.param(["openai:a", "openai:b"], ("openai:a", "openai:b"), id="two for every role"),
        pytest.param(["nope:a"], ("no provider 'nope'", "anthropic"), id="an unknown provider"),
        pytest.param(["openai:a"], ("openai:a", "set OPENAI_API_KEY"), id="a key that is not set"),
    ],
)
def test_a_model_that_cannot_be_is_refused_in_one_line(
    model: list[str], words: tuple[str, ...], docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    named = [part for one in model for part in ("--model", one)]
    home = tmp_path / "home"
    result = quaestor("ask", QUESTION, "--local", docs, "--home", home, *named)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert [word for word in words if word not in result.stderr] == []
    assert not home.exists()


def test_what_models_cost_is_said_after_a_run(
    here: ModelServer, docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    result = quaestor(
        *("ask", QUESTION, "--local", docs, "--home", tmp_path / "h", "--model", "openai:small")
    )
    assert result.exit_code == 0
    assert "asking openai:small (here) in every role\n" in result.stderr
    assert "stays on this machine" in result.stderr
    # Each reply that does not fit is asked for once more, which is a call of its own.
    assert f"{len(here.log)} model calls: " in result.stderr
    assert "US$ 0.0000" in result.stderr
    assert "Mara Ellwood" in result.stdout
    assert "planner" in result.stdout.partition("Answered without the model")[2]


@pytest.mark.usefixtures("here")
def test_show_reads_as_ask_did(docs: Path, tmp_path: Path, quaestor: Quaestor) -> None:
    home = tmp_path / "h"
    asked = quaestor("ask", QUESTION, "--local", docs, "--home", home, "--model", "openai:small")
    shown = quaestor("show", "last", "--home", home)
    assert "Answered without the model" in shown.stdout
    # What it adds is the run, the ids, and in the references the places in the files.
    body, _, places = shown.stdout.partition("\nReferences\n")
    without_ids = re.sub(r"^(  (?:- )?)c\d+ +", r"\1", body, flags=re.MULTILINE)
    without_run = re.sub(r"^  run .*\n", "", without_ids, flags=re.MULTILINE)
    assert without_run.split() == asked.stdout.partition("\nReferences\n")[0].split()
    assert str(docs / "travel.md") in places
    (paid,) = [line for line in asked.stderr.splitlines() if " model calls: " in line]
    assert shown.stderr == f"{paid}\n"


@pytest.mark.usefixtures("down")
def test_tries_of_one_call_are_requests(docs: Path, tmp_path: Path, quaestor: Quaestor) -> None:
    home = tmp_path / "h"
    asked = quaestor("ask", QUESTION, "--local", docs, "--home", home, "--model", "openai:small")
    header, *lines = quaestor("calls", "last", "--home", home).stdout.splitlines()
    assert header.split()[4] == "requests"
    # Three tries are the most that a call has, and a model that is down is not asked again.
    (chat,) = [line.split() for line in lines if line.split()[2] == "chat"]
    assert (chat[3], chat[4]) == ("failed", "3")
    said = asked.stderr.splitlines()
    assert "1 model call in 3 requests: 0 tokens in, 0 out; US$ 0.0000" in said
    assert "openai:small: no connection" in said[-2]
    assert f"`quaestor doctor --model openai:small --home {home}`" in said[-2]


@pytest.mark.usefixtures("here")
def test_which_model_is_asked_in_which_role_is_said_before_a_run(
    docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    models = ("--model", "writer=openai:large", "--model", "planner=openai:small")
    result = quaestor("ask", QUESTION, "--local", docs, "--home", tmp_path / "h", *models)
    assert result.stderr.splitlines()[:3] == [
        "asking openai:small (here) as planner",
        "asking openai:large (here) as writer",
        "without a model: searcher, verifier",
    ]


def test_embeddings_are_named_and_counted_like_models(
    docs: Path, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("QUAESTOR_EMBEDDINGS", "openai:e")
    with ModelServer(ScriptedModel([])) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        result = quaestor("ask", QUESTION, "--local", docs, "--home", tmp_path / "h")
    assert "asking openai:e (here) for embeddings" in result.stderr.splitlines()
    assert f"{amount(len(server.log), 'call')} for embeddings: " in result.stderr
    assert "Answered without the model" not in result.stdout


@pytest.mark.usefixtures("down")
def test_doctor_says_that_nothing_answers_where_a_model_should_be(
    tmp_path: Path, quaestor: Quaestor
) -> None:
    result = quaestor("doctor", "--home", tmp_path, "--model", "openai:small")
    assert result.exit_code == 1
    (line,) = [one for one in result.stdout.splitlines() if "openai:small" in one and "NOT" in one]
    host = os.environ["OPENAI_BASE_URL"].removeprefix("http://").removesuffix("/v1")
    assert line.endswith(
        f": openai:small: NOT live: nothing answers at {host}; start its server, or give its "
        "address in OPENAI_BASE_URL"
    )
    assert KEY not in result.stdout


def test_who_reads_is_said_again_when_a_run_goes_on(
    here: ModelServer, docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    home = tmp_path / "home"

    async def interrupted() -> None:
        researcher = Researcher([Corpus.open(docs)], home=home, model="openai:small")
        run = researcher.start(QUESTION)
        waiting = asyncio.ensure_future(run)
        async for event in run:
            if event.kind == "call":
                waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting

    asyncio.run(interrupted())
    asked = len(here.log)
    result = quaestor("resume", "last", "--home", home)
    assert result.exit_code == 0
    assert result.stderr.startswith("asking openai:small (here) in every role\n")
    assert "Mara Ellwood" in result.stdout
    assert len(here.log) > asked


def test_what_a_model_is_waited_for_is_said_where_there_is_no_terminal(
    here: ModelServer, docs: Path, tmp_path: Path, quaestor: Quaestor
) -> None:
    busy = {"id": "busy", "status": 429, "times": 1, "headers": {"Retry-After": "1"}}
    here.replay([busy])
    asking = ("--local", docs, "--home", tmp_path / "h", "--model", "openai:small")
    said = quaestor("ask", QUESTION, *asking).stderr.splitlines()
    why = "it answered 429 and asks to wait 1 s"
    assert f"openai:small: waiting 1 s, then asking once more: {why}" in said


def test_a_finished_run_is_done_over_with_a_model_that_is_back(
    docs: Path, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    replies = ScriptedModel(lambda request: "I would rather not.")
    with ModelServer(replies) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        server.replay([{"id": "down", "status": 503, "body": "{}", "times": 3}])
        asking = ("--local", docs, "--home", tmp_path / "h", "--model", "openai:small")
        assert NO_MODEL in " ".join(quaestor("ask", QUESTION, *asking).stdout.split())
        asked = len(server.log)
        again = quaestor("resume", "last", "--home", tmp_path / "h")
        assert NO_MODEL in " ".join(again.stdout.split())
        assert len(server.log) == asked
        again = quaestor("resume", "last", "--home", tmp_path / "h", "--retry-failed")
        assert len(server.log) > asked
    assert again.exit_code == 0
    assert NO_MODEL not in " ".join(again.stdout.split())
    assert "its reply was not in the form asked for" in " ".join(again.stdout.split())


def test_doctor_asks_which_models_there_are_and_a_model_nothing(
    here: ModelServer, tmp_path: Path, quaestor: Quaestor
) -> None:
    # The double's name for itself is "scripted".
    models = ("--model", "openai:scripted", "--model", "writer=openai:large")
    result = quaestor("doctor", "--home", tmp_path, *models)
    assert result.exit_code == 0
    told = result.stdout.partition("\nModels\n")[2].partition("\n\n")[0].splitlines()
    where = f"at 127.0.0.1:{urlsplit(here.url).port}, on this machine"
    assert told == [
        f"  planner, searcher, verifier: openai:scripted: {where}, has this model, key set, "
        "costs nothing",
        f"  writer: openai:large: {where}, does NOT list this model (it lists scripted), key set, "
        "costs nothing",
    ]
    assert {one.path for one in here.log} == {"/v1/models"}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        pytest.param("{}", "gives no list of models (does its address end in /v1", id="cut short"),
        pytest.param("127.0.0.1:1/v1", "OPENAI_BASE_URL is no address: it begins", id="no scheme"),
    ],
)
def test_doctor_says_what_is_wrong_with_an_address(
    address: str,
    words: str,
    *,
    here: ModelServer,
    tmp_path: Path,
    quaestor: Quaestor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address.format(here.url.removesuffix("/v1")))
    result = quaestor("doctor", "--home", tmp_path, "--model", "openai:small")
    assert words in result.stdout


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            RefusedError("x", "it answered 401"),
            "it answered 401; see OPENAI_API_KEY",
            id="it refuses the key",
        ),
        pytest.param(SourceDownError("x", "it answered 503"), "it answered 503", id="it is down"),
    ],
)
def test_doctor_says_what_a_server_answers(
    error: Exception,
    words: str,
    tmp_path: Path,
    quaestor: Quaestor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def denied(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(examining_models, "listed", denied)
    result = quaestor("doctor", "--home", tmp_path, "--model", "openai:small")
    assert result.exit_code == 1
    assert f"openai:small: NOT live: {words}\n" in result.stdout


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_without_an_extra_the_one_to_install_is_named(
    provider: str, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    result = quaestor("doctor", "--home", tmp_path, "--model", f"{provider}:small")
    assert result.exit_code == 1
    remedy = f"the client of {provider} is not installed: pip install 'quaestor[{provider}]'"
    assert f"{provider}:small: NOT live: {remedy}\n" in result.stdout


def test_doctor_says_what_a_model_far_away_costs_and_who_reads_private_documents(
    docs: Path, tmp_path: Path, quaestor: Quaestor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # so that no connection is tried
    result = quaestor("doctor", "--local", docs, "--home", tmp_path, "--model", "openai:gpt-4o")
    assert result.exit_code == 0
    # 2.50 and 10.00 are what OpenAI's price page has said of gpt-4o since October 2024.
    assert "at api.openai.com, off this machine, not tried, key set" in result.stdout
    assert "US$ 2.5 in and 10 out for a million tokens" in result.stdout
    assert "private documents would be sent to api.openai.com" in result.stdout
