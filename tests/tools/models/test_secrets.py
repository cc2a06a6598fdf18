"""Keys are found where clients keep them, and taken out of what is written."""

from typing import Any

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from quaestor.testing import BrokenModel
from quaestor.tools.models.secrets import hide, redact, secrets_of

KEY = "0123456789-plain-key"


def openai(**given: Any) -> ChatOpenAI:
    return ChatOpenAI(model="gpt-4o-mini", **given)


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"api_key": SecretStr(KEY)}, id="the client's key"),
        pytest.param({"api_key": "short", "default_headers": {"X-Api-Key": KEY}}, id="a header"),
        pytest.param(
            {"api_key": "short", "default_headers": {"Authorization": f"Bearer {KEY}"}},
            id="a bearer's header",
        ),
        pytest.param(
            {"api_key": "short", "model_kwargs": {"user_auth": [{"token": SecretStr(KEY)}]}},
            id="a secret in a list in a mapping",
        ),
        pytest.param({"api_key": "short", "extra_body": {"password": KEY}}, id="in the body"),
    ],
)
def test_a_key_is_found(given: dict[str, Any]) -> None:
    found = secrets_of(openai(**given))
    assert KEY in found
    assert not found & {"gpt-4o-mini", "short"}


def test_the_key_of_a_model_inside_another_is_found() -> None:
    wrapped = BrokenModel("refusal", openai(api_key=SecretStr(KEY)))
    assert secrets_of(wrapped) == {KEY}


def test_keys_of_the_environment_are_found_where_they_are_no_plain_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "os.environ",
        {"OTHER_API_KEY": KEY, "HF_TOKEN": "hf-0123456789", "DOOR_KEY": "front", "HOME": "/" * 20},
    )
    assert secrets_of() == {KEY, "hf-0123456789"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("no key here", "no key here", id="nothing"),
        pytest.param(f"it was {KEY}!", "it was [key]!", id="a known key"),
        pytest.param("sk-proj-abcdefgh is wrong", "[key] is wrong", id="what looks like one"),
        pytest.param("AIzaSyA1234567890abcdefghij", "[key]", id="one of another provider"),
        pytest.param(
            "Authorization: Bearer abcdef.123", "Authorization: Bearer [key]", id="bearer"
        ),
        pytest.param("Incorrect key: sk-ab****wxyz", "Incorrect key: [key]", id="half hidden"),
        pytest.param("ask-ing and risk-free", "ask-ing and risk-free", id="words with a dash"),
    ],
)
def test_what_an_error_shows(text: str, shown: str) -> None:
    assert redact(text, {KEY}) == shown


def test_of_two_keys_one_in_the_other_nothing_is_left() -> None:
    assert redact("abcdefgh-long and abcdefgh", {"abcdefgh", "abcdefgh-long"}) == "[key] and [key]"


def test_a_replys_words_are_left_alone_but_for_the_keys() -> None:
    assert hide(f"sk-proj-abcdefgh and {KEY}", {KEY}) == "sk-proj-abcdefgh and [key]"
