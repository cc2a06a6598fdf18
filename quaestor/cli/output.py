"""Results go to standard output or into a file, whole; everything else to standard error."""

import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quaestor.cli.options import HOME
from quaestor.errors import SettingsError
from quaestor.memory.labels import one_line

_CONTROLS = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""JSON leaves them as they are, and a terminal may obey them."""


def notice(text: str) -> None:
    """Say something that is not the result, on one line of standard error."""
    print(one_line(text, 2000), file=sys.stderr, flush=True)


def json_text(value: object) -> str:
    """Return a JSON-plain value as text, one object, safe to show in a terminal."""
    return json.dumps(value, ensure_ascii=False, indent=2).translate(_CONTROLS) + "\n"


def json_lines(value: Mapping[str, object]) -> str:
    """Return a JSON-plain object as text, a line a key: figures to read one below the other."""
    lines = [
        f"  {json.dumps(key)}: {json.dumps(one, ensure_ascii=False)}" for key, one in value.items()
    ]
    return "{\n" + ",\n".join(lines).translate(_CONTROLS) + "\n}\n"


def check_output(path: Path | None) -> None:
    """Refuse a file that could not be written, before anything is done for it.

    Raises:
        SettingsError: Its folder is not there, or it is no regular file.
    """
    if path is None:
        return
    if path.exists() and not path.is_file():
        raise SettingsError(f"{path} is no regular file: name another with -o")
    if not path.absolute().parent.is_dir():
        raise SettingsError(f"there is no folder {path.absolute().parent}: make it, then -o again")


def make_home(home: Path) -> None:
    """Make the home, or say at once that it cannot be used.

    Raises:
        SettingsError: It cannot be made or written.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        reason = "" if os.access(home, os.W_OK | os.X_OK) else "no right to write there"
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        raise SettingsError(f"the home {home} cannot be used ({reason}): name another with --home")


def emit(text: str, output: Path | None = None) -> None:
    """Print a result, or write it into a file that is replaced as a whole.

    Raises:
        SettingsError: The file cannot be written.
    """
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    check_output(output)
    path = output.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise SettingsError(f"{output} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    notice(f"written: {output}")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return lines with aligned columns; nothing in a cell can steer a terminal."""
    cells = [list(header), *([one_line(cell, 300) for cell in row] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines) + "\n"


def in_home(command: str, home: Path) -> str:
    """Return a command as it must be typed to be about this home."""
    usual = Path(os.environ.get("QUAESTOR_HOME", HOME))
    return command if home == usual else f"{command} --home {shlex.quote(str(home))}"


def amount(number: int, noun: str) -> str:
    """Return a number with its noun: `1 run`, `3,000 runs`.

    Example:
        >>> amount(1, "query"), amount(2, "query"), amount(1200, "file")
        ('1 query', '2 queries', '1,200 files')
    """
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


Json = dict[str, Any]
"""One JSON-plain object, as a command prints it."""
