"""Schemas that the tests of the doubles fill, and an outside judge of what is filled in."""

from importlib import import_module
from typing import Annotated, Any, Literal

from hypothesis import strategies as st
from pydantic import BaseModel, Field


class Step(BaseModel):
    """A step that may hold steps: a schema that refers to itself."""

    kind: Literal["search", "open", "done"]
    query: str | None = None
    children: list["Step"] = []


class Cat(BaseModel):
    """One of two that a constant tells apart."""

    kind: Literal["cat"] = "cat"
    lives: int = Field(ge=1, le=9)


class Dog(BaseModel):
    """The other one."""

    kind: Literal["dog"] = "dog"
    good: bool


class Everything(BaseModel):
    """What pydantic writes into schemas: bounds, patterns, choices, references, free names."""

    title: str = Field(min_length=3, max_length=12)
    evidence: list[Annotated[str, Field(pattern=r"^e[1-9][0-9]{0,2}$")]] = Field(
        min_length=1, max_length=5
    )
    count: int = Field(gt=3, lt=6)
    even: int = Field(ge=-7, multiple_of=4)
    share: float = Field(ge=0.25, le=0.5)
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    step: Step
    names: dict[str, int]
    pair: tuple[int, str]
    perhaps: Literal["a"] | None
    days: set[Literal["mon", "tue", "wed"]]


def accepted(schema: dict[str, Any], value: object) -> bool:
    """Say whether the jsonschema library takes a value."""
    validator: Any = import_module("jsonschema").Draft202012Validator
    return bool(validator(schema).is_valid(value))


def _strings() -> st.SearchStrategy[dict[str, Any]]:
    sizes = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)
    sized = sizes.map(lambda at: {"type": "string", "minLength": at[0], "maxLength": at[1]})
    patterns = st.sampled_from(
        [r"^[a-f0-9]{4}$", r"^(red|green) \d+$", r"^\w+@\w+\.org$", r"x?y*z+", r"^[^abc]{3}\S$"]
    )
    return sized | patterns.map(lambda pattern: {"type": "string", "pattern": pattern})


def _stepped(least: int, step: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "multipleOf": step}


def _numbers() -> st.SearchStrategy[dict[str, Any]]:
    bounds = st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(sorted)
    whole = bounds.map(lambda at: {"type": "integer", "minimum": at[0], "maximum": at[1]})
    open_end = bounds.map(
        lambda at: {"type": "number", "exclusiveMinimum": at[0], "exclusiveMaximum": at[1] + 1}
    )
    stepped = st.builds(_stepped, st.integers(-9, 9), st.integers(1, 5))
    return whole | open_end | stepped


def _leaves() -> st.SearchStrategy[dict[str, Any]]:
    fixed: list[dict[str, Any]] = [
        {"type": "boolean"},
        {"type": "null"},
        {"const": {"a": [1, None]}},
        {"enum": ["x", 3, None]},
        {"type": ["string", "null"]},
    ]
    return _strings() | _numbers() | st.sampled_from(fixed)


def _array(items: dict[str, Any], at: list[int]) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": at[0], "maxItems": at[1]}


def _object(fields: dict[str, dict[str, Any]], needed: set[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": sorted(needed & set(fields)),
        "additionalProperties": False,
    }


def _choice(options: list[dict[str, Any]]) -> dict[str, Any]:
    return {"anyOf": options}


def _nests(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    sizes = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)
    names = st.sampled_from(["url", "id", "text", "query"])
    fields = st.dictionaries(names, inner, max_size=4)
    choices = st.lists(inner, min_size=1, max_size=3).map(_choice)
    return st.builds(_array, inner, sizes) | st.builds(_object, fields, st.sets(names)) | choices


SCHEMAS = st.recursive(_leaves(), _nests, max_leaves=8)
