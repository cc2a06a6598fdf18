"""What every command shares: `-v`, one line for an error, and the exit codes."""

import inspect
import logging
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from quaestor.errors import QuaestorError, RunBusyError, RunNotFoundError, SettingsError

FAILED = 1
USAGE = 2
BUSY = 3
INTERRUPTED = 130

Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Say what is done, and show tracebacks.")
]

_VERBOSE = inspect.Parameter(
    "verbose", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Verbose
)


class Interrupted(Exception):  # noqa: N818 - somebody's wish, not an error
    """Ctrl-C was pressed; the message says how to go on."""


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the flag `-v`, whose errors end in one line and an exit code."""

    @wraps(command)
    def run(*args: Any, verbose: bool = False, **kwargs: Any) -> None:
        set_verbose(verbose or is_verbose())
        try:
            command(*args, **kwargs)
        except (typer.Exit, typer.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:
            raise typer.Exit(tell(error)) from error

    signature = inspect.signature(command)
    run.__signature__ = signature.replace(  # type: ignore[attr-defined]  # read by inspect
        parameters=[*signature.parameters.values(), _VERBOSE]
    )
    run.__annotations__ = {**command.__annotations__, "verbose": Verbose}
    return run


def tell(error: BaseException) -> int:
    """Say on standard error what went wrong and return the exit code it stands for."""
    if isinstance(error, BrokenPipeError):
        # Whoever read has seen enough; what is left is not flushed into nowhere at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if is_verbose():
        traceback.print_exception(error)
    match error:
        case KeyboardInterrupt() | Interrupted():
            print(f"\n{str(error) or 'interrupted'}", file=sys.stderr)
            return INTERRUPTED
        case SettingsError() | RunNotFoundError():
            code = USAGE
        case RunBusyError():
            code = BUSY
        case _:
            code = FAILED
    print(f"error: {_sentence(error)}", file=sys.stderr)
    return code


def set_verbose(verbose: bool) -> None:
    """Switch what the package logs onto standard error, or off."""
    logger = logging.getLogger("quaestor")
    if verbose and not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
        logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)


def is_verbose() -> bool:
    """Return whether `-v` was given."""
    return logging.getLogger("quaestor").isEnabledFor(logging.DEBUG)


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, QuaestorError):
        return text
    kind = type(error).__name__
    return f"{kind}: {text or 'no further word'} (-v shows where)"
