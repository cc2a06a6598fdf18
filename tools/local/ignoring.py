"""What of a folder is left out: .gitignore and .quaestorignore, nested as git nests them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

IGNORE_FILES = (".gitignore", ".quaestorignore")
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one ignore file; they hold below its folder."""

    name: str
    """`.gitignore`, `.quaestorignore` or `excluded`."""
    folder: str
    """Path inside the collection, empty for its root."""
    spec: GitIgnoreSpec

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """Return True if the rules leave a path out, False if they take it in, else None."""
        inside = path[len(self.folder) + 1 :] if self.folder else path
        return self.spec.check_file(inside + "/" if folder else inside).include


def rules_of(folder: Path, inside: str) -> list[Rules]:
    """Return the rules a folder's own ignore files give, weakest first."""
    found: list[Rules] = []
    for name in IGNORE_FILES:
        file = folder / name
        try:
            if file.is_symlink() or not file.is_file() or file.stat().st_size > _MOST_BYTES:
                continue
            lines = file.read_text("utf-8-sig", errors="replace").splitlines()
        except OSError:
            continue
        found.append(Rules(name=name, folder=inside, spec=_spec(lines)))
    return found


def excluding(patterns: Sequence[str]) -> Rules:
    """Return what the caller excludes, as rules of the root."""
    return Rules(name="excluded", folder="", spec=_spec(patterns))


def left_out_by(rules: Sequence[Rules], path: str, *, folder: bool) -> str | None:
    """Return the name of the ignore file that leaves a path out, or None.

    The deepest file that says anything decides, as with git.
    """
    for rule in reversed(rules):
        verdict = rule.verdict(path, folder=folder)
        if verdict is not None:
            return rule.name if verdict else None
    return None


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    good: list[str] = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue  # git too passes over a pattern it cannot read
        good.append(line)
    return GitIgnoreSpec.from_lines(good)
