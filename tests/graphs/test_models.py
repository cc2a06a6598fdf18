"""A model that misbehaves makes a run plainer, never broken; what it cannot do is learnt once."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from quaestor.archive import Archive
from quaestor.memory import attempts
from quaestor.report import Report
from quaestor.researcher import Researcher
from quaestor.testing import (
    BrokenModel,
    Defect,
    Double,
    GarbageModel,
    HashModel,
    ModelServer,
    Reply,
    Request,
    ScriptedModel,
)
from tests.fakes import Shelf
from tests.graphs.dying import QUESTION, Dying, researcher

ROOT = Path(__file__).parents[2]
ROLES = {"planner", "searcher", "refiner", "writer", "verifier"}
SILENT: set[Defect] = {"refusal", "empty_reply", "wrong_keys", "truncated_json", "endless_text"}
"""Nothing such a model says can be used."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0.0)


def check(report: Report) -> None:
    """Check what holds of every run, whatever its model says."""
    assert report.status in ("answered", "insufficient_evidence")
    assert report.markdown.strip()
    for name, count in report.fallbacks.items():
        role, _, reason = name.partition(":")
        assert role in ROLES
        assert reason
        assert count > 0
    for cited in report.cited:
        span = cited.evidence
        assert cited.document.text[span.start : span.end] == span.text


def beyond_the_first(model: Double) -> bool:
    """Say whether a role asked a model for more than whether it is ready."""
    return any("ready" not in (one.schema or {}).get("properties", {}) for one in model.asked)


@pytest.mark.parametrize("defect", get_args(Defect))
async def test_each_defect_ends_with_a_report(tmp_path: Path, defect: Defect) -> None:
    model = BrokenModel(defect, max_chars=20_000)
    report = await researcher(tmp_path, model).start(QUESTION)
    check(report)
    assert model.asked
    if defect in SILENT and beyond_the_first(model):
        assert report.fallbacks
    sent = Counter(f"{one.prompt} {one.form}" for one in model.asked)
    assert max(sent.values()) <= attempts.ATTEMPTS


async def test_a_model_of_garbage_ends_with_a_report(tmp_path: Path) -> None:
    check(await researcher(tmp_path, GarbageModel()).start(QUESTION))


async def test_a_silent_model_leaves_the_report_of_a_run_without_one(tmp_path: Path) -> None:
    silent = await researcher(tmp_path / "a", BrokenModel("refusal")).start(QUESTION)
    without = await researcher(tmp_path / "b", None).start(QUESTION)
    assert silent.answer == without.answer == "Harrowby"
    assert [one.text for one in silent.claims] == [one.text for one in without.claims]
    assert not without.fallbacks


LEADS = {
    "it is invented": {"text": "Bob Smith wrote it on 1 January 2040.", "evidence": ["e1"]},
    "it is in another language": {"text": "抱歉，我无法回答这个问题。", "evidence": ["e1"]},
}


@pytest.mark.parametrize("unverified", ["list", "mark"])
@pytest.mark.parametrize("why", LEADS)
async def test_where_no_sentence_of_a_lead_is_confirmed_the_plain_lead_stands(
    tmp_path: Path, why: str, unverified: str
) -> None:
    lead = LEADS[why]

    def rule(request: Request) -> Reply:
        fields = (request.schema or {}).get("properties", {})
        if "lead" in fields:
            return {"answer": "Bob Smith", "answer_evidence": ["e1"], "lead": [lead]}
        return {"revisions": []} if "revisions" in fields else {"ready": True}

    model = {"writer": ScriptedModel(rule)}
    report = await researcher(tmp_path / "a", model, unverified=unverified).start(QUESTION)
    without = await researcher(tmp_path / "b", None).start(QUESTION)
    assert (report.status, report.answer) == ("answered", without.answer)
    assert report.fallbacks == {"writer:unconfirmed": 1}
    told = [one.text for one in without.claims]
    assert [one.text for one in report.claims if one.verdict == "supported"] == told
    assert "*Not confirmed:" in report.markdown.partition(str(lead["text"])[:-1])[2]
    check(report)


def schemas_asked(model: Double) -> int:
    return sum(one.form == "json_schema" for one in model.asked)


async def test_a_form_that_is_not_taken_is_asked_for_once_a_run(tmp_path: Path) -> None:
    model = BrokenModel("unsupported_json_schema")
    await researcher(tmp_path, model).start(QUESTION)
    assert schemas_asked(model) == 1
    await researcher(tmp_path, model).start(QUESTION)
    assert schemas_asked(model) == 2


