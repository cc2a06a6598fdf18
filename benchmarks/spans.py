"""Compare every cited span with its file, byte variants of text files included.

    python benchmarks/spans.py DATASET_DIR --questions 200

The dataset's corpus is written out as one file a document. The questions are asked once to learn
which files are cited; twenty of those are re-written (CRLF, a BOM, NFD accents, Latin-1, a lone
NUL), and all questions are asked again in a new home. Then for every cited span:

* its text equals the stored document's [start:end];
* it stands verbatim in the file, decoded, in NFC and without NUL;
* the line and column that `show` gives are where it begins in the file.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from quaestor import Corpus, Researcher
from quaestor.memory.report import Cited

EACH = 4
"""Files re-written in each way."""


def as_crlf(text: str) -> bytes:
    """Windows line ends."""
    return text.replace("\n", "\r\n").encode()


def with_bom(text: str) -> bytes:
    """A byte order mark."""
    return b"\xef\xbb\xbf" + text.encode()


def as_nfd(text: str) -> bytes:
    """Decomposed accents."""
    return unicodedata.normalize("NFD", text).encode()


def as_latin1(text: str) -> bytes:
    """One byte a character."""
    return text.encode("latin-1")


def with_nul(text: str) -> bytes:
    """A lone NUL in the middle."""
    middle = len(text) // 2
    return (text[:middle] + "\x00" + text[middle:]).encode()


VARIANTS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "crlf": (as_crlf, "utf-8"),
    "bom": (with_bom, "utf-8-sig"),
    "nfd": (as_nfd, "utf-8"),
    "latin-1": (as_latin1, "latin-1"),
    "nul": (with_nul, "utf-8"),
}


def write_out(dataset: Path, folder: Path) -> None:
    """Write every document of a dataset as a file of its own."""
    folder.mkdir()
    for line in (dataset / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = folder / f"{row['id']}.txt"
        path.write_bytes(f"{row['title']}\n\n{row['text']}\n".encode())


def questions_of(dataset: Path, limit: int) -> list[str]:
    """Return the dataset's first questions."""
    lines = (dataset / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[:limit]]


async def ask_all(folder: Path, home: Path, questions: Iterable[str]) -> list[Cited]:
    """Return every span cited for the questions, in their order."""
    researcher = Researcher([Corpus.open(folder)], home=home)
    cited: list[Cited] = []
    for number, question in enumerate(questions, start=1):
        report = await researcher.start(question)
        cited += report.cited
        if number % 50 == 0:
            print(f"  {number} questions, {len(cited)} spans", file=sys.stderr)
    return cited


def rewrite(folder: Path, cited: Iterable[str]) -> dict[str, str]:
    """Re-write cited files, each in one way; return file name to variant."""
    left = dict.fromkeys(VARIANTS, EACH)
    written: dict[str, str] = {}
    for name in cited:
        text = (folder / name).read_bytes().decode()
        accents = unicodedata.normalize("NFD", text) != text
        for variant, (make, _) in VARIANTS.items():
            if not left[variant] or (variant in ("nfd", "latin-1") and not accents):
                continue
            try:
                changed = make(text)
            except UnicodeEncodeError:
                continue
            (folder / name).write_bytes(changed)
            written[name] = variant
            left[variant] -= 1
            break
    return written


def faults(one: Cited, folder: Path, variants: dict[str, str]) -> list[str]:
    """Return what is wrong with a cited span."""
    span, document = one.evidence, one.document
    encoding = VARIANTS[variants[document.uri]][1] if document.uri in variants else "utf-8"
    raw = (folder / document.uri).read_bytes().decode(encoding)
    text = unicodedata.normalize("NFC", raw.replace("\x00", ""))
    place = document.place(span.start)
    lines = re.split(r"(?<=\r\n)|(?<=\n)|(?<=\r)(?!\n)", text)
    before = sum(len(line) for line in lines[: place.line - 1])
    found: list[str] = []
    if span.text != document.text[span.start : span.end]:
        found.append("not the stored text")
    if span.text not in text:
        found.append("not in the file")
    if not text.startswith(span.text, before + place.column - 1):
        found.append(f"not at line {place.line}, column {place.column}")
    return found


def main() -> int:
    """Run it; exit 1 at any exception to the promises."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    questions = questions_of(options.dataset, options.questions)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        write_out(options.dataset, folder)
        first = asyncio.run(ask_all(folder, Path(name) / "first", questions))
        variants = rewrite(folder, dict.fromkeys(one.document.uri for one in first))
        cited = asyncio.run(ask_all(folder, Path(name) / "second", questions))
        wrong = [(one, faults(one, folder, variants)) for one in cited]
        bad = [(one, why) for one, why in wrong if why]
        touched = {one.document.uri for one in cited} & set(variants)
        for one, why in bad[:20]:
            print(f"{one.document.uri} ({variants.get(one.document.uri, 'as it was')}): {why}")
        counts = {name: list(variants.values()).count(name) for name in VARIANTS}
        print(f"{len(questions)} questions, {len(cited)} cited spans, {len(bad)} exceptions")
        print(f"re-written {counts}; of these files {len(touched)} are cited in the second run")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
