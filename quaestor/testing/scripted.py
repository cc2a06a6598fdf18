"""A model that says what a test wrote down."""

from collections.abc import Callable, Sequence
from typing import Any

from quaestor.testing.double import Double, Reply
from quaestor.testing.failing import ScriptSpentError
from quaestor.testing.request import Request


class ScriptedModel(Double):
    """A model that answers from a list, in order, or by a rule.

    Args:
        replies: A list of replies, or a function from a request to a reply. A reply is a text, a
            mapping (said in the form that was asked for), a message, or an exception (raised).
        latency_s: How long an answer takes, in seconds.

    Raises:
        ScriptSpentError: When asked, and the list has no reply left.

    Example:
        >>> model = ScriptedModel(["Paris."])
        >>> model.invoke("Capital of France?").content
        'Paris.'
        >>> model.asked[0].prompt
        'Capital of France?'
    """

    replies: Sequence[Any] | Callable[[Request], Any]
    model_name: str = "scripted"

    def __init__(
        self, replies: Sequence[Reply] | Callable[[Request], Reply], **kwargs: Any
    ) -> None:
        super().__init__(replies=replies, **kwargs)

    def answer(self, request: Request, number: int) -> Reply:
        """Return the next reply of the list, or the rule's."""
        replies: Sequence[Reply] | Callable[[Request], Reply] = self.replies
        if callable(replies):
            return replies(request)
        if number > len(replies):
            raise ScriptSpentError(len(replies))
        return replies[number - 1]
