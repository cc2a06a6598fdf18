"""What hostile and damaged files do to the reading of a folder.

Usage: python -m benchmarks.hostile_files FOLDER [--copies N] [--seed N]

FOLDER holds hostile files, and a `files_manifest.json` that says what each must give (a list of
{"file", "expect"}) if there is one. Every file is read as a collection reads it, then N copies in
all of the PDF and Word files called `good`, and of a workbook made here, each with one to eight
bytes changed, are parsed as well. Printed are what each file gave and how long it took, then one
table of the copies: text, refusals by reason, broken children, the slowest, and the most memory a
child ever held. A text that is no valid document ends the run with an error. Then a question is
put to a collection of all these files with three good ones among them.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import perf_counter

from quaestor import Corpus, Researcher
from quaestor.errors import UnreadableError
from quaestor.memory.documents import Origin
from quaestor.tools.local.kinds import Kind, kind_of, media_type
from quaestor.tools.local.loading import load
from quaestor.tools.local.parsing.parsed import Parsed
from quaestor.tools.local.parsing.pool import ParserPool
from quaestor.tools.local.reading import read_bytes
from quaestor.tools.local.walking import walk

MOST_CHANGED = 8
_ORIGIN = Origin(kind="local", name="hostile", private=True)
_ASKED = "How long is the quay of Tarnwick?"
_FACT = "The quay of Tarnwick is 120 metres long."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one file."""

    said: str
    """`text`, or the reason why not."""
    seconds: float
    chars: int = 0


def flipped(data: bytes, seed: int) -> bytes:
    """Return a copy with one to eight bytes changed, the same for the same seed."""
    chance = random.Random(seed)
    copy = bytearray(data)
    for _ in range(chance.randint(1, MOST_CHANGED)):
        copy[chance.randrange(len(copy))] ^= chance.randint(1, 255)
    return bytes(copy)


def parsed_or_refused(pool: ParserPool, data: bytes, kind: Kind) -> Outcome:
    """Parse bytes and hold what comes out against what a document must be."""
    started = perf_counter()
    try:
        parsed = pool.parse(data, media_type(kind))
    except UnreadableError as error:
        return Outcome(said=error.reason, seconds=perf_counter() - started)
    seconds = perf_counter() - started
    check(parsed)
    return Outcome(said="text", seconds=seconds, chars=len(parsed.text))


def check(parsed: Parsed) -> None:
    """Raise if a parsed text could not be stored, or a place in it not be found."""
    parsed.text.encode("utf-8")
    if not parsed.text.strip() or "\x00" in parsed.text:
        raise ValueError("a file without text was taken for one with text")
    for at in parsed.locations:
        if not parsed.text[at.start : at.end].strip():
            raise ValueError(f"{at.label} holds nothing")


def workbook() -> bytes:
    """Return a workbook of two sheets."""
    from openpyxl import Workbook  # noqa: PLC0415 - of the test extra

    book = Workbook()
    for name in ("Ships", "Quays"):
        sheet = book.create_sheet(name)
        sheet.append(["Name", "Length", "Built"])
        for number in range(40):
            sheet.append([f"{name} {number}", 10.5 + number, 1970 + number])
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def good_files(folder: Path) -> dict[str, tuple[Kind, bytes]]:
    """Return kind and bytes of the files whose copies are damaged, by name."""
    found: dict[str, tuple[Kind, bytes]] = {
        path.name: (kind, path.read_bytes())
        for path in sorted(folder.rglob("good.*"))
        if (kind := kind_of(path.name)) in ("pdf", "docx")
    }
    found["made.xlsx"] = ("xlsx", workbook())
    return found


def hostile(folder: Path, pool: ParserPool) -> Iterator[tuple[str, Outcome]]:
    """Yield what every file of a folder gives, read as a collection reads it."""
    walked = walk(folder, max_bytes=20_000_000)
    for uri, reason in sorted(walked.unread.items()):
        yield uri, Outcome(said=reason, seconds=0.0)
    for file in walked.files:
        started = perf_counter()
        try:
            held = read_bytes(file.path, root=folder, max_bytes=20_000_000)
            chars = [
                len(one.document.text)
                for one in load(held, uri=file.uri, origin=_ORIGIN, parsers=pool)
            ]
        except UnreadableError as error:
            yield file.uri, Outcome(said=error.reason, seconds=perf_counter() - started)
        else:
            seconds = perf_counter() - started
            yield file.uri, Outcome(said="text", seconds=seconds, chars=sum(chars))


def most_memory(*, children: bool) -> float:
    """Return the most MiB this process, or any child that has ended, ever held."""
    import resource  # noqa: PLC0415 - Windows has none

    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


async def ask(folder: Path) -> str:
    """Return what a report over all files cites, good ones lying among them."""
    with tempfile.TemporaryDirectory() as scratch:
        docs = Path(scratch, "docs")
        shutil.copytree(folder, docs)
        (docs / "quay.md").write_text(f"# Tarnwick\n\n{_FACT}\n", "utf-8")
        corpus = Corpus.open(docs)
        report = await Researcher(sources=[corpus], home=Path(scratch, "home")).start(_ASKED)
        cited = sorted({one.document.uri for one in report.cited})
        return f"{report.status}: {report.answer} {cited}; {len(corpus.unread())} files unread"


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=10_000, help="in all")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    expected = {}
    with suppress(FileNotFoundError):
        rows = json.loads((given.folder / "files_manifest.json").read_text("utf-8"))
        expected = {row["file"]: row["expect"] for row in rows}

    print("| file | must give | gave | chars | s |\n|---|---|---|---|---|")
    with ParserPool(children=1) as pool:
        for uri, out in hostile(given.folder, pool):
            wanted = expected.get(uri, "")
            print(f"| {uri} | {wanted} | {out.said} | {out.chars} | {out.seconds:.2f} |")
    print(f"\nmost memory: a child {most_memory(children=True):.0f} MiB, ", end="")
    print(f"this process {most_memory(children=False):.0f} MiB\n")
    copies(given.folder, count=given.copies, seed=given.seed)
    print("asked:", asyncio.run(ask(given.folder)))


def copies(folder: Path, *, count: int, seed: int) -> None:
    """Parse damaged copies and print what they gave."""
    good = good_files(folder)
    print("| copies of | n | text | refused | slowest s | reasons |\n|---|---|---|---|---|---|")
    for place, (name, (kind, data)) in enumerate(good.items()):
        share = count // len(good) + (place < count % len(good))
        outcomes: list[Outcome] = []
        with ParserPool(children=1) as pool:
            for number in range(share):
                outcomes.append(parsed_or_refused(pool, flipped(data, seed + number), kind))
        said = Counter(one.said.partition(":")[0] for one in outcomes)
        text = said.pop("text", 0)
        slowest = max(one.seconds for one in outcomes)
        reasons = ", ".join(f"{reason} {n}" for reason, n in said.most_common())
        print(f"| {name} | {share} | {text} | {share - text} | {slowest:.2f} | {reasons} |")
    print(f"\nmost memory of a child: {most_memory(children=True):.0f} MiB\n")


if __name__ == "__main__":
    main()
