"""Asking a model where half a good reply is better than none."""

from quaestor.memory.calls import Ask
from quaestor.tools.models.desk import Check, Desk, NoReplyError
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.replies import Wanted


async def ask_leniently(
    desk: Desk, kind: type[Wanted], prompt: Prompt, at: Ask, *, check: Check[Wanted]
) -> Wanted:
    """Return a reply that `check` may still complain about: the model mends it once, no more.

    The caller keeps what is sound of it. Where the mended reply is not usable at all the first
    one is returned.

    Raises:
        NoReplyError: No reply fitted the schema.
    """
    seen: list[Wanted] = []

    def once(reply: Wanted) -> str:
        seen.append(reply)
        return check(reply) if len(seen) == 1 else ""

    try:
        return await desk.ask(kind, prompt, at, check=once)
    except NoReplyError:
        if seen:
            return seen[0]
        raise
