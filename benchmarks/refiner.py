"""What a false conclusion does to a refiner: HierSearch's rule and ours over the same trials.

Usage: python -m benchmarks.refiner DATASET_DIR... [--split train] [--trials 200]
       [--embeddings provider:model]... [--ratio 0.3] [--skip]

Each trial (planted.py) is one tool result whose thought is the question. Both rules keep the same
share of it, with the same scorer, under each of these conclusions:

* none, false, true: the searcher's own, with no other;
* true + false: its own is true and another worker's is false, and the other way round;
* both true: its own and another's.

`kept` is gold passages a trial; differences are paired, with a bootstrap interval of 95 %.
"""

import argparse
import asyncio
import math
import random
import re
import statistics
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from benchmarks import hiersearch
from benchmarks.planted import Trial, plant
from quaestor.agents.refiner import RefinerSettings, keep_instant, promote_all
from quaestor.agents.roles.shown import Passage
from quaestor.memory.documents import Origin
from quaestor.memory.finding import Finding
from quaestor.memory.outcomes import Do, Outcome
from quaestor.tools.scoring.embedding import EmbeddingScorer
from quaestor.tools.scoring.likeness import Likeness, Scorer
from quaestor.tools.text.sentences import sentences
from quaestor.tools.text.similarity import LexicalScorer

WEB = Origin(kind="web")
RESAMPLES = 10_000
CONDITIONS = ("none", "false", "true", "true + false", "false + true", "both true")
ADDED = (("none", "false"), ("true", "true + false"), ("true", "false + true"))
"""Without the false conclusion, and with it."""


class HashedWords(Embeddings):
    """Words and their runs of three letters, hashed into 512 signed places: needs no model."""

    in_process = True

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a text."""
        vector = [0.0] * 512
        for word in re.findall(r"\w+", text.lower()):
            marked = f"#{word}#"
            for part in [word, word, *(marked[i : i + 3] for i in range(len(word)))]:
                mark = zlib.crc32(part.encode())
                vector[mark % 512] += 1.0 if mark & 1024 else -1.0
        return vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one rule kept of one trial."""

    gold: frozenset[str]
    count: int


def conclusions(trial: Trial, condition: str) -> tuple[str, tuple[str, ...]]:
    """Return the searcher's own conclusion and the other workers'."""
    first, second = trial.true[0], trial.true[1]
    return {
        "none": ("", ()),
        "false": (trial.false, ()),
        "true": (first, ()),
        "true + false": (first, (trial.false,)),
        "false + true": (trial.false, (first,)),
        "both true": (first, (second,)),
    }[condition]


async def likeness_of(scorer: Scorer, trial: Trial) -> Likeness:
    """Return every likeness that either rule asks for."""
    texts = [entry.indexed for entry in trial.entries]
    said = (trial.question, *trial.true, trial.false)
    parts = [part for one in said for part in _parts(one)]
    joined = [" ".join(conclusions(trial, condition)[1]) for condition in CONDITIONS]
    wanted = dict.fromkeys((*said, *parts, *filter(None, joined)), texts)
    return await scorer.measure(wanted, call=_call)


def theirs(
    trial: Trial, own: str, others: Sequence[str], likeness: Likeness, ratio: float
) -> list[str]:
    """Return what HierSearch's rule keeps."""
    texts = [entry.indexed for entry in trial.entries]
    kept = hiersearch.instant(texts, trial.question, ratio=ratio, likeness=likeness)
    rest = [i for i in range(len(texts)) if i not in kept]
    kept += hiersearch.promoted(texts, rest, own=own, others=others, ratio=ratio, likeness=likeness)
    return [trial.entries[i].id for i in kept]


def ours(
    trial: Trial, own: str, others: Sequence[str], likeness: Likeness, ratio: float
) -> list[str]:
    """Return what Quaestor's refiner keeps, as it ships."""
    settings = RefinerSettings(instant_ratio=ratio, global_ratio=ratio)
    passages = {entry.id: _passage(trial, rank) for rank, entry in enumerate(trial.entries, 1)}
    decided = keep_instant(passages.values(), trial.question, likeness=likeness, settings=settings)
    kept = [one.evidence for one in decided if one.retained_by]
    seen = [one.evidence for one in decided if not one.retained_by]
    finding = _finding(trial.question, own, kept, seen)
    known = [_finding("", other, (), ()) for other in others]
    promoted = promote_all([finding], passages, known=known, likeness=likeness, settings=settings)
    return kept + [one.evidence for one in promoted[finding.task]]


RULES = {"HierSearch": theirs, "Quaestor": ours}


