"""The command `quaestor`: the Python API for people at a terminal and for other programs."""

import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter is no reason to lose a report.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from quaestor.cli.commands import app  # noqa: PLC0415 - `import quaestor.cli` stays light

    app()
