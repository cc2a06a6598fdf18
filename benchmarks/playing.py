"""A model that plays every role of a full run by a fixed rule: what a benchmark's server answers.

It plans a task a part and source, opens the first hit, concludes from the first page read, writes
lines of the evidence, and finds every claim supported.
"""

import re
from typing import Any

from quaestor.testing import Request, ScriptedModel

_PARTS = re.compile(r'about "([^"]+)"')
_SOURCES = re.compile(r"^- (\S+): ", re.MULTILINE)
_EVIDENCE = re.compile(r"^\[e(\d+)\] from .*?\n<untrusted \w+>\n(.*?)</untrusted", re.DOTALL | re.M)
_CLAIMS = re.compile(r"^Claim (\d+):", re.MULTILINE)


def question_about(topics: list[str]) -> str:
    """Return a question of so many parts."""
    return "What is said " + ", ".join(f'about "{topic}"' for topic in topics) + "?"


def model() -> ScriptedModel:
    """Return the model."""
    return ScriptedModel(play)


def play(request: Request) -> dict[str, Any]:
    """Return the reply of whichever role asks."""
    fields = set((request.schema or {}).get("properties", {}))
    last = str(request.messages[-1].text)
    if "answer_type" in fields:
        return {"answer_type": "report", "parts": _PARTS.findall(last), "language": "en"}
    if "tasks" in fields:
        return {"tasks": _tasks(last), "covered": [], "open": []}
    if "action" in fields:
        return _next(last)
    if "verdicts" in fields:
        numbers = [int(one) for one in _CLAIMS.findall(last)]
        return {"verdicts": [{"claim": one, "verdict": "supported"} for one in numbers]}
    return _report(last, fields)


def _tasks(prompt: str) -> list[dict[str, Any]]:
    asked = _PARTS.findall(prompt.partition("Wanted:")[0])
    sources = _SOURCES.findall(prompt.partition("Sources:")[2].partition("Tasks so far")[0])
    return [
        {"question": f'What is said about "{part}"?', "source": source, "queries": [part]}
        for source in sources
        for part in asked
    ]


def _next(prompt: str) -> dict[str, Any]:
    if re.search(r"\bp\d+\.\d+\b", prompt):
        return {
            "thought": "What was read answers the task.",
            "action": "finish",
            "conclusion": "the source speaks of the matter at some length",
            "answers": ["at some length"],
        }
    hit = re.search(r"\bh\d+\.\d+\b", prompt)
    if hit:
        return {"thought": "The first hit fits.", "action": "open", "target": hit[0]}
    return {"thought": "Nothing is there.", "action": "finish", "found": False}


def _report(prompt: str, fields: set[str]) -> dict[str, Any]:
    """Return a report of the evidence's own first sentences."""
    found = [(f"e{number}", _sentence(text)) for number, text in _EVIDENCE.findall(prompt)]
    lines = [{"text": text, "evidence": [name]} for name, text in found if text][:8]
    reply: dict[str, Any] = {"answerable": True, "answer": "", "lead": lines[:3]}
    if "sentences" in fields:
        reply["sentences"] = [{**line, "heading": "What is said"} for line in lines[3:]]
    return reply


def _sentence(text: str) -> str:
    """Return the first whole line of some words that a passage holds."""
    for line in text.splitlines():
        if not line.startswith(("Title: ", "Date: ")) and 60 < len(line) < 300:
            return line
    return ""
