"""Any cross-encoder as a scorer: a model that reads query and text together."""

import asyncio
import math
from collections.abc import Sequence
from typing import Any, Protocol

from quaestor.memory.outcomes import Reply
from quaestor.tools.models.endpoint import Endpoint, endpoint_of
from quaestor.tools.models.failures import BadReplyError, failure_of
from quaestor.tools.models.secrets import secrets_of
from quaestor.tools.scoring.likeness import Call, Known, Wanted, brought, distinct, together


class CrossEncoder(Protocol):
    """LangChain's `BaseCrossEncoder`, or anything with its one method."""

    def score(self, text_pairs: list[tuple[str, str]]) -> Sequence[float]:
        """Return one score a pair of query and text."""
        ...


class CrossEncoderScorer:
    """What a cross-encoder says of each pair.

    Args:
        encoder: The model.
        logits: Its scores are any numbers, and a logistic curve makes them 0 to 1; else they
            are cut to that range.
    """

    def __init__(self, encoder: CrossEncoder, *, logits: bool = False) -> None:
        self.endpoint: Endpoint = endpoint_of(encoder)
        self._encoder = encoder
        self._logits = logits
        self._secrets = secrets_of(encoder)

    @property
    def remote(self) -> bool:
        """Whether the texts are sent off this machine."""
        return self.endpoint.remote

    async def measure(self, wanted: Wanted, *, call: Call) -> Known:
        """Return the score of every query with its texts; each query is one call.

        Raises:
            OutsideError: The model failed for good.
        """
        queries = distinct(wanted)
        found = await together(
            self._score(query, distinct(wanted[query]), call) for query in queries
        )
        return Known({pair: score for scores in found for pair, score in scores.items()})

    async def _score(
        self, query: str, texts: Sequence[str], call: Call
    ) -> dict[tuple[str, str], float]:
        pairs = [(query, text) for text in texts]
        request: dict[str, Any] = {
            **self.endpoint.plain(),
            "input": "pairs",
            "query": query,
            "texts": list(texts),
        }

        async def do() -> Reply:
            try:
                raw = await asyncio.to_thread(self._encoder.score, pairs)
                scores = [float(score) for score in raw]
            except Exception as error:
                name = self.endpoint.name
                failure = failure_of(error, name=name, form="text", secrets=self._secrets)
                if failure is None:
                    raise
                raise failure from error
            if len(scores) != len(pairs) or not all(map(math.isfinite, scores)):
                raise BadReplyError(self.endpoint.name, "it gave no number for each pair")
            return Reply(body={"scores": [round(score, 6) for score in scores]})

        outcome = await call("embed", request, do, origin=self.endpoint.name)
        scores = map(self._share, brought(outcome)["scores"])
        return dict(zip(pairs, scores, strict=True))

    def _share(self, score: float) -> float:
        if self._logits:
            return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))
        return max(0.0, min(1.0, score))
