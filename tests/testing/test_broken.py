"""BrokenModel has exactly the defect it was given, in every form a reply is asked for in."""

import json
from typing import Any, get_args

import pytest
from langchain_core.messages import AIMessage

from quaestor.testing import DEFECTS, BrokenModel, Defect, EndpointError, ScriptedModel
from quaestor.testing.request import Form

GOOD = {"answer": "forty two", "count": 42, "ids": ["e1", "e2"], "sure": True}
SCHEMA: dict[str, Any] = {
    "title": "Answer",
    "type": "object",
    "properties": {
        "answer": {"type": "string"},
        "count": {"type": "integer"},
        "ids": {"type": "array", "items": {"type": "string"}},
        "sure": {"type": "boolean"},
    },
}
BLOCK = f"<reply_schema>\n{json.dumps(SCHEMA)}\n</reply_schema>"
TOOL = {"type": "function", "function": {"name": "answer", "parameters": SCHEMA}}
ASKED: dict[Form, tuple[str, dict[str, Any]]] = {
    "json_schema": ("Hi.", {"response_format": {"json_schema": {"schema": SCHEMA}}}),
    "tool": ("Hi.", {"tools": [TOOL]}),
    "json_text": (BLOCK, {}),
    "tagged_text": (f"<reply_tags>\n</reply_tags>\n{BLOCK}", {}),
}
TEXTUAL: tuple[Form, ...] = ("json_schema", "json_text")


def broken(defect: Defect, form: Form, **options: Any) -> AIMessage:
    text, kwargs = ASKED[form]
    model = BrokenModel(defect, ScriptedModel(lambda request: GOOD), **options)
    return model.bind(**kwargs).invoke(text)


def value_of(reply: AIMessage) -> Any:
    return reply.tool_calls[0]["args"] if reply.tool_calls else json.loads(str(reply.text))


def test_every_defect_of_the_type_is_there() -> None:
    assert set(DEFECTS) == set(get_args(Defect))


@pytest.mark.parametrize("form", TEXTUAL)
def test_truncated_json_ends_too_soon_and_says_it_is_whole(form: Form) -> None:
    reply = broken("truncated_json", form)
    assert json.dumps(GOOD).startswith(str(reply.text))
    with pytest.raises(json.JSONDecodeError):
        json.loads(str(reply.text))
    assert reply.response_metadata["finish_reason"] == "stop"


def test_a_truncated_call_is_an_invalid_one() -> None:
    reply = broken("truncated_json", "tool")
    assert reply.tool_calls == []
    cut = reply.invalid_tool_calls[0]["args"] or ""
    assert json.dumps(GOOD).startswith(cut)
    assert 0 < len(cut) < len(json.dumps(GOOD))


@pytest.mark.parametrize("form", [*TEXTUAL, "tool"])
def test_prose_stands_around_json_that_is_whole(form: Form) -> None:
    text = str(broken("prose_around_json", form).text)
    before, _, rest = text.partition("```json\n")
    inner, _, after = rest.partition("\n```")
    assert json.loads(inner) == GOOD
    assert "Sure!" in before
    assert "Hope" in after


@pytest.mark.parametrize("form", [*TEXTUAL, "tool"])
def test_wrong_keys_hold_the_right_values(form: Form) -> None:
    found = value_of(broken("wrong_keys", form))
    assert list(found.values()) == list(GOOD.values())
    assert set(found).isdisjoint(GOOD)


@pytest.mark.parametrize("form", [*TEXTUAL, "tool"])
def test_wrong_types_stand_under_the_right_keys(form: Form) -> None:
    found = value_of(broken("wrong_types", form))
    assert {name: type(value) for name, value in found.items()} == {
        "answer": list,
        "count": str,
        "ids": str,
        "sure": str,
    }


@pytest.mark.parametrize("form", list(ASKED))
def test_an_unknown_tool_is_called(form: Form) -> None:
    assert [call["name"] for call in broken("unknown_tool", form).tool_calls] == [
        "open_the_pod_bay_doors"
    ]


