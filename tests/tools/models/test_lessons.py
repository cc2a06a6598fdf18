"""What a model cannot do is learnt from the first calls of a run alone."""

from typing import Any

import pytest

from quaestor.tools.models.endpoint import Endpoint
from quaestor.tools.models.forms import FORMS, Form
from quaestor.tools.models.lessons import Lesson, lesson_of, was_asked

HERE = Endpoint(provider="openai", model="m", url="http://127.0.0.1:1/v1")
FIELDS = ["answer", "score"]


def request(form: Form, *, fields: list[str] = FIELDS, **other: Any) -> dict[str, Any]:
    return {**HERE.plain(), **other, "form": form, "fields": fields}


def said(text: str, **other: Any) -> dict[str, Any]:
    return {"text": text, "tools": [], "finish": "stop", "refusal": "", **other}


def failed(error: str) -> dict[str, Any]:
    return {"error": error, "source": "openai:m", "reason": "no"}


GOOD = said('{"answer": "a"}')
PROSE = said("Well, I think so.")
Taught = list[tuple[dict[str, Any], bool, dict[str, Any]]]


@pytest.mark.parametrize(
    ("taught", "first", "closed"),
    [
        pytest.param([], "json_schema", "", id="nothing is known"),
        pytest.param([(request("json_schema"), False, GOOD)], "json_schema", "", id="it can do it"),
        pytest.param(
            [(request("json_schema"), True, failed("UnsupportedFormError"))],
            "tool_call",
            "",
            id="it does not take a schema",
        ),
        pytest.param(
            [
                (request("json_schema"), True, failed("UnsupportedFormError")),
                (request("tool_call"), True, failed("UnsupportedFormError")),
                (request("json_text"), False, GOOD),
            ],
            "json_text",
            "",
            id="nor tools",
        ),
        pytest.param(
            [(request(form), False, PROSE) for form in FORMS],
            "tagged_text",
            "no_json",
            id="nothing at all: it is not asked again",
        ),
        pytest.param(
            [(request("json_schema"), False, PROSE)], "tool_call", "", id="it wrote prose"
        ),
        pytest.param(
            [(request("json_schema"), False, said('{"reply": 1}'))],
            "tool_call",
            "",
            id="it does not know the fields' names",
        ),
        pytest.param(
            [(request("json_schema"), False, said('{"answer": 7}'))],
            "json_schema",
            "",
            id="it knows the form and is wrong in it",
        ),
        pytest.param(
            [(request("json_schema"), False, said("", refusal="I cannot"))],
            "json_schema",
            "",
            id="a refusal teaches nothing",
        ),
        pytest.param(
            [(request("json_schema"), False, said("on and on", finish="length"))],
            "tool_call",
            "",
            id="it does not end in a form",
        ),
        pytest.param(
            [(request(form), False, said("on and on", finish="length")) for form in FORMS],
            "tagged_text",
            "cut_off",
            id="it ends in none",
        ),
        pytest.param(
            [(request(form), True, failed("ClientError")) for form in FORMS],
            "tagged_text",
            "error",
            id="its client breaks whatever is asked",
        ),
        pytest.param(
            [(request(form), True, failed("BadReplyError")) for form in FORMS[:2]],
            "json_text",
            "",
            id="two forms are empty: two are left",
        ),
        pytest.param(
            [(request("json_schema"), True, failed("ModelDownError"))],
            "json_schema",
            "down",
            id="an endpoint that is down after its attempts closes it",
        ),
        pytest.param(
            [(request("json_schema"), True, failed("ModelBusyError"))],
            "json_schema",
            "throttled",
            id="so does one that takes no more requests",
        ),
        pytest.param(
            [(request("json_schema"), True, failed("ModelRefusedError"))],
            "json_schema",
            "closed",
            id="a wrong key closes it",
        ),
        pytest.param(
            [(request("json_schema"), True, failed("TooLateError"))],
            "json_schema",
            "late",
            id="so does letting us wait to the deadline",
        ),
        pytest.param(
            [
                (request("json_schema", model="n"), True, failed("ModelRefusedError")),
                (request("json_schema", endpoint="x"), True, failed("ModelRefusedError")),
                (request("json_schema", provider="y"), True, failed("UnsupportedFormError")),
            ],
            "json_schema",
            "",
            id="others' failures are theirs",
        ),
    ],
)
def test_what_is_learnt(taught: Taught, first: Form, closed: str) -> None:
    assert lesson_of(HERE, taught) == Lesson(first=first, closed=closed)


def test_the_forms_left_are_those_from_the_first_that_works() -> None:
    assert Lesson(first="json_text").forms == ("json_text", "tagged_text")
    assert Lesson().forms == FORMS


@pytest.mark.parametrize(
    ("taught", "was"),
    [
        pytest.param([], False, id="never"),
        pytest.param([(request("json_schema"), False, GOOD)], True, id="for the brief"),
        pytest.param(
            [(request("json_schema", fields=["ready"]), False, GOOD)], False, id="for a probe"
        ),
        pytest.param([(request("json_schema", model="n"), False, GOOD)], False, id="another model"),
    ],
)
def test_whether_a_model_needs_no_probe(taught: Taught, was: bool) -> None:
    assert was_asked(HERE, taught) is was
