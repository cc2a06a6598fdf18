"""The sample the demo runs on: an invented company's documents and a few saved web pages.

Everything in it was written for Quaestor and is free of any restriction (CC0); companies, people,
places and standards in it do not exist.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleQuestion:
    """A question of the demo and what a right answer to it holds."""

    question: str
    shows: str
    """What of Quaestor it is there to show."""
    expected_status: str
    """The status of its report."""
    must_mention: tuple[str, ...]
    """Words a right report holds."""


def documents() -> Path:
    """Return the folder of the company's private documents."""
    return _folder("documents")


def web() -> Path:
    """Return the folder of saved pages, for `--web snapshot:DIR`."""
    return _folder("web")


def questions() -> list[SampleQuestion]:
    """Return the demo's questions, in the order it asks them."""
    text = files(__name__).joinpath("questions.json").read_text(encoding="utf-8")
    return [
        SampleQuestion(
            question=entry["question"],
            shows=entry["shows"],
            expected_status=entry["expected_status"],
            must_mention=tuple(entry["must_mention"]),
        )
        for entry in json.loads(text)
    ]


def _folder(name: str) -> Path:
    # A Path and not a Traversable: folders are walked and watched, and wheels are unpacked.
    return Path(str(files(__name__).joinpath(name)))
