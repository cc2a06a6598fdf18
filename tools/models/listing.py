"""Which models an endpoint says it has: asked by `doctor`, and by nothing else."""

import asyncio
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel

from quaestor.errors import SourceDownError
from quaestor.tools.models.endpoint import endpoint_of
from quaestor.tools.models.failures import ModelDownError, failure_of
from quaestor.tools.models.opening import for_this_loop
from quaestor.tools.models.secrets import secrets_of

_DENIED = (401, 403)


async def listed(model: BaseChatModel, *, seconds: float) -> tuple[str, ...] | None:
    """Return the names of an endpoint's models; None where its client or server gives no list.

    Nothing is paid for, and the model itself is asked nothing. The key is sent, as by any call.

    Args:
        model: A chat model; of OpenAI's client and those made of it a list is known.
        seconds: It has.

    Raises:
        SourceDownError: The server does not answer.
        RefusedError: It refuses the key.
    """
    if not hasattr(getattr(model, "root_async_client", None), "models"):
        return None
    name = endpoint_of(model).name
    async with for_this_loop(model) as (fresh, _):
        client: Any = getattr(fresh, "root_async_client", None)
        try:
            async with asyncio.timeout(seconds):
                page = await client.models.list()
        except TimeoutError:
            raise SourceDownError(name, f"no answer within {seconds:g} s") from None
        except Exception as error:
            failure = failure_of(error, name=name, form="", secrets=secrets_of(model))
            denied = getattr(error, "status_code", None) in _DENIED
            if failure is not None and (denied or isinstance(failure, ModelDownError)):
                raise failure from None
            return None
    # A web page in its place has none.
    rows: Sequence[Any] | None = getattr(page, "data", None)
    return None if rows is None else tuple(str(one.id) for one in rows if hasattr(one, "id"))