@pytest.mark.parametrize("form", list(ASKED))
def test_thinking_comes_before_the_reply(form: Form) -> None:
    reply = broken("thinking_tags", form)
    thought, _, rest = str(reply.text).partition("</think>")
    assert thought.startswith("<think>")
    assert '{"draft": true}' in thought
    assert reply.tool_calls or "forty two" in rest


@pytest.mark.parametrize("form", list(ASKED))
def test_an_empty_reply_says_and_calls_nothing(form: Form) -> None:
    reply = broken("empty_reply", form)
    assert (reply.text, reply.tool_calls, reply.additional_kwargs) == ("", [], {})


@pytest.mark.parametrize("form", list(ASKED))
def test_a_refusal_stands_in_its_own_field_for_a_schema_and_in_words_elsewhere(form: Form) -> None:
    reply = broken("refusal", form)
    own = reply.additional_kwargs.get("refusal", "")
    assert "sorry" in (own if form == "json_schema" else str(reply.text))
    assert bool(own) == (form == "json_schema")


@pytest.mark.parametrize("form", list(ASKED))
def test_another_language_keeps_the_shape(form: Form) -> None:
    reply = broken("another_language", form)
    said = str(reply.text) or json.dumps(reply.tool_calls[0]["args"], ensure_ascii=False)
    assert "forty two" not in said
    assert "中文" in said
    assert "e2" in said


def test_another_language_without_a_form_is_just_that() -> None:
    assert "中文" in str(BrokenModel("another_language").invoke("Hi.").text)


@pytest.mark.parametrize("form", list(ASKED))
def test_endless_text_ends_where_the_test_says(form: Form) -> None:
    reply = broken("endless_text", form, max_chars=5_000)
    assert len(str(reply.text)) == 5_000
    assert reply.response_metadata["finish_reason"] == "length"


@pytest.mark.parametrize("form", [*TEXTUAL, "tool"])
def test_nan_stands_for_every_number(form: Form) -> None:
    found = value_of(broken("nan_numbers", form))
    assert found["count"] != found["count"]
    assert {**found, "count": 42} == GOOD


def test_nan_finds_a_place_where_there_is_no_number() -> None:
    model = BrokenModel("nan_numbers", ScriptedModel([{"a": "x"}]))
    assert str(model.bind(**ASKED["json_schema"][1]).invoke("Hi.").text) == '{"a": NaN}'


@pytest.mark.parametrize("form", TEXTUAL)
def test_every_key_stands_twice(form: Form) -> None:
    pairs = json.loads(str(broken("duplicate_keys", form).text), object_pairs_hook=list)
    assert pairs == [*GOOD.items(), *((name, None) for name in GOOD)]


def test_a_tag_stands_twice() -> None:
    assert str(broken("duplicate_keys", "tagged_text").text).splitlines()[::4] == [
        "<answer>forty two</answer>",
        "<answer>null</answer>",
    ]


@pytest.mark.parametrize(
    ("defect", "refused", "param"),
    [
        ("unsupported_json_schema", "json_schema", "response_format"),
        ("unsupported_tools", "tool", "tools"),
    ],
    ids=["a native schema", "tools"],
)
def test_a_form_is_refused_as_an_endpoint_does_and_the_others_are_served(
    defect: Defect, refused: Form, param: str
) -> None:
    with pytest.raises(EndpointError, match="not supported") as caught:
        broken(defect, refused)
    assert (caught.value.status_code, caught.value.param) == (400, param)
    for form in ASKED:
        if form != refused:
            assert "forty two" in repr(broken(defect, form))


@pytest.mark.parametrize("form", list(ASKED))
@pytest.mark.parametrize("defect", list(DEFECTS))
async def test_every_other_reply_is_good_when_asked_so(defect: Defect, form: Form) -> None:
    text, kwargs = ASKED[form]
    model = BrokenModel(defect, ScriptedModel(lambda request: GOOD), every=2).bind(**kwargs)
    good = ScriptedModel([GOOD]).bind(**kwargs).invoke(text)
    first = await model.ainvoke(text)
    assert (first.text, first.tool_calls) == (good.text, good.tool_calls)


def test_a_defect_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="there is no defect 'rusty'; take one of truncated_json"):
        BrokenModel("rusty")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="every=0 must be 1 or more"):
        BrokenModel("refusal", every=0)
