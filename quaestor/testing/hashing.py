"""A model whose reply is a function of its entire prompt: nothing that is in it can hide."""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from quaestor.testing.double import Double, Reply
from quaestor.testing.filling import Path, fill
from quaestor.testing.patterns import matching
from quaestor.testing.replying import reply_as
from quaestor.testing.request import Request, Schema

WORDS = (
    "amber barley cedar delta ember fjord granite harbor island juniper kestrel lagoon meadow "
    "nickel orchard pebble quarry river saffron timber umber valley willow yarrow"
).split()
MOST_ITEMS = 4
LARGEST = 1_000


class HashModel(Double):
    """A model that fills the wanted schema from a hash of all it was sent.

    Two prompts that differ in one byte get different replies: what a model was shown can be told
    from what is asked after its reply. Strings hold words and the hash in hexadecimal;
    enumerations, lengths and numbers follow from it too.

    Args:
        seed: Another seed gives other replies to the same prompts.
        latency_s: How long an answer takes, in seconds.

    Example:
        >>> model = HashModel(seed=1)
        >>> model.invoke("One.").content == model.invoke("One.").content
        True
        >>> model.invoke("One.").content == model.invoke("Two.").content
        False
    """

    seed: int = 0
    model_name: str = "hash"

    def __init__(self, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "seed": self.seed}

    def answer(self, request: Request, number: int) -> Reply:
        """Return the schema filled from the prompt's hash, a sentence when none is wanted."""
        filler = HashFiller(prompt_digest(request, self.seed))
        if request.form == "tool":
            tool = filler.choice(("tool",), list(request.tools))
            value = fill(request.tools[tool], filler)
            return reply_as(value, request.messages, request.kwargs, tool=tool)
        if request.schema is None:
            text = filler.text((), {})
            return {"reply": text} if request.form else f"{text.capitalize()}."
        return reply_as(fill(request.schema, filler), request.messages, request.kwargs)


def prompt_digest(request: Request, seed: int) -> str:
    """Return the sha256 of a whole prompt: every message, the schema, the tools.

    Ids that LangChain draws by chance for messages are left out.
    """
    said = [
        {
            "type": message.type,
            "content": message.content,
            "name": message.name,
            "calls": [[one["name"], one["args"]] for one in getattr(message, "tool_calls", ())],
            "answers": getattr(message, "tool_call_id", None),
        }
        for message in request.messages
    ]
    whole = [seed, said, request.schema, request.tools]
    return sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


class HashFiller:
    """Every choice of a filling drawn from one digest and the place's path."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def draw(self, path: Path, what: object = "") -> str:
        """Return the hexadecimal digest that belongs to a place."""
        return sha256(f"{self.digest}|{path!r}|{what}".encode()).hexdigest()

    def pick(self, path: Path, count: int, what: object = "") -> int:
        """Return one of 0..count-1."""
        return int(self.draw(path, what), 16) % count

    def branch(self, path: Path, options: Sequence[Schema]) -> int:
        """Return any of them."""
        return self.pick(path, len(options), "branch")

    def choice(self, path: Path, values: Sequence[Any]) -> Any:
        """Return any of them."""
        return values[self.pick(path, len(values), "choice")]

    def length(self, path: Path, least: int, most: int | None) -> int:
        """Return a length of at most four more than the least."""
        top = least + MOST_ITEMS if most is None else min(most, least + MOST_ITEMS)
        return least + self.pick(path, top - least + 1, "length")

    def text(self, path: Path, schema: Schema) -> str:
        """Return words and the hash, or what pattern and format ask for."""
        if "pattern" in schema:
            turns = iter(range(10_000))
            return matching(str(schema["pattern"]), lambda n: self.pick(path, n, next(turns)))
        mark = self.draw(path, "mark")[:12]
        if schema.get("format") in ("date", "date-time"):
            day = (date(2000, 1, 1) + timedelta(days=self.pick(path, 9_000, "day"))).isoformat()
            return day if schema["format"] == "date" else f"{day}T00:00:00Z"
        if schema.get("format") == "uri":
            return f"https://{mark}.example/"
        words = [WORDS[self.pick(path, len(WORDS), turn)] for turn in range(3)]
        return _fitted(" ".join([*words, mark]), schema)

    def number(self, path: Path, least: float | None, most: float | None) -> float:
        """Return a number within the bounds, within a thousand where there is none."""
        low = least if least is not None else min(0, most or 0)
        high = most if most is not None else low + LARGEST
        share = self.pick(path, 10**6 + 1, "number") / 10**6
        return min(high, low + (high - low) * share)

    def flag(self, path: Path) -> bool:
        """Return either."""
        return self.pick(path, 2, "flag") == 1

    def present(self, path: Path) -> bool:
        """Return either."""
        return self.pick(path, 2, "present") == 1


def _fitted(text: str, schema: Schema) -> str:
    """Return a text within a schema's lengths; the hash, which stands last, is kept longest."""
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if len(text) < least:
        text = re.sub(r"\s*$", "", (f"{text} " * (least // len(text) + 2))[:least]).ljust(
            least, "x"
        )
    if most is not None and len(text) > most:
        text = text[-most:].strip() if most > 0 else ""
        text = text.ljust(least, "x")
    return text
