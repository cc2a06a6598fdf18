"""Requests: one key each, stored as parts, and given back as they were."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quaestor.memory.requests import PART_FROM, Json, join, request_key, split

LONG = "x" * PART_FROM
REFERENCE = {"$part": "0" * 64}

texts = st.text(max_size=8) | st.sampled_from([LONG, LONG + "y", "$part"])
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    like_a_reference = st.dictionaries(st.just("$part"), inner, min_size=1)
    return st.lists(inner) | st.dictionaries(texts, inner) | like_a_reference


requests: st.SearchStrategy[Any] = st.recursive(scalars, containers, max_leaves=20)


@given(requests)
@example(REFERENCE)
@example([REFERENCE])
@example({"messages": [{"$part": LONG}], "$part": "short"})
def test_join_undoes_split(request: Json) -> None:
    parts: dict[str, str] = {}
    assert join(split(request, parts), parts) == request


@pytest.mark.parametrize(
    ("request_", "stored", "parts"),
    [
        pytest.param({"q": "x" * (PART_FROM - 1)}, None, 0, id="a short text stays in place"),
        pytest.param({"q": LONG}, {"q": {"$part": "D"}}, 1, id="a long one is kept apart"),
        pytest.param([[LONG]], [{"$part": "D"}], 1, id="in a list the whole item is"),
        pytest.param([LONG, LONG], [{"$part": "D"}] * 2, 1, id="what is equal is kept once"),
        pytest.param({"a": {"b": LONG}}, {"a": {"b": {"$part": "D"}}}, 1, id="however deep"),
        pytest.param(REFERENCE, {"$part": "D"}, 1, id="what reads like a reference is kept apart"),
    ],
)
def test_what_is_kept_apart(request_: Any, stored: Any, parts: int) -> None:
    kept: dict[str, str] = {}
    split_ = split(request_, kept)
    assert len(kept) == parts
    digest = next(iter(kept), "")
    expected = request_ if stored is None else stored
    assert repr(split_) == repr(expected).replace("'D'", f"'{digest}'")


def conversation(turns: int) -> dict[str, Any]:
    spoken = [{"role": "user", "content": f"{number} " + LONG * 10} for number in range(turns)]
    return {"model": "m", "messages": spoken}


def test_a_growing_conversation_costs_its_new_part_and_a_reference_for_each_old_one() -> None:
    parts: dict[str, str] = {}
    for turns in range(1, 21):
        before = dict(parts)
        stored = split(conversation(turns), parts)
        (new,) = parts.keys() - before.keys()
        assert f'"{turns - 1} x' in parts[new]
        assert len(repr(stored)) < 40 + turns * 90  # a reference is 64 digits and its brackets


def test_the_key_is_sha256_of_the_kind_and_the_canonical_request() -> None:
    # printf 'search\n{"limit":3,"q":"ü"}' | sha256sum
    key = request_key("search", {"q": "\u00fc", "limit": 3})
    assert key == "d7dda5be577bd007fe8d21a96be74081902c0978da2e3a8a8d4c056a1d3999b2"
    assert request_key("fetch", {"q": "\u00fc", "limit": 3}) != key
