"""The command `python -m quaestor.testing.server`: a model server in a process of its own."""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel

from quaestor.errors import SettingsError
from quaestor.testing.endpoint import Endpoint
from quaestor.testing.model_server import served


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted; the first line of standard output is the base URL."""
    parser = argparse.ArgumentParser(prog="python -m quaestor.testing.server", description=__doc__)
    parser.add_argument("--model", default="quaestor.testing:HashModel", metavar="MODULE:NAME")
    parser.add_argument("--options", type=json.loads, default={}, help="JSON object for the model")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--ms-per-token", type=float, default=0.0)
    parser.add_argument("--faults", type=Path, help="JSON file with a list of faults")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--until-input-ends", action="store_true", help="end with standard input")
    given = parser.parse_args(arguments)
    try:
        model = model_named(given.model, given.options)
    except SettingsError as error:
        parser.error(str(error))
    endpoint = Endpoint(
        model,
        latency_ms=given.latency_ms,
        ms_per_token=given.ms_per_token,
        faults=json.loads(given.faults.read_text("utf-8")) if given.faults else (),
    )
    try:
        asyncio.run(_serve(endpoint, port=given.port, until_input_ends=given.until_input_ends))
    except KeyboardInterrupt:
        sys.exit(130)


def model_named(name: str, options: Mapping[str, Any]) -> BaseChatModel:
    """Return the model that `module:name` leads to.

    Args:
        name: Where it is, or where what makes it is.
        options: What makes it is called with these.

    Raises:
        SettingsError: Nothing stands there, or no chat model comes of it.
    """
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(f"{name}: {error}; name it as module:attribute") from error
    if not isinstance(found, BaseChatModel):
        found = found(**options)
    if not isinstance(found, BaseChatModel):
        raise SettingsError(f"{name} gives {type(found).__name__}, not a LangChain chat model")
    return found


async def _serve(endpoint: Endpoint, *, port: int, until_input_ends: bool) -> None:
    async with served(endpoint, port=port) as url:
        print(url, flush=True)
        if until_input_ends:
            await asyncio.to_thread(sys.stdin.read)
        else:
            await asyncio.Event().wait()


if __name__ == "__main__":
    main()
