"""What a model cannot do, learnt once a run from the ledger: the same again after a resume.

A run's first model calls are the brief's (and a probe of every model that does not write it),
before any branch starts. They alone teach: what is learnt from calls that run side by side
would hang on which came back first. Their ladder is walked down to the form that works, so what
is learnt is exact; a model that shows nothing of any form, that refuses every request, lets the
first wait too long, is down or throttles for all its attempts is not asked again in the run.

An endpoint that comes back later is not found again by the same run, as one that goes away later
is tried anew at each call: either would make a run hang on the minute. `resume --retry-failed`
asks again for what failed, and a run goes on with a model that answers then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from quaestor.memory.calls import Ask
from quaestor.tools.models.endpoint import Endpoint
from quaestor.tools.models.failures import word_of
from quaestor.tools.models.forms import FORMS, Form
from quaestor.tools.models.messages import Said, ToolSaid
from quaestor.tools.models.replies import off_form

LESSONS = Ask(branch="research", task="", round=0, step=0)
"""Where the calls that teach are asked."""
_CANNOT = ("unsupported", "empty", "error", "cut_off", "no_json")
"""A form that is refused, or answered with nothing that could be a reply in it."""
_CLOSING = ("closed", "late", "down", "throttled")
"""Failures of an endpoint whatever the form: each is said of every later call too."""


class Ready(BaseModel):
    """The reply of a probe."""

    ready: bool = Field(description="true")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is known of one endpoint in one run."""

    first: Form = FORMS[0]
    """The first form it was not seen to fail at."""
    closed: str = ""
    """Why it is not asked again, in one word of memory/fallbacks.py; empty where it is."""

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
    missed: dict[Form, str] = {}
    closed = ""
    for request, failed, body in taught:
        if not _of(endpoint, request):
            continue
        fault = word_of(body["error"]) if failed else _fault(body, _fields(request))
        closed = closed or (fault if fault in _CLOSING else "")
        if fault in _CANNOT:
            missed[request["form"]] = fault
    able: list[Form] = [form for form in FORMS if form not in missed]
    return Lesson(
        first=able[0] if able else FORMS[-1],
        closed=closed or ("" if able else missed[FORMS[-1]]),
    )


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


def _fault(body: dict[str, Any], names: frozenset[str]) -> str:
    """Return one word for a reply that shows nothing of its form; empty for any other."""
    tools = tuple(ToolSaid(**one) for one in body["tools"])
    said = Said(text=body["text"], tools=tools, finish=body["finish"], refusal=body["refusal"])
    if not off_form(said, names):
        return ""
    return "cut_off" if said.finish == "length" else "no_json"


def _fields(request: dict[str, Any]) -> frozenset[str]:
    return frozenset(request.get("fields", ()))
