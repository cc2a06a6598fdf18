"""Near-duplicates become one and keep all their sources."""

import random

from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.duplicates import best_first, merge_duplicates
from quaestor.agents.roles.shown import Passage
from quaestor.memory.documents import WEB

WORDS = " ".join(f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(200))


def passage(
    evidence: str, text: str, *, score: float = 0.0, rank: int = 1, kept: bool = True
) -> Passage:
    return Passage(
        evidence=evidence,
        document=f"d{evidence}",
        start=0,
        end=len(text),
        text=text,
        title="",
        uri=f"https://{evidence}.example/",
        origin=WEB,
        rank=rank,
        score=score,
        kept=kept,
    )


def test_the_best_stands_for_the_others_and_names_them() -> None:
    near = WORDS.replace("wordcc", "other")
    merged = merge_duplicates(
        [
            passage("a", WORDS, score=0.2),
            passage("b", near, score=0.4),
            passage("c", "something else", score=0.3),
            passage("d", WORDS, score=0.9, kept=False),
        ]
    )
    assert [p.evidence for p in merged.passages] == ["b", "c"]
    assert {k: [p.uri for p in v] for k, v in merged.also.items()} == {
        "b": ["https://a.example/", "https://d.example/"]
    }


def test_a_superseded_figure_is_not_a_duplicate() -> None:
    old, new = WORDS.replace("wordcc", "4.2"), WORDS.replace("wordcc", "4.3")
    merged = merge_duplicates([passage("a", old), passage("b", new)])
    assert len(merged.passages) == 2
    assert merged.also == {}


def test_a_span_given_twice_counts_once_with_its_best_sighting() -> None:
    twice = [passage("a", "iron", rank=4), passage("a", "iron", score=0.5, rank=9)]
    assert [p.score for p in best_first(twice)] == [0.5]
    assert merge_duplicates(twice).also == {}


texts = st.lists(
    st.sampled_from(["iron ore", "Iron, ore", "copper", "rain 1", "rain 2"]), max_size=8
)


@given(texts, st.randoms(use_true_random=False))
def test_arrival_order_changes_nothing_and_nothing_is_lost(
    run: list[str], rng: random.Random
) -> None:
    passages = [passage(f"e{i}", text, score=i % 3 / 2) for i, text in enumerate(run)]
    merged = merge_duplicates(passages)
    assert merged == merge_duplicates(rng.sample(passages, len(passages)))
    others = [p.evidence for also in merged.also.values() for p in also]
    assert sorted([p.evidence for p in merged.passages] + others) == sorted(
        p.evidence for p in passages
    )