async def test_each_endpoint_is_examined_once(tmp_path: Path) -> None:
    models = {
        "planner": BrokenModel("unsupported_json_schema"),
        "searcher": HashModel(),
        "writer": BrokenModel("unsupported_tools", model_name="second"),
        "verifier": BrokenModel("unsupported_json_schema", model_name="third"),
    }
    report = await researcher(tmp_path, models).start(QUESTION)
    check(report)
    for role in ("planner", "verifier"):
        assert schemas_asked(models[role]) == 1, role
    # Who takes schemas is never asked for anything else but to mend.
    assert {one.form for one in models["searcher"].asked} == {"json_schema"}
    ready = [
        sum("ready" in (one.schema or {}).get("properties", {}) for one in model.asked)
        for model in models.values()
    ]
    assert ready[1] == ready[2] == 1


async def test_a_closed_endpoint_is_asked_once_and_no_more(tmp_path: Path) -> None:
    with ModelServer(HashModel(), faults=[{"id": "key", "status": 401}]) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        report = await researcher(tmp_path, model).start(QUESTION)
        assert len(server.log) == 1
    check(report)
    assert {name.partition(":")[2] for name in report.fallbacks} <= {"closed"}


@pytest.mark.parametrize(
    ("defect", "reason"),
    [
        pytest.param("endless_text", "cut_off", id="a model that never ends"),
        pytest.param("empty_reply", "empty", id="a model that says nothing"),
        pytest.param("wrong_keys", "no_json", id="a model with names of its own for every field"),
    ],
)
async def test_a_model_that_can_reply_in_no_form_is_asked_for_the_brief_alone(
    tmp_path: Path, defect: Defect, reason: str
) -> None:
    model = BrokenModel(defect, max_chars=20_000)
    report = await researcher(tmp_path / "a", model).start(QUESTION)
    without = await researcher(tmp_path / "b", None).start(QUESTION)
    assert (report.status, report.answer) == ("answered", without.answer)
    assert [one.text for one in report.claims] == [one.text for one in without.claims]
    later = {name: n for name, n in report.fallbacks.items() if not name.startswith("planner")}
    # Nobody need be asked to verify copied sentences.
    assert set(later) == {f"{role}:{reason}" for role in ("searcher", "writer")}
    assert [one.form for one in model.asked] == ["json_schema", "tool", "json_text", "tagged_text"]


def raising(_: object) -> Reply:
    raise KeyError("choices")


async def test_a_client_that_raises_is_named_so(tmp_path: Path) -> None:
    run = researcher(tmp_path, ScriptedModel(raising)).start(QUESTION)
    report = await run
    check(report)
    assert {name.partition(":")[2] for name in report.fallbacks} == {"error"}
    assert "its client raised an error" in report.markdown
    told = {call.error for call in Archive(tmp_path).calls(run.id) if call.kind == "chat"}
    assert told == {"its client raised KeyError: 'choices'"}


def server_down(times: int) -> list[dict[str, Any]]:
    return [{"id": "down", "status": 503, "times": times}]


async def test_an_endpoint_that_is_down_is_tried_three_times_in_a_run(tmp_path: Path) -> None:
    with ModelServer(HashModel(), faults=server_down(3)) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        report = await researcher(tmp_path, model).start(QUESTION)
        assert len(server.log) == 3
    check(report)
    assert report.answer == "Harrowby"
    assert {name.partition(":")[2] for name in report.fallbacks} == {"down"}


async def test_who_is_back_after_two_attempts_was_never_away(tmp_path: Path) -> None:
    with ModelServer(HashModel(), faults=server_down(2)) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        report = await researcher(tmp_path, model).start(QUESTION)
        assert len(server.log) > 3
    assert not any(name.endswith(":down") for name in report.fallbacks)


async def test_who_watches_is_told_what_a_model_is_waited_for(tmp_path: Path) -> None:
    busy = {"id": "busy", "status": 429, "times": 1, "headers": {"Retry-After": "1"}}
    with ModelServer(HashModel(), faults=[busy]) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        run = researcher(tmp_path, model).start(QUESTION)
        said = [event async for event in run if event.kind == "source" and not event.total]
        await run
    [begun, ended] = [one for one in said if one.text == "openai:m"]
    assert begun.status.startswith("waiting 1 s, then asking once more: ")
    assert "429" in begun.status
    assert ended.status == ""


async def test_a_run_whose_endpoint_was_down_is_done_with_it_on_request(tmp_path: Path) -> None:
    with ModelServer(HashModel(), faults=server_down(3)) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        asking = researcher(tmp_path, model)
        run = asking.start(QUESTION)
        assert (await run).fallbacks
        report = await (await asking.resume(run.id, retry_failed=True))
        assert len(server.log) > 4
    check(report)
    # What was done without it before is no part of the report that is written anew.
    assert not any(name.endswith(":down") for name in report.fallbacks)


async def test_a_model_that_never_answers_is_waited_for_once(tmp_path: Path) -> None:
    hang = {"id": "hang", "behaviour": "accept, never answer"}
    with ModelServer(HashModel(), faults=[hang]) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        report = await researcher(tmp_path, model, model_seconds=0.5).start(QUESTION)
    check(report)
    assert len(server.log) == 1
    assert {name.partition(":")[2] for name in report.fallbacks} == {"late"}


