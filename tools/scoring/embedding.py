"""Any LangChain `Embeddings` as a scorer: the cosine of what it says of query and text.

Each batch is a call of kind `embed` in the ledger. A batch is a function of the texts alone, so
that a step done again after a crash, and another run over the same texts, pays nothing.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.embeddings import Embeddings

from quaestor.memory.outcomes import Reply
from quaestor.tools.models.endpoint import Endpoint, endpoint_of
from quaestor.tools.models.failures import BadReplyError, failure_of
from quaestor.tools.models.opening import embeddings_for_this_loop
from quaestor.tools.models.prices import price
from quaestor.tools.models.secrets import secrets_of
from quaestor.tools.models.tokens import estimate
from quaestor.tools.scoring.likeness import Call, Known, Wanted, brought, distinct, together

BATCH = 64
"""Texts of one call."""
DECIMALS = 6
"""Of a stored component; the vectors have length one."""
_SHAPING = (
    "dimensions", "size", "encode_kwargs", "query_encode_kwargs", "query_instruction",
    "embed_instruction", "task_type", "input_type", "revision", "truncate",
)  # fmt: skip
"""Where LangChain's clients keep what changes a vector beside the model's name."""

Vector = Sequence[float]


class EmbeddingScorer:
    """Cosine of embeddings; a negative one counts as 0.

    Args:
        embeddings: Any `Embeddings` of LangChain's.
    """

    def __init__(self, embeddings: Embeddings) -> None:
        self.endpoint: Endpoint = endpoint_of(embeddings)
        self._embeddings = embeddings
        self._secrets = secrets_of(embeddings)
        self._shape = _shape(embeddings)

    @property
    def remote(self) -> bool:
        """Whether the texts are sent off this machine."""
        return self.endpoint.remote

    async def measure(self, wanted: Wanted, *, call: Call) -> Known:
        """Return the cosine of every query with its texts.

        Raises:
            OutsideError: The endpoint failed for good.
        """
        queries = distinct(wanted)
        texts = distinct(text for group in wanted.values() for text in group)
        batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        async with embeddings_for_this_loop(self._embeddings) as own:
            found = await together(
                [
                    *(self._embed(own, "query", [query], call) for query in queries),
                    *(self._embed(own, "document", batch, call) for batch in batches),
                ]
            )
        of_query = _joined(found[: len(queries)])
        of_text = _joined(found[len(queries) :])
        return Known(
            {
                (query, text): _cosine(of_query[query], of_text[text])
                for query, group in wanted.items()
                for text in group
            }
        )

    async def _embed(
        self, own: Embeddings, role: str, texts: Sequence[str], call: Call
    ) -> Mapping[str, Vector]:
        request: dict[str, Any] = {
            **self.endpoint.plain(),
            "shape": self._shape,
            "input": role,
            "texts": list(texts),
        }

        async def do() -> Reply:
            vectors = await self._ask(own, role, texts)
            tokens = sum(map(estimate, texts))
            cost = price(self.endpoint, tokens_in=tokens, tokens_out=0)
            usage = {"input": tokens, "estimated": 1}
            body = {"vectors": vectors, "usage": usage, "priced": cost is not None}
            return Reply(body=body, tokens_in=tokens, usd=cost or 0.0)

        outcome = await call("embed", request, do, origin=self.endpoint.name)
        return dict(zip(texts, brought(outcome)["vectors"], strict=True))

    async def _ask(self, own: Embeddings, role: str, texts: Sequence[str]) -> list[list[float]]:
        name = self.endpoint.name
        try:
            if role == "query":
                raw: Any = [await own.aembed_query(text) for text in texts]
            else:
                raw = await own.aembed_documents(list(texts))
            return _unit_vectors(raw, len(texts))
        except Exception as error:
            failure = failure_of(error, name=name, form="text", secrets=self._secrets)
            if failure is None:
                raise
            raise failure from None  # the client's words may hold its key


def _unit_vectors(raw: Any, count: int) -> list[list[float]]:
    """Return vectors of length one, rounded; one of zeros stays."""
    try:
        vectors = [[float(x) for x in vector] for vector in raw]
    except (TypeError, ValueError) as error:
        raise BadReplyError("embeddings", "the answer holds no lists of numbers") from error
    widths = {len(vector) for vector in vectors}
    if len(vectors) != count or len(widths) != 1 or widths == {0}:
        raise BadReplyError(
            "embeddings", f"asked for {count} vectors, got {len(vectors)} of widths {widths}"
        )
    if not all(math.isfinite(x) for vector in vectors for x in vector):
        raise BadReplyError("embeddings", "a vector holds what is no number")
    lengths = [math.hypot(*vector) or 1.0 for vector in vectors]
    return [
        [round(x / length, DECIMALS) for x in vector]
        for vector, length in zip(vectors, lengths, strict=True)
    ]


def _joined(found: Sequence[Mapping[str, Vector]]) -> dict[str, Vector]:
    return {text: vector for batch in found for text, vector in batch.items()}


def _cosine(one: Vector, other: Vector) -> float:
    if len(one) != len(other):
        raise BadReplyError("embeddings", f"a query has {len(one)} numbers and a text {len(other)}")
    return min(1.0, max(0.0, math.fsum(map(float.__mul__, map(float, one), map(float, other)))))


def _shape(embeddings: Embeddings) -> dict[str, Any]:
    """Return what of an object changes its vectors, as far as it is JSON-plain."""
    held: dict[str, Any] = {"class": type(embeddings).__qualname__}
    for name in _SHAPING:
        value = getattr(embeddings, name, None)
        try:
            held[name] = json.loads(json.dumps(value, allow_nan=False))
        except (TypeError, ValueError):
            continue
    return {name: value for name, value in held.items() if value is not None}
