"""A model that answers anything but what it was asked for."""

import json
import random
from collections.abc import Callable
from typing import Any

from langchain_core.messages import AIMessage

from quaestor.testing.double import Double, Reply
from quaestor.testing.filling import fill
from quaestor.testing.hashing import HashFiller, prompt_digest
from quaestor.testing.replying import call_message
from quaestor.testing.request import Request

LONGEST = 400
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz {}[]\":,.<>/\\`'\n\t",
    "0123456789eE+-.{}[],: ",
    "äßçñœ漢字かなカナ한글العربيةעבריתРусский🙂🧪\u202e\u200b\u0301\x00\x07\ufffe",
    "".join(map(chr, range(256))),
)


class GarbageModel(Double):
    """A model of random bytes, letters of every script, almost-JSON and calls of no tool.

    What it says is drawn from the seed and the prompt, so a run with it can be repeated.

    Args:
        seed: Another seed gives other garbage.
        latency_s: How long an answer takes, in seconds.
    """

    seed: int = 0
    model_name: str = "garbage"

    def __init__(self, seed: int = 0, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "seed": self.seed}

    def answer(self, request: Request, number: int) -> Reply:
        """Return one kind of garbage, whichever the prompt's hash leads to."""
        rng = random.Random(prompt_digest(request, self.seed))
        kinds: list[Callable[[random.Random, Request], Reply]] = [noise, nearly, odd_json, calls]
        return rng.choice(kinds)(rng, request)


def noise(rng: random.Random, request: Request) -> Reply:
    """Return characters of one alphabet, at times none."""
    return "".join(rng.choices(rng.choice(ALPHABETS), k=rng.randrange(LONGEST)))


def nearly(rng: random.Random, request: Request) -> Reply:
    """Return a good reply's JSON with some of its characters changed."""
    value = fill(request.schema or {"type": "object"}, HashFiller(str(rng.random())))
    text = list(json.dumps(value, ensure_ascii=False))
    for _ in range(1 + len(text) // 40):
        text[rng.randrange(len(text))] = rng.choice(rng.choice(ALPHABETS))
    return "".join(text)


def odd_json(rng: random.Random, request: Request) -> Reply:
    """Return JSON that parses and is nothing that was asked for."""
    odd: list[object] = [None, True, [], {}, [[]], 1e308, "", {"": {"": []}}, [{"a": [None]}], -0.0]
    return json.dumps(rng.choice(odd))


def calls(rng: random.Random, request: Request) -> Reply:
    """Return a call with arguments of noise, of a tool that is there or of none."""
    name = rng.choice([*request.tools, "nothing"])
    arguments = {
        str(noise(rng, request))[:12]: noise(rng, request) for _ in range(rng.randrange(4))
    }
    return (
        call_message(name, arguments)
        if request.form == "tool"
        else AIMessage(content=json.dumps({"name": name, "arguments": arguments}))
    )