async def measure(
    trials: Sequence[Trial], scorer: Scorer, ratio: float
) -> dict[tuple[str, str], list[Kept]]:
    """Return what each rule keeps of each trial, by rule and condition."""
    found: dict[tuple[str, str], list[Kept]] = {}
    for trial in trials:
        likeness = await likeness_of(scorer, trial)
        for condition in CONDITIONS:
            own, others = conclusions(trial, condition)
            for name, rule in RULES.items():
                kept = rule(trial, own, others, likeness, ratio)
                one = Kept(gold=trial.gold & frozenset(kept), count=len(kept))
                found.setdefault((name, condition), []).append(one)
    return found


def interval(values: Sequence[float], *, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of a mean, by resampling."""
    chance = random.Random(seed)
    means = sorted(
        statistics.fmean(chance.choices(values, k=len(values))) for _ in range(RESAMPLES)
    )
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def table(found: dict[tuple[str, str], list[Kept]]) -> str:
    """Return the figures of one scorer as Markdown."""
    rows = ["| conclusions | HierSearch | Quaestor | difference | interval | SE | kept of each |"]
    rows.append("| --- " * 7 + "|")
    for condition in CONDITIONS:
        rival, own = found["HierSearch", condition], found["Quaestor", condition]
        gains = [float(len(b.gold) - len(a.gold)) for a, b in zip(rival, own, strict=True)]
        low, high = interval(gains)
        error = statistics.stdev(gains) / math.sqrt(len(gains))
        rows.append(
            f"| {condition} | {_gold(rival):.3f} | {_gold(own):.3f} | "
            f"{statistics.fmean(gains):+.3f} | {low:+.3f} to {high:+.3f} | {error:.3f} | "
            f"{_count(rival):.2f}, {_count(own):.2f} |"
        )
    rows += [
        "",
        "| gold lost when it is added | HierSearch | Quaestor | ratio |",
        "| --- " * 4 + "|",
    ]
    for before, after in ADDED:
        lost = {name: _lost(found[name, before], found[name, after]) for name in RULES}
        ratio = lost["Quaestor"] / lost["HierSearch"] if lost["HierSearch"] else math.nan
        rows.append(
            f"| {before} -> {after} | {lost['HierSearch']:.3f} | {lost['Quaestor']:.3f} | "
            f"{ratio:.2f} |"
        )
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table for every scorer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("datasets", nargs="+", type=Path, metavar="DATASET_DIR")
    parser.add_argument("--split", default="train")
    parser.add_argument("--trials", type=int, default=200, help="over all data sets together")
    parser.add_argument("--ratio", type=float, default=RefinerSettings().instant_ratio)
    parser.add_argument("--skip", action="store_true", help="the questions that are else left out")
    parser.add_argument("--embeddings", action="append", default=[], metavar="PROVIDER:MODEL")
    args = parser.parse_args(argv)
    share, more = divmod(args.trials, len(args.datasets))
    trials = [
        trial
        for place, folder in enumerate(args.datasets)
        for trial in plant(folder, split=args.split, limit=share + (place < more), skip=args.skip)[
            : args.trials
        ]
    ]
    scorers: dict[str, Scorer] = {
        "words": LexicalScorer(),
        "hashed words": EmbeddingScorer(HashedWords()),
        **{name: EmbeddingScorer(_opened(name)) for name in args.embeddings},
    }
    for name, scorer in scorers.items():
        found = asyncio.run(measure(trials, scorer, args.ratio))
        print(f"\n{name}, {len(trials)} trials\n\n{table(found)}")


def _opened(name: str) -> Embeddings:
    from langchain.embeddings import init_embeddings  # noqa: PLC0415 - only where one is named

    opened: Any = init_embeddings(name)
    assert isinstance(opened, Embeddings)
    return opened


async def _call(kind: str, request: dict[str, Any], do: Do, *, origin: str = "") -> Outcome:
    """Ask at once and note nothing: a benchmark has no ledger."""
    del request, origin
    reply = await do()
    return Outcome(key=kind, failed=False, body=reply.body, taken_at="")


def _parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def _passage(trial: Trial, rank: int) -> Passage:
    entry = trial.entries[rank - 1]
    return Passage(
        evidence=entry.id,
        document=entry.id,
        start=0,
        end=len(entry.text),
        text=entry.text,
        title=entry.title,
        uri=entry.id,
        origin=WEB,
        rank=rank,
    )


def _finding(question: str, conclusion: str, kept: Sequence[str], seen: Sequence[str]) -> Finding:
    return Finding(
        task="own" if question else "other",
        branch="public",
        question=question,
        source="web",
        kept=tuple(kept),
        seen=tuple(seen),
        hypotheses=(),
        conclusion=conclusion,
    )


def _gold(kept: Sequence[Kept]) -> float:
    return statistics.fmean(len(one.gold) for one in kept)


def _count(kept: Sequence[Kept]) -> float:
    return statistics.fmean(one.count for one in kept)


def _lost(before: Sequence[Kept], after: Sequence[Kept]) -> float:
    return statistics.fmean(len(a.gold - b.gold) for a, b in zip(before, after, strict=True))


if __name__ == "__main__":
    main()
