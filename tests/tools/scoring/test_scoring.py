"""Scorers that ask outside: what they bring, what they ask for, and how they fail."""

import asyncio
import math
from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings

from quaestor.errors import OutsideError, SourceDownError
from quaestor.memory.outcomes import Do, Outcome
from quaestor.memory.requests import Kind, request_key
from quaestor.tools.scoring.embedding import BATCH, EmbeddingScorer
from quaestor.tools.scoring.likeness import Scorer, measured, together
from quaestor.tools.scoring.pairs import CrossEncoderScorer
from quaestor.tools.text.similarity import LexicalScorer


class Notebook:
    """A ledger of one run, in memory."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.outcomes: dict[str, Outcome] = {}

    async def call(
        self, kind: Kind, request: dict[str, Any], do: Do, *, origin: str = ""
    ) -> Outcome:
        assert kind == "embed"
        assert origin
        key = request_key(kind, request)
        if key not in self.outcomes:
            self.requests.append(request)
            self.outcomes[key] = await self._try(key, do)
        return self.outcomes[key]

    async def _try(self, key: str, do: Do) -> Outcome:
        try:
            body, failed = (await do()).body, False
        except OutsideError as error:
            name = type(error).__name__
            body, failed = {"error": name, "source": error.source, "reason": error.reason}, True
        return Outcome(key=key, failed=failed, body=body, taken_at="")


class Plane(Embeddings):
    """Two numbers: how often the letters a and b stand in a text."""

    def __init__(self, model: str = "plane", *, dimensions: int | None = None) -> None:
        self.model = model
        self.dimensions = dimensions
        self.asked = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked += 1
        return [[float(text.count("a")), float(text.count("b"))] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        self.asked += 1
        return self.embed_documents([text])[0]


class Local(Plane):
    """One that says it computes here."""

    in_process = True


class Answering(Plane):
    """Gives what it is told to, or raises it."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]


class Overlap:
    """A cross-encoder: twice the letters shared, less one."""

    in_process = True
    model_name = "overlap"

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        return [2.0 * len(set(one) & set(other)) - 1 for one, other in text_pairs]


async def test_embeddings_score_by_the_cosine_and_a_negative_one_counts_as_nothing() -> None:
    known = await EmbeddingScorer(Plane()).measure(
        {"a": ["aa", "ab", "b", ""]}, call=Notebook().call
    )
    assert known.scores("a", ["ab", "b", "aa", ""]) == [
        pytest.approx(math.sqrt(0.5), abs=1e-6), 0.0, 1.0, 0.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "scorer",
    [
        pytest.param(LexicalScorer(), id="words"),
        pytest.param(EmbeddingScorer(Local()), id="embeddings"),
        pytest.param(CrossEncoderScorer(Overlap(), logits=True), id="cross-encoder"),
    ],
)
async def test_every_make_scores_0_to_1_and_whatever_stands_beside(scorer: Scorer) -> None:
    texts = ["iron ore", "copper", "rain in May"]
    both = (await measured(scorer, {"iron": texts, "rain": texts}, call=Notebook().call)).likeness
    assert not scorer.remote
    for query in ("iron", "rain"):
        for text in texts:
            alone = await measured(scorer, {query: [text]}, call=Notebook().call)
            assert alone.fallback == ""
            assert both.scores(query, [text]) == alone.likeness.scores(query, [text])
            assert 0 <= both.scores(query, [text])[0] <= 1


