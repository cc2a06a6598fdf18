"""Who a model object is, read from the clients that people use; no key ever stands in it."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_openai import AzureChatOpenAI, ChatOpenAI, OpenAIEmbeddings
from pydantic import SecretStr

from quaestor.testing import HashModel
from quaestor.tools.models.endpoint import Endpoint, endpoint_of

KEY = "sk-test-SECRET-0123456789"


def openai(**given: Any) -> ChatOpenAI:
    return ChatOpenAI(model="m-1", api_key=SecretStr(KEY), **given)


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        pytest.param("http://127.0.0.1:8080/v1", False, id="loopback"),
        pytest.param("http://127.9.9.9/v1", False, id="all of 127/8"),
        pytest.param("http://[::1]:8080/v1", False, id="loopback of IPv6"),
        pytest.param("http://localhost:11434/v1", False, id="localhost"),
        pytest.param("http://models.localhost/v1", False, id="below localhost"),
        pytest.param("http://0.0.0.0:11434/v1", False, id="every address of this machine"),
        pytest.param("http://10.0.0.5/v1", True, id="a neighbour is not this machine"),
        pytest.param("http://localhost.example.org/v1", True, id="a name that begins so"),
        pytest.param("https://api.openai.com/v1", True, id="a provider"),
    ],
)
def test_whether_asking_leaves_this_machine(url: str, remote: bool) -> None:
    found = endpoint_of(openai(base_url=url))
    assert (found.provider, found.model, found.url, found.remote) == ("openai", "m-1", url, remote)


def test_the_clients_own_address_counts_where_none_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert endpoint_of(openai()).url == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert endpoint_of(openai()).url == "http://127.0.0.1:9/v1"


@pytest.mark.parametrize(
    ("address", "remote"),
    [
        pytest.param("http://127.0.0.1:11434", False, id="this machine"),
        pytest.param("http://10.0.0.5:11434", True, id="another"),
    ],
)
def test_an_address_that_only_its_client_knows_is_found(address: str, remote: bool) -> None:
    # As ChatOllama keeps it: ollama.AsyncClient in a private field, and httpx's in that.
    class Ollama:
        model = "small"
        base_url = None
        _async_client = SimpleNamespace(_client=SimpleNamespace(base_url=address))

    found = endpoint_of(Ollama())
    assert (found.url, found.remote) == (address, remote)


def test_user_query_and_fragment_of_an_address_are_left_out() -> None:
    found = endpoint_of(openai(base_url="https://me:secret@llm.example.org/v1?key=abc#x"))
    assert found.url == "https://llm.example.org/v1"
    assert found.host == "llm.example.org"


def test_azure_is_its_resource_and_deployment() -> None:
    model = AzureChatOpenAI(
        azure_deployment="d-1",
        api_version="2024-10-21",
        azure_endpoint="https://mine.openai.azure.com",
        api_key=SecretStr(KEY),
    )
    found = endpoint_of(model)
    assert found.url == "https://mine.openai.azure.com/openai/deployments/d-1"
    assert found.remote
    assert KEY not in json.dumps(found.plain())


def test_embeddings_have_one_too() -> None:
    model = OpenAIEmbeddings(model="e-1", api_key=SecretStr(KEY), base_url="http://127.0.0.1:9/v1")
    found = endpoint_of(model)
    assert (found.name, found.url, found.remote) == ("openai:e-1", "http://127.0.0.1:9/v1", False)


@pytest.mark.parametrize("model", [HashModel(), FakeListChatModel(responses=["x"])])
def test_doubles_compute_here(model: object) -> None:
    assert not endpoint_of(model).remote


def test_what_hides_its_address_counts_as_remote() -> None:
    class Odd:
        model_name = "odd-1"

    found = endpoint_of(Odd())
    assert found == Endpoint(provider="odd", model="odd-1", url="", remote=True, parameters={})
    assert (found.name, found.host) == ("odd:odd-1", "odd")


def test_what_shapes_an_answer_is_a_parameter_and_what_opens_a_door_is_none() -> None:
    model = openai(
        temperature=0.5,
        max_tokens=100,
        seed=7,
        default_headers={"X-Api-Key": KEY},
        model_kwargs={"extra_headers": {"Authorization": f"Bearer {KEY}"}, "top_k": 20},
        extra_body={
            "auth": {"api_key": KEY, "token": KEY},
            "callback": "https://example.org",
            "note": f"use {KEY}",
        },
    )
    plain = endpoint_of(model).plain()
    assert KEY not in json.dumps(plain)
    assert plain["parameters"] == {
        "extra_body": {"auth": {}, "note": "use [key]"},
        "max_completion_tokens": 100,
        "seed": 7,
        "temperature": 0.5,
        "top_k": 20,
    }
