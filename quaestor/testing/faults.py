"""A script of faults for a server to answer with, in place of what it would say."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from quaestor.errors import SettingsError

_RESET = re.compile(r"(?:RST|reset) after (\d+) bytes", re.I)
_HANG = re.compile(r"never answer|hang", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong answer of an endpoint."""

    id: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    times: int | None = None
    """How many requests get it; None for every one from its turn on."""
    behaviour: Literal["answer", "hang", "reset"] = "answer"
    """Answer, never answer, or send a part of the body and reset the connection."""
    reset_after: int = 0
    """How many bytes of the body are sent before a reset."""

    @property
    def content_type(self) -> str:
        """What the headers say it is; else JSON when the body parses as such, HTML when not."""
        named = {name.lower(): value for name, value in self.headers.items()}.get("content-type")
        return named or ("application/json" if _is_json(self.body) else "text/html; charset=utf-8")


def fault_of(value: Mapping[str, Any]) -> Fault:
    """Return a fault from its JSON object: id, status, headers, body, times, behaviour.

    `behaviour` is in words: "accept, never answer" or "RST after 20 bytes". Other keys, such as
    what is expected of a client, are left alone.

    Raises:
        SettingsError: The id is missing, or the behaviour is none of these.
    """
    if "id" not in value:
        raise SettingsError(f"a fault needs an id: {json.dumps(value)[:200]}")
    said = str(value.get("behaviour") or "")
    reset = _RESET.search(said)
    if said and not reset and not _HANG.search(said):
        raise SettingsError(
            f"fault {value['id']}: behaviour {said!r} is not known; "
            "say 'accept, never answer' or 'RST after N bytes'"
        )
    return Fault(
        id=str(value["id"]),
        status=int(value.get("status") or 200),
        headers=dict(value.get("headers") or {}),
        body=str(value.get("body") or ""),
        times=value.get("times"),
        behaviour="reset" if reset else "hang" if said else "answer",
        reset_after=int(reset.group(1)) if reset else 0,
    )


class FaultScript:
    """Faults in their order, each for its number of times."""

    def __init__(self, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> None:
        self._faults = [one if isinstance(one, Fault) else fault_of(one) for one in faults]
        self._given = 0

    def next(self) -> Fault | None:
        """Return the fault the next request gets, None when it gets a good answer."""
        while self._faults:
            fault = self._faults[0]
            if fault.times is None:
                return fault
            if self._given < fault.times:
                self._given += 1
                return fault
            self._faults.pop(0)
            self._given = 0
        return None


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
