"""Nothing of a run goes to a tracing service because of the environment it runs in."""

import contextlib
from collections.abc import Generator


@contextlib.contextmanager
def untraced() -> Generator[None]:
    """Switch LangSmith's tracing off inside, whatever the environment says.

    `LANGSMITH_TRACING=true` alone would send every node's input to its endpoint.
    """
    import langsmith  # noqa: PLC0415 - heavy, and needed in a run only

    with langsmith.tracing_context(enabled=False):
        yield