async def test_a_model_that_asks_for_a_long_wait_is_said_to_throttle(tmp_path: Path) -> None:
    busy = {"id": "busy", "status": 429, "headers": {"Retry-After": "600"}}
    with ModelServer(HashModel(), faults=[busy]) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        report = await researcher(tmp_path, model).start(QUESTION)
    check(report)
    assert len(server.log) == 1
    assert {name.partition(":")[2] for name in report.fallbacks} == {"throttled"}
    assert "it takes no more requests for now" in report.markdown


def test_one_client_object_serves_two_questions_in_two_loops(tmp_path: Path) -> None:
    with ModelServer(HashModel()) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        asking = researcher(tmp_path, model)
        first, second = asking.ask(QUESTION), asking.ask(QUESTION)
        bodies = Counter(json.dumps(one.body, sort_keys=True) for one in server.log)
    check(first)
    assert (first.answer, first.fallbacks) == (second.answer, second.fallbacks)
    assert set(bodies.values()) == {2}


def chat_keys(home: Path, run_id: str) -> list[tuple[str, str]]:
    return sorted(
        (call.key, f"{call.status} {ask.branch} {ask.task} {ask.round}.{ask.step}")
        for call in Archive(home).calls(run_id)
        for ask in call.asks
    )


async def undisturbed(home: Path, defect: Defect) -> tuple[list[Any], str, int]:
    model = Dying(defect=defect)
    run = researcher(home, model).start(QUESTION)
    report = await run
    return chat_keys(home, run.id), report.markdown, len(model.asked)


@pytest.mark.parametrize("dies_at", [1, 2, 3])
@pytest.mark.parametrize("defect", ["unsupported_json_schema", "wrong_keys"])
async def test_after_a_kill_the_same_is_learnt_and_asked(
    tmp_path: Path, dies_at: int, defect: Defect
) -> None:
    keys, markdown, requests = await undisturbed(tmp_path / "whole", defect)
    assert requests > 3
    home = tmp_path / "killed"
    command = [sys.executable, "-m", "tests.graphs.dying", str(home), str(dies_at), defect]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode == 9
    model = Dying(defect=defect)
    run = await researcher(home, model).resume("last")
    report = await run
    assert chat_keys(home, run.id) == keys
    assert report.markdown == markdown
    assert len(model.asked) == requests - (dies_at - 1)


async def test_a_reply_that_says_no_usage_is_marked_in_the_spend(tmp_path: Path) -> None:
    said = {"role": "assistant", "content": "x"}
    body = json.dumps({"choices": [{"index": 0, "message": said, "finish_reason": "stop"}]})
    with ModelServer(ScriptedModel([]), faults=[{"id": "usage", "body": body}]) as server:
        model = ChatOpenAI(model="m", base_url=server.url, api_key=SecretStr("sk-test-x"))
        report = await researcher(tmp_path, model).start(QUESTION)
        answered = len(server.log)
    spent = report.to_json()["spend"]
    assert spent["calls"]["chat"] == spent["estimated"] == answered
    assert spent["tokens_out"] == answered  # "x" is one token
    assert (spent["unpriced"], spent["usd"]) == (0, 0.0)  # this machine's costs nothing


HARBOUR = "When was the harbour of Vellmar opened?"


def answering(request: Request) -> Reply:
    """Ask each branch the question, find no answer while searching, and write the one there is."""
    fields = set((request.schema or {}).get("properties", {}))
    if "parts" in fields:
        return {"answer_type": "date", "parts": [HARBOUR]}
    if "tasks" in fields:
        first = "Tasks so far: none." in request.prompt
        return {"tasks": [{"question": HARBOUR, "queries": ["harbour"]}] if first else []}
    if "lead" in fields:
        lead = {"text": "The harbour of Vellmar was opened on 12 May 1987.", "evidence": ["e1"]}
        return {"answer": "12 May 1987", "answer_evidence": ["e1"], "lead": [lead]}
    return {"ready": True, "verdicts": [], "action": "finish", "found": False}


async def test_what_one_branch_answers_is_no_gap_of_the_other(tmp_path: Path) -> None:
    texts = {"Port": "The harbour of Vellmar was opened on 12 May 1987 by Ada Norling."}
    sources = [
        Shelf("notes", texts, private=True),
        Shelf("pages", {"Whales": "A harbour porpoise is a small whale."}, kind="web", remote=True),
    ]
    asking = Researcher(sources, home=tmp_path, model=ScriptedModel(answering))
    run = asking.start(HARBOUR)
    report = await run
    assert (report.status, report.answer) == ("answered", "12 May 1987")
    # The web branch did concede it.
    assert any(finding.gaps for finding in run.memory().findings if finding.branch == "public")
    assert report.gaps == ()
    assert "What could not be found" not in report.markdown
