"""A model server in a process of its own: named doubles, its log, its faults, its end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import openai
import pytest
from langchain_core.messages import HumanMessage

from quaestor.errors import SettingsError
from quaestor.testing import Fault, HashModel, ServerProcess
from quaestor.testing.server import model_named

TOLD = HumanMessage("Hi.")


def ask(url: str) -> str:
    with openai.OpenAI(base_url=url, api_key="sk-none", max_retries=0) as asking:
        reply = asking.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "Hi."}]
        )
    return reply.choices[0].message.content or ""


def test_a_named_double_answers_from_another_process() -> None:
    faults = [{"id": "first", "status": 500, "body": "oops", "times": 1}]
    with ServerProcess(options={"seed": 7}, latency_ms=30, faults=faults) as server:
        assert server.pid not in (0, os.getpid())
        with pytest.raises(openai.InternalServerError):
            ask(server.url)
        assert ask(server.url) == HashModel(7).invoke([TOLD]).text
        server.replay([Fault(id="second", status=401, body="{}")])
        with pytest.raises(openai.AuthenticationError):
            ask(server.url)
        log = server.log
        pid = server.pid
    assert [(one.status, one.fault) for one in log] == [
        (500, "first"),
        (200, None),
        (401, "second"),
    ]
    assert all(one.answered - one.received >= 0.029 for one in log)
    assert server.pid == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the process in /proc")
def test_a_server_ends_with_the_process_that_started_it() -> None:
    code = (
        "import os; from quaestor.testing import ServerProcess; "
        "print(ServerProcess().start().pid, flush=True); os._exit(0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    stat = Path(f"/proc/{ran.stdout.strip()}/stat")
    for _ in range(200):
        if not stat.exists() or stat.read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the server outlived who started it")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        pytest.param("quaestor.testing:NoModel", "has no attribute 'NoModel'", id="no such name"),
        pytest.param("no.such.module:x", "No module named 'no'", id="no such module"),
        pytest.param("HashModel", "name it as module:attribute", id="no module"),
        pytest.param(
            "quaestor.testing:HashEmbeddings", "not a LangChain chat model", id="no model"
        ),
    ],
)
def test_a_name_that_leads_to_no_model_is_named(model: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        model_named(model, {})


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"did not start: .*no\.such: No module named 'no'"):
        ServerProcess("no.such").start()
