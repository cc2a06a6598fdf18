"""What a checkpoint may hold: JSON-plain values come back equal, everything else is refused."""

import dataclasses
import datetime
import enum
import pickle
import uuid
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Interrupt, Overwrite, Send

from quaestor.errors import IntegrityError
from quaestor.memory.checkpoints import TYPE, ExactSerializer

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def again(value: Any) -> Any:
    serializer = ExactSerializer()
    return serializer.loads_typed(serializer.dumps_typed(value))


@given(plain)
def test_plain_values_come_back_equal(value: Any) -> None:
    assert again(value) == value
    assert repr(again(value)) == repr(value)


@given(plain)
def test_control_values_come_back_equal(value: Any) -> None:
    assert again([Send("node", value)]) == [Send("node", value)]
    assert again(Overwrite(value)) == Overwrite(value)
    assert again(Interrupt(value=value, id="i")) == Interrupt(value=value, id="i")


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param((1, 2), id="a tuple would come back as a list"),
        pytest.param({1, 2}, id="a set has no order"),
        pytest.param(Point(1), id="a dataclass would come back as a dict"),
        pytest.param(Colour.RED, id="an enum would come back as its value"),
        pytest.param(datetime.datetime(2026, 1, 1), id="a time would come back as text"),
        pytest.param(uuid.UUID(int=1), id="a uuid would come back as text"),
        pytest.param(Text("x"), id="a subclass of str would come back as str"),
        pytest.param({1: "x"}, id="a key that is no string"),
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param(2**70, id="an integer over 64 bits"),
        pytest.param(object(), id="any other object"),
        pytest.param(Send("node", {"deep": (1,)}), id="a tuple inside a Send"),
    ],
)
def test_what_would_not_come_back_equal_is_refused(value: Any) -> None:
    for nested in (value, [value], {"key": value}):
        with pytest.raises(IntegrityError):
            ExactSerializer().dumps_typed(nested)


class Sentinel:
    """Its unpickling leaves a trace."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path(self.path),))


TOO_SHORT: list[Any] = [[], ["one"], {}, None]
"""Not what a Send or an Interrupt is made of."""


def test_planted_bytes_run_nothing(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    call = ormsgpack.packb(["pathlib", "Path.touch", str(trace)])
    planted = [
        ("pickle", pickle.dumps(Sentinel(str(trace)))),
        ("json", b'{"lc": 2, "type": "constructor", "id": ["pathlib", "Path"], "args": ["x"]}'),
        *[("msgpack", ormsgpack.packb(ormsgpack.Ext(code, call))) for code in range(8)],
        *[(TYPE, ormsgpack.packb(ormsgpack.Ext(code, call))) for code in (0, *range(4, 128))],
        *[
            (TYPE, ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(short))))
            for code in (1, 3)
            for short in TOO_SHORT
        ],
        JsonPlusSerializer().dumps_typed(Point(1)),
        (TYPE, b"\xc1"),
        (TYPE, b""),
    ]
    for row in planted:
        with pytest.raises(IntegrityError):
            ExactSerializer().loads_typed(row)
    assert not trace.exists()


def test_an_error_keeps_its_class_and_not_its_message() -> None:
    assert again([ValueError("a private sentence")]) == ["ValueError"]
