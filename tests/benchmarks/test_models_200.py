"""Models that reply anything: every citation is looked up from outside, and a false one is seen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.models_200 import MODELS, ask_all, brought, corpus_text, faults
from quaestor import Corpus, Researcher

ROWS = [
    {"id": "1", "title": "Greta Lund", "text": "Greta Lund is a botanist. She was born in Hamar."},
    {"id": "2", "title": "Hamar", "text": "Hamar is a town on lake Mjosa. It has 28,000 people."},
    {"id": "3", "title": "Mjosa", "text": "Mjosa is a lake of 365 km2. Its depth is 453 metres."},
    {"id": "4", "title": "Otto Vik", "text": "Otto Vik is a baker. He was born in Lund in 1931."},
]
QUESTIONS = [
    "On which lake is the town where Greta Lund was born?",
    "How deep is Mjosa?",
    "Who was born in 1931?",
    "Is Hamar larger than Lund?",
    "What does Greta Lund do, and what does Otto Vik do?",
    "Which of the lakes has a harbour?",
]


def corpus(folder: Path) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", MODELS)
async def test_no_citation_of_unread_bytes(name: str, tmp_path: Path) -> None:
    tally = await ask_all(corpus(tmp_path), QUESTIONS, MODELS[name], tmp_path / "home")
    assert tally.violations == []
    assert tally.reports == len(QUESTIONS)
    assert tally.cited >= len(QUESTIONS) // 2
    assert sum(tally.statuses.values()) == len(QUESTIONS)


async def test_a_citation_that_is_not_so_is_seen(tmp_path: Path) -> None:
    path, home = corpus(tmp_path), tmp_path / "home"
    run = Researcher([Corpus.open(path)], home=home).start(QUESTIONS[1])
    report = await run
    text, spans = corpus_text(path), brought(home, run.id)
    assert faults(report, home, text, spans) == []
    one = report.cited[0]
    assert "brought by no call" in str(faults(report, home, text, {}))
    other = replace(one, evidence=replace(one.evidence, text="Mjosa is dry."))
    forged = replace(report, cited=(other, *report.cited[1:]))
    assert "does not match" in str(faults(forged, home, text, spans))
    assert "nowhere in the corpus" in str(faults(forged, home, text, spans))
    unlisted = replace(report, cited=())
    assert "cites what is not listed" in str(faults(unlisted, home, text, spans))
