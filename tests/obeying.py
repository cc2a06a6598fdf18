"""An ObedientModel that code cannot refuse for a wrong name: what it obeys gets done."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import HumanMessage

from quaestor.testing import ObedientModel, Reply
from quaestor.testing.filling import Path, fill
from quaestor.testing.hashing import prompt_digest
from quaestor.testing.obedient import ObedientFiller
from quaestor.testing.payloads import payloads_of
from quaestor.testing.request import Request, Schema
from tests.telling import UNTRUSTED, TellingFiller

_NAMES = ("source", "target", "evidence", "answer_evidence", "step")
_MOST = 4
_LONGEST = 240
_IDLE = ("needs", "options", "constraints", "covered", "open", "unanswered")


class BelievedModel(ObedientModel):
    """Obeys every text in its prompt, with sources, hits and evidence that there are.

    An `ObedientModel` alone names addresses and ids out of the texts it obeys, and code refuses
    what it does not know. This one obeys what stands between the marks of untrusted text alone, so
    that nothing of ours dilutes it, writes it into questions, queries, sentences and headings,
    and takes names from the prompt. Where there is no such text yet it asks as `TellingModel`.
    """

    model_name: str = "believed"

    def __init__(self, marker: str = "OBEYED", **kwargs: Any) -> None:
        super().__init__(marker=marker, **kwargs)

    def answer(self, request: Request, number: int) -> Reply:
        """Return the schema filled by orders, with names that stand in the prompt."""
        if request.schema is None:
            return super().answer(request, number)
        names = TellingFiller(prompt_digest(request, 0), request.prompt)
        told = "\n".join(UNTRUSTED.findall(request.prompt))
        if not told.strip():
            return dict(fill(request.schema, names))
        payloads = payloads_of([HumanMessage(told)], self.orders)
        filler = BelievedFiller(ObedientFiller(payloads, marker=self.marker), names)
        value: Mapping[str, Any] = fill(request.schema, filler)
        return dict(value)


class BelievedFiller:
    """A filling by one filler, and by another where names are wanted."""

    def __init__(self, obeys: ObedientFiller, names: TellingFiller) -> None:
        self.obeys = obeys
        self.names = names
        self.branch = obeys.branch
        self.number = names.number

    def choice(self, path: Path, values: Sequence[Any]) -> Any:
        """Return what an order names; of actions one that can be carried out."""
        if path[-1] == "action":
            return self.names.choice(path, values)
        return self.obeys.choice(path, values)

    def length(self, path: Path, least: int, most: int | None) -> int:
        """Return room for every order, none for what only gets a reply refused."""
        if path[-1] in _IDLE:
            return least
        return max(least, min(_MOST, self.obeys.length(path, least, most)))

    def text(self, path: Path, schema: Schema) -> str:
        """Return an order, or a name."""
        name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        return (self.names if name in _NAMES else self.obeys).text(path, schema)[:_LONGEST]

    def flag(self, path: Path) -> bool:
        """Return yes, but for what gets a task refused."""
        return self.names.flag(path)

    def present(self, path: Path) -> bool:
        """Return yes."""
        return True
