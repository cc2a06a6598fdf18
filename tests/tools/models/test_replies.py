"""From what a model said to a value: whatever it wraps it in, and nothing that it did not say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from quaestor.memory.text import normalise
from quaestor.tools.models.messages import Said, ToolSaid
from quaestor.tools.models.replies import Unusable, holds_any, value_of, without_thinking


class Answer(BaseModel):
    """What is wanted."""

    answer: str
    score: float = 0.0
    parts: list[str] = []


class Anything(BaseModel):
    """Takes every object."""

    model_config = ConfigDict(extra="allow")


WANTED = Answer(answer="a {brace} and ```")
JSON = '{"answer": "a {brace} and ```"}'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(JSON, id="bare"),
        pytest.param(f"\n\n  {JSON}\n", id="white space around it"),
        pytest.param(f"Sure! Here it is: {JSON} Hope this {{helps}}!", id="prose around it"),
        pytest.param(f"```json\n{JSON}\n```", id="a fence"),
        pytest.param(f"Here:\n```\n{JSON}\n```\nDone.", id="a fence without a language, in prose"),
        pytest.param(f"```json\n{JSON}", id="a fence that is never closed"),
        pytest.param(
            f'<think>Maybe {{"answer": "draft"}}?</think>{JSON}', id="a thought before it"
        ),
        pytest.param(f'Maybe {{"answer": "draft"}}?</think>\n{JSON}', id="a thought never opened"),
        pytest.param(f"<think>a</think>Well. <Thought>b</Thought> {JSON}", id="two thoughts"),
        pytest.param(f'{JSON}\n<think>or {{"answer": "other"}}</think>', id="a thought after it"),
        pytest.param(f"I use {{braces}} at times.\n{JSON}", id="a brace of prose before it"),
        pytest.param(f'{{"note": "no"}} {JSON}', id="another object before it"),
        pytest.param(f"[{JSON}]", id="in a list"),
        pytest.param("<answer>a {brace} and ```</answer>", id="tags"),
        pytest.param(
            "<think>x</think>\n<answer>\na {brace} and ```\n</answer>", id="tags, thinking"
        ),
        pytest.param(
            '{"answer": "a {brace} and ```", "answer": "other"}', id="a key twice: the first counts"
        ),
        pytest.param(f"{JSON} {{", id="an open brace after it"),
        pytest.param('{"answer": "a {brace} and \\u0060``"}', id="escapes"),
    ],
)
def test_a_value_is_found_however_it_is_wrapped(text: str) -> None:
    assert value_of(Said(text=text), Answer) == WANTED


def test_what_stands_in_tags_is_json_where_the_field_is_no_text() -> None:
    text = '<answer>42</answer>\n<parts>["a", "b"]</parts>\n<score>0.5</score>'
    found = value_of(Said(text=text), Answer)
    assert found == Answer(answer="42", score=0.5, parts=["a", "b"])


def test_a_tool_call_counts_before_the_text() -> None:
    said = Said(text='{"answer": "text"}', tools=(ToolSaid(name="x", arguments=JSON),))
    assert value_of(said, Answer) == WANTED


def test_a_thought_inside_the_json_is_a_part_of_it() -> None:
    said = Said(text='{"answer": "write <think>aloud</think> here"}')
    assert value_of(said, Answer) == Answer(answer="write <think>aloud</think> here")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        pytest.param(Said(text=""), "empty", id="nothing"),
        pytest.param(Said(text=" \n"), "empty", id="white space"),
        pytest.param(Said(text="I would say so."), "no_json", id="prose"),
        pytest.param(Said(text='{"answer": "a'), "no_json", id="a text cut off in silence"),
        pytest.param(Said(text=JSON, finish="length"), "cut_off", id="cut off, even if it parses"),
        pytest.param(Said(text=JSON, finish="content_filter"), "refused", id="filtered"),
        pytest.param(Said(text=JSON, refusal="I cannot"), "refused", id="refused"),
        pytest.param(Said(text="<think>and on"), "no_json", id="a thought without an end"),
        pytest.param(
            Said(text='<think>{"answer": "a"}'), "no_json", id="a draft in such a thought"
        ),
        pytest.param(Said(text="[1, 2]"), "no_json", id="a list"),
        pytest.param(Said(text='{"answer": 1}'), "invalid", id="another type"),
        pytest.param(Said(text='{"reply": "a"}'), "invalid", id="another key"),
        pytest.param(
            Said(text="<answer>a</answer><score>0."), "no_json", id="tags cut off in silence"
        ),
        pytest.param(Said(text='{"answer": "a", "score": NaN}'), "no_json", id="NaN"),
        pytest.param(Said(text='{"answer": "a", "score": -Infinity}'), "no_json", id="infinity"),
        pytest.param(Said(text='{"answer": "a", "score": 1e999}'), "no_json", id="1e999"),
        pytest.param(
            Said(text=f'{{"answer": "a", "score": {"9" * 5000}}}'), "no_json", id="5,000 digits"
        ),
        pytest.param(
            Said(text=f'{{"answer": "a", "score": {"9" * 4000}}}'), "invalid", id="4,000 digits"
        ),
        pytest.param(
            Said(text="", tools=(ToolSaid(name="x", arguments='{"answer": '),)),
            "no_json",
            id="a tool call cut off",
        ),
    ],
)
def test_what_is_no_value_is_named(said: Said, fault: str) -> None:
    found = value_of(said, Answer)
    assert isinstance(found, Unusable)
    assert found.fault == fault
    assert 0 < len(found.why) <= 600


class Optional(BaseModel):
    """A value without a field that must be there."""

    sentences: list[str] = []


@pytest.mark.parametrize(
    "text",
    ['{"the_sentences": ["a"]}', '{"sentences": [{"text": "a", "ids": []}, {"te', "{}"],
    ids=["names of its own", "an object within one that was cut off", "nothing"],
)
def test_an_object_without_any_field_is_no_value_although_none_must_be_there(text: str) -> None:
    found = value_of(Said(text=text), Optional)
    assert isinstance(found, Unusable)
    assert found.why == "an object with none of the fields sentences"


def test_the_reason_names_the_field_and_not_what_stands_in_it() -> None:
    found = value_of(Said(text='{"answer": ["a secret passage"]}'), Answer)
    assert found == Unusable(fault="invalid", why="answer: Input should be a valid string")


def test_texts_can_be_stored() -> None:
    found = value_of(Said(text='{"answer": "a\\u0000b\\ud800c e\\u0301"}'), Answer)
    assert isinstance(found, Answer)
    assert found.answer == normalise("a\0b\ud800c e\u0301").text
    assert "\0" not in found.answer
    found.answer.encode()


HUGE = 1_000_000


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("{", id="braces"),
        pytest.param("<think>", id="thoughts opened"),
        pytest.param("x<think>", id="words and thoughts opened"),
        pytest.param("x<think></think>", id="thoughts"),
        pytest.param("x<think></thought>", id="thoughts closed by another name"),
        pytest.param("</think>", id="thoughts closed"),
        pytest.param("<answer>", id="tags opened"),
        pytest.param('{"a":[1,', id="lists in objects without an end"),
        pytest.param('{"a":"', id="texts without an end"),
        pytest.param('{"a":' + "[0," * 50, id="deep lists"),
        pytest.param("```\n{", id="fences"),
        pytest.param("`", id="backquotes"),
        pytest.param('{"a":1} ', id="objects that do not fit"),
    ],
)
def test_a_million_characters_of_anything_are_read_in_a_moment(unit: str) -> None:
    """What is quadratic takes minutes here, and no test has minutes."""
    text = unit * (HUGE // len(unit))
    assert isinstance(value_of(Said(text=text), Answer), Unusable)
    assert not holds_any(Said(text=text), frozenset({"score"}))


@pytest.mark.parametrize("depth", [10, 400, 990, 5_000])
def test_what_is_nested_deeply_is_a_value_or_none(depth: int) -> None:
    text = '{"answer": "a", "more": ' + '{"x":' * depth + "1" + "}" * depth + "}"
    found = value_of(Said(text=text), Answer)
    assert found == Answer(answer="a") or isinstance(found, Unusable)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("yes", "yes", id="nothing to cut"),
        pytest.param("<think>a</think>yes", "yes", id="a block"),
        pytest.param("<THINK>a</think>yes", "yes", id="in capitals"),
        pytest.param("<think>a<think>b</think>yes", "yes", id="one in another"),
        pytest.param("<think>a</reasoning>b</think>yes", "yes", id="another's end inside"),
        pytest.param("a</think>yes", "yes", id="an end alone"),
        pytest.param("a</think>b</think>yes", "yes", id="two ends: the last counts"),
        pytest.param("a <think>b</think> c</think>yes", "yes", id="a block, and an end after it"),
        pytest.param("<think>a", "", id="a beginning alone"),
        pytest.param("<think>a</think> <think>b", "", id="a beginning alone after a block"),
        pytest.param("so <think> is a tag", "so <think> is a tag", id="a beginning in prose"),
        pytest.param("a <think>b</think> c", "a  c", id="a block in the middle"),
    ],
)
def test_thinking_is_taken_out(text: str, kept: str) -> None:
    assert without_thinking(text) == kept


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        pytest.param(Said(text='{"answer": 1}'), True, id="an object with a name, fitting or not"),
        pytest.param(Said(text="<answer>yes</answer>"), True, id="a tag"),
        pytest.param(Said(text="<answer>yes"), False, id="a tag that is never closed"),
        pytest.param(Said(text="", tools=(ToolSaid(name="x", arguments=JSON),)), True, id="a call"),
        pytest.param(Said(text='{"the_answer": 1}'), False, id="an object with other names"),
        pytest.param(Said(text="The answer is 1."), False, id="prose"),
        pytest.param(Said(text='<think>{"answer": 1}</think>'), False, id="only in a thought"),
    ],
)
def test_whether_a_form_was_tried_at_all(said: Said, holds: bool) -> None:
    assert holds_any(said, frozenset({"answer", "score"})) is holds


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0")).map(
    lambda text: normalise(text).text
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
objects = st.dictionaries(texts, values, min_size=1, max_size=5)
prose = st.text("abc .,!?\n<>/:*#", max_size=40)


@given(objects, prose, prose, st.sampled_from(["", "```\n", "```json\n"]), st.booleans())
def test_any_object_comes_back_equal(
    value: dict[str, Any], before: str, after: str, fence: str, ascii_only: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    if fence:
        text = f"{fence}{text}\n```"
    thought = f"<think>{after} {{draft}} </think>"
    found = value_of(Said(text=f"{thought}{before}\n{text}\n{after}"), Anything)
    assert isinstance(found, Anything)
    assert found.model_dump() == value


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    found = value_of(Said(text=text), Answer)
    assert isinstance(found, Unusable | Answer)