async def test_requests_are_a_function_of_the_texts_and_are_paid_once() -> None:
    texts = [f"a{i}b" for i in range(BATCH + 6)]
    notes, plane = Notebook(), Plane()
    scorer = EmbeddingScorer(plane)
    await scorer.measure({"a": texts, "b": texts[:3]}, call=notes.call)
    assert [len(one["texts"]) for one in notes.requests] == [1, 1, BATCH, 6]
    asked = plane.asked
    await scorer.measure({"b": texts, "a": [*reversed(texts), texts[0]]}, call=notes.call)
    assert plane.asked == asked
    assert len(notes.requests) == 4


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Plane("other"), id="of another model"),
        pytest.param(Plane(dimensions=2), id="cut to a width"),
    ],
)
async def test_what_gives_other_vectors_is_asked_anew(other: Plane) -> None:
    notes = Notebook()
    for plane in (Plane(), other):
        await EmbeddingScorer(plane).measure({"a": ["b"]}, call=notes.call)
    assert len(notes.requests) == 4


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(ConnectionError("no route"), "down", id="no connection"),
        pytest.param(TimeoutError(), "down", id="too slow"),
        pytest.param([], "invalid", id="no vectors"),
        pytest.param([list[float]()], "invalid", id="an empty vector"),
        pytest.param([["a"]], "invalid", id="words for numbers"),
        pytest.param([[math.nan, 1.0]], "invalid", id="not a number"),
        pytest.param([[1.0, 1.0, 1.0]], "invalid", id="another width than the query's"),
        pytest.param(None, "invalid", id="nothing"),
    ],
)
async def test_words_stand_in_for_embeddings_that_fail(answer: Any, reason: str) -> None:
    class Odd(Answering):
        def embed_query(self, text: str) -> list[float]:
            return [1.0, 0.0]

    found = await measured(EmbeddingScorer(Odd(answer)), {"iron": ["iron"]}, call=Notebook().call)
    assert found.fallback == reason
    assert found.likeness.scores("iron", ["iron", "rain"]) == [1.0, 0.0]


async def test_a_refusal_is_told_from_a_failure() -> None:
    class RefusedError(Exception):
        status_code = 401

    refusing = EmbeddingScorer(Answering(RefusedError("no such key")))
    found = await measured(refusing, {"iron": ["iron"]}, call=Notebook().call)
    assert found.fallback == "refused"


@pytest.mark.parametrize(
    ("logits", "expected"),
    [
        pytest.param(False, [1.0, 0.0], id="cut to the range"),
        pytest.param(True, [1 / (1 + math.exp(-3)), 1 / (1 + math.e)], id="by a logistic curve"),
    ],
)
async def test_a_cross_encoder_reads_pairs(logits: bool, expected: Sequence[float]) -> None:
    scorer = CrossEncoderScorer(Overlap(), logits=logits)
    known = await scorer.measure({"ab": ["abc", "c"]}, call=Notebook().call)
    assert known.scores("ab", ["abc", "c"]) == pytest.approx(expected)


async def test_nothing_is_asked_of_a_blank_query_or_about_no_text() -> None:
    notes = Notebook()
    await measured(EmbeddingScorer(Plane()), {" ": ["a"], "a": []}, call=notes.call)
    assert notes.requests == []


def test_a_server_elsewhere_is_told_from_one_here() -> None:
    class Client(Plane):
        base_url = "https://models.example/v1"

    class Here(Plane):
        base_url = "http://127.0.0.1:11434"

    assert EmbeddingScorer(Client()).remote
    assert not EmbeddingScorer(Here()).remote
    assert EmbeddingScorer(Plane()).remote  # it does not say where it computes


async def test_a_batch_that_fails_leaves_none_of_the_others_under_way() -> None:
    ended: list[str] = []

    async def fail() -> str:
        raise SourceDownError("embeddings", "first")

    async def slow() -> str:
        await asyncio.sleep(0.01)
        ended.append("slow")
        raise SourceDownError("embeddings", "second")

    with pytest.raises(SourceDownError, match="first"):
        await together([fail(), slow()])
    assert ended == ["slow"]


async def test_equal_calls_in_flight_are_left_to_the_ledger() -> None:
    notes = Notebook()
    scorer = EmbeddingScorer(Plane())
    await asyncio.gather(*(scorer.measure({"a": ["b"]}, call=notes.call) for _ in range(3)))
    assert len({request_key("embed", one) for one in notes.requests}) == 2
