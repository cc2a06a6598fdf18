"""Does a test fail for each line of the guard? Every line is taken out once, and the tests run.

    python -m benchmarks.guard_mutations [--file addresses|urls|guard|redirects]

A line is a statement, a row of a table, a name of a list or a part of a condition joined by `and`
or `or`. What is taken out in a copy of the checkout is printed with the test that noticed; lines
that nobody missed are listed last and make it fail.
"""

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = ("addresses", "urls", "guard", "redirects")
TESTS = ("addresses", "urls", "guard", "redirects")


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


def noticed(copy: Path, mutant: Mutant) -> str:
    """Return the first test that fails with a mutant, empty if none does."""
    path = copy / "tools/web" / f"{mutant.file}.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.source, encoding="utf-8")
    tests = [f"tests/tools/web/test_{name}.py" for name in TESTS]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    try:
        ran = subprocess.run(
            [*command, *tests], cwd=copy, capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        return "(it hangs)"
    finally:
        path.write_text(before, encoding="utf-8")
    if ran.returncode == 0:
        return ""
    failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].partition(" ")[2].partition(" - ")[0] if failed else "(it does not run)"


def main() -> None:
    """Take every line out once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", choices=FILES)
    given = parser.parse_args()
    missed: list[Mutant] = []
    count = 0
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "checkout"
        left_out = shutil.ignore_patterns(".git", "*.pyc", "__pycache__", ".*cache", "build")
        shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
        for file in [given.file] if given.file else FILES:
            for mutant in mutants(file):
                count += 1
                test = noticed(copy, mutant)
                print(
                    f"{file}.py:{mutant.line} {mutant.gone[:90]} -> {test or 'NOBODY'}", flush=True
                )
                if not test:
                    missed.append(mutant)
    print(f"{count} lines taken out, {len(missed)} not missed by any test")
    for mutant in missed:
        print(f"  {mutant.file}.py:{mutant.line} {mutant.gone}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
