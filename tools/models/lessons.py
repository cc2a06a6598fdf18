"""What a model cannot do, learnt once a run from the ledger: the same again after a resume.

A run's first model calls are the brief's (and a probe of every model that does not write it),
before any branch starts. They alone teach: what is learnt from calls that run side by side
would hang on which came back first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from quaestor.memory.attempts import TooLateError
from quaestor.memory.calls import Ask
from quaestor.tools.models.endpoint import Endpoint
from quaestor.tools.models.failures import (
    BadReplyError,
    ModelRefusedError,
    UnsupportedFormError,
)
from quaestor.tools.models.forms import FORMS, Form
from quaestor.tools.models.messages import Said, ToolSaid
from quaestor.tools.models.replies import holds_any

_CANNOT = (UnsupportedFormError.__name__, BadReplyError.__name__)
"""A form that is refused, or answered with nothing that is a reply, attempt after attempt."""
LESSONS = Ask(branch="research", task="", round=0, step=0)
"""Where the calls that teach are asked."""
_CLOSING = (ModelRefusedError.__name__, TooLateError.__name__)


class Ready(BaseModel):
    """The reply of a probe."""

    ready: bool = Field(description="true")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is known of one endpoint in one run."""

    first: Form = FORMS[0]
    """The first form it was not seen to fail at."""
    closed: bool = False
    """It refuses every request (a wrong key, no such model), or let the first wait too long."""

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms to try, in order."""
        return FORMS[FORMS.index(self.first) :]


def lesson_of(
    endpoint: Endpoint, taught: Iterable[tuple[dict[str, Any], bool, dict[str, Any]]]
) -> Lesson:
    """Return what the first calls of a run teach about an endpoint.

    Args:
        endpoint: Whose calls count.
        taught: Request, whether it failed, and result of each call at `LESSONS`.
    """
    cannot: set[Form] = set()
    closed = False
    for request, failed, body in taught:
        if not _of(endpoint, request):
            continue
        if failed:
            closed = closed or body["error"] in _CLOSING
        if _missed(failed=failed, body=body, names=_fields(request)):
            cannot.add(request["form"])
    able: list[Form] = [form for form in FORMS if form not in cannot]
    return Lesson(first=able[0] if able else FORMS[-1], closed=closed)


def was_asked(
    endpoint: Endpoint, taught: Iterable[tuple[dict[str, Any], bool, dict[str, Any]]]
) -> bool:
    """Say whether the brief was asked of an endpoint, so that it needs no probe.

    Its probe does not count: one that was cut short by a kill goes on where it was.
    """
    probe = frozenset(Ready.model_fields)
    return any(_of(endpoint, one) and _fields(one) != probe for one, _, _ in taught)


def _of(endpoint: Endpoint, request: dict[str, Any]) -> bool:
    told = (request["endpoint"], request["provider"], request["model"])
    return told == (endpoint.url, endpoint.provider, endpoint.model)


def _missed(*, failed: bool, body: dict[str, Any], names: frozenset[str]) -> bool:
    if failed:
        return body["error"] in _CANNOT
    if body["refusal"] or body["finish"] in ("length", "content_filter"):
        return False
    said = Said(text=body["text"], tools=tuple(ToolSaid(**one) for one in body["tools"]))
    return not holds_any(said, names)


def _fields(request: dict[str, Any]) -> frozenset[str]:
    return frozenset(request.get("fields", ()))
