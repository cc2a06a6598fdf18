"""Does a test fail for each line of the guard? Every line is taken out once, and the tests run.

    python -m benchmarks.guard_mutations [--file addresses|urls|guard|redirects] [--from LINE]

A line is a statement, a row of a table, a name of a list or a part of a condition joined by `and`
or `or`. What is taken out in a copy of the checkout is printed with the test that noticed; a test
that hangs has noticed too. Lines that nobody missed are listed last and make it fail.
"""

import argparse
import ast
import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = ("addresses", "urls", "guard", "redirects")
AT_ONCE = 2
LEAST_S = 15.0
"""A mutant hangs after five times what the tests take on the whole guard, and not before this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A file with a line taken out."""

    file: str
    line: int
    gone: str
    source: str


class _Without(ast.NodeTransformer):
    """Takes one node out of a tree, found by its number in the order of a walk."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._seen = 0
        self.gone: ast.AST | None = None

    def _mine(self, node: ast.AST) -> bool:
        self._seen += 1
        if self._seen - 1 == self._number:
            self.gone = node
            return True
        return False

    def visit(self, node: ast.AST) -> ast.AST | None:
        """Return the node without what is to go."""
        if _stays(node):
            return node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                pass
            case ast.Assign() | ast.AnnAssign() | ast.Return(value=ast.Constant(value=None)):
                pass  # the end of a function returns None as well
            case ast.stmt() if self._mine(node):
                return ast.copy_location(ast.Pass(), node)
            case ast.Tuple() if len(node.elts) > 3:
                node.elts = [one for one in node.elts if not self._mine(one)]
            case ast.BoolOp():
                node.values = [one for one in node.values if not self._mine(one)]
                if len(node.values) == 1:
                    return self.visit(node.values[0])
            case ast.Constant(value=str() as text) if len(text.split()) > 12:
                words = [word for word in text.split() if not self._mine(ast.Constant(word))]
                node.value = " ".join(words)
            case _:
                pass
        return self.generic_visit(node)


def _stays(node: ast.AST) -> bool:
    """Say whether a node is a docstring, an import or a row, which goes whole or not at all."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Pass():
            return True
        case ast.Tuple(elts=[ast.Call(), ast.Constant()]):
            return True
        case _:
            return False


def mutants(file: str) -> Iterator[Mutant]:
    """Yield a file once without each of its lines."""
    source = (ROOT / "tools/web" / f"{file}.py").read_text(encoding="utf-8")
    number = 0
    while True:
        taking = _Without(number)
        tree = taking.visit(ast.parse(source))
        if taking.gone is None or tree is None:
            return
        gone = " ".join(ast.unparse(taking.gone).split())
        changed = ast.unparse(ast.fix_missing_locations(tree))
        line = getattr(taking.gone, "lineno", 0)
        yield Mutant(file=file, line=line, gone=gone, source=changed)
        number += 1


def noticed(copy: Path, mutant: Mutant, *, limit_s: float) -> str:
    """Return the first test that fails or hangs with a mutant, empty if none does."""
    path = copy / "tools/web" / f"{mutant.file}.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.source, encoding="utf-8")
    try:
        code, said = tested(copy, first=mutant.file, limit_s=limit_s)
    finally:
        path.write_text(before, encoding="utf-8")
    if code == 0:
        return ""
    lines = said.splitlines()
    if code is None:
        began = [line.split()[0] for line in lines if line.startswith("tests/")]
        return f"{began[-1]} (it hangs)" if began else "(it hangs)"
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return failed[0].partition(" ")[2].partition(" - ")[0] if failed else "(it does not run)"


def tested(copy: Path, *, first: str, limit_s: float) -> tuple[int | None, str]:
    """Run the guard's tests in a copy; return how they ended, None if not in time, and said."""
    order = [first, *(name for name in FILES if name != first)]
    command = [sys.executable, "-m", "pytest", "-x", "-v", "--no-header", "-p", "no:cacheprovider"]
    # Verbose pytest names a test before it runs it: of one that hangs the name is there.
    with subprocess.Popen(
        [*command, *(f"tests/tools/web/test_{name}.py" for name in order)],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what a test had started goes too
            said, _ = process.communicate()
            return None, said
    return process.returncode, said


@contextlib.contextmanager
def copies(count: int) -> Iterator["queue.Queue[Path]"]:
    """Lend so many copies of the checkout."""
    left_out = shutil.ignore_patterns(
        ".git", "*.pyc", "__pycache__", ".*cache", ".hypothesis", "build"
    )
    free: queue.Queue[Path] = queue.Queue()
    with tempfile.TemporaryDirectory() as place:
        for number in range(count):
            copy = Path(place) / str(number)
            shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
            free.put(copy)
        yield free


def try_all(wanted: Sequence[Mutant]) -> list[Mutant]:
    """Try mutants, print who noticed each, and return those that nobody did."""
    missed: list[Mutant] = []
    with copies(AT_ONCE) as free, ThreadPoolExecutor(AT_ONCE) as workers:
        copy = free.get()
        began = time.monotonic()
        code, said = tested(copy, first=FILES[0], limit_s=600)
        if code != 0:
            sys.exit(f"the guard's tests fail as it is:\n{said[-2_000:]}")
        limit_s = max(LEAST_S, 5 * AT_ONCE * (time.monotonic() - began))
        free.put(copy)

        def attempt(mutant: Mutant) -> str:
            mine = free.get()
            try:
                return noticed(mine, mutant, limit_s=limit_s)
            finally:
                free.put(mine)

        for mutant, test in zip(wanted, workers.map(attempt, wanted), strict=True):
            said = f"{mutant.file}.py:{mutant.line} {mutant.gone[:90]} -> {test or 'NOBODY'}"
            print(said, flush=True)
            if not test:
                missed.append(mutant)
    return missed


def main() -> None:
    """Take every line out once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", choices=FILES)
    parser.add_argument("--from", type=int, default=0, dest="since", help="leave out lines above")
    given = parser.parse_args()
    files = [given.file] if given.file else FILES
    wanted = [one for file in files for one in mutants(file) if one.line >= given.since]
    missed = try_all(wanted)
    print(f"{len(wanted)} lines taken out, {len(missed)} not missed by any test")
    for mutant in missed:
        print(f"  {mutant.file}.py:{mutant.line} {mutant.gone}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
