"""A fault script gives each fault its number of times, in order."""

from typing import Any

import pytest

from quaestor.errors import SettingsError
from quaestor.testing import Fault, fault_of
from quaestor.testing.faults import FaultScript


def test_faults_come_in_order_each_for_its_times_and_one_without_for_good() -> None:
    script = FaultScript(
        [Fault(id="a", times=2), {"id": "never", "times": 0}, {"id": "b", "times": 1}, {"id": "c"}]
    )
    given = [script.next() for _ in range(6)]
    assert [fault.id for fault in given if fault] == ["a", "a", "b", "c", "c", "c"]


def test_after_the_last_fault_all_is_well() -> None:
    script = FaultScript([Fault(id="a", times=1)])
    assert [script.next() is None for _ in range(3)] == [False, True, True]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            {"id": "x", "status": None, "behaviour": "accept, never answer", "expect": "timeout"},
            Fault(id="x", behaviour="hang"),
            id="one that hangs",
        ),
        pytest.param(
            {"id": "x", "status": 200, "body": "{}", "behaviour": "RST after 20 bytes"},
            Fault(id="x", body="{}", behaviour="reset", reset_after=20),
            id="one that breaks off",
        ),
        pytest.param(
            {"id": "x", "status": 429, "headers": {"Retry-After": "2"}, "body": "{}", "times": 1},
            Fault(id="x", status=429, headers={"Retry-After": "2"}, body="{}", times=1),
            id="one that answers",
        ),
    ],
)
def test_a_fault_is_read_from_json(value: dict[str, Any], expected: Fault) -> None:
    assert fault_of(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param({"status": 500}, "a fault needs an id", id="no id"),
        pytest.param(
            {"id": "x", "behaviour": "sulk"},
            "behaviour 'sulk' is not known",
            id="no such behaviour",
        ),
    ],
)
def test_a_fault_that_cannot_be_read_is_named(value: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        fault_of(value)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(Fault(id="x", body="{}"), "application/json", id="JSON"),
        pytest.param(Fault(id="x", body="<p>"), "text/html; charset=utf-8", id="no JSON"),
        pytest.param(
            Fault(id="x", headers={"content-type": "text/plain"}), "text/plain", id="what it says"
        ),
    ],
)
def test_the_type_of_a_body(fault: Fault, expected: str) -> None:
    assert fault.content_type == expected
