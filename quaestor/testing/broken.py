"""A model with one defect, switched on by its name."""

from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage

from quaestor.testing.defects import DEFECTS, Defect, Draft
from quaestor.testing.double import Double, Reply
from quaestor.testing.hashing import HashModel
from quaestor.testing.request import Request

ENDLESS_CHARS = 100_000


class BrokenModel(Double):
    """A model whose replies are another model's, damaged in one way.

    Args:
        defect: What is wrong: one of the names of `quaestor.testing.DEFECTS`.
        wrapped: The model whose good replies are damaged; `HashModel()` unless given.
        every: Damage only each so-manieth reply.
        max_chars: Where the text of `endless_text` ends.
        latency_s: How long an answer takes, in seconds, beside the wrapped model's own time.

    Raises:
        ValueError: There is no such defect, or `every` is below 1.
        EndpointError: When asked in a form that `unsupported_...` says it does not know.

    Example:
        >>> model = BrokenModel("empty_reply", every=2)
        >>> [bool(model.invoke("Hello?").content) for _ in range(4)]
        [True, False, True, False]
    """

    defect: Defect
    wrapped: BaseChatModel
    every: int = 1
    max_chars: int = ENDLESS_CHARS
    model_name: str = "broken"

    def __init__(
        self,
        defect: Defect,
        wrapped: BaseChatModel | None = None,
        *,
        every: int = 1,
        **kwargs: Any,
    ) -> None:
        if defect not in DEFECTS:
            raise ValueError(f"there is no defect {defect!r}; take one of {', '.join(DEFECTS)}")
        if every < 1:
            raise ValueError(f"every={every} must be 1 or more")
        super().__init__(defect=defect, wrapped=wrapped or HashModel(), every=every, **kwargs)

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "defect": self.defect, "every": self.every}

    def answer(self, request: Request, number: int) -> Reply:
        """Return the wrapped model's reply, damaged when it is its turn."""
        good = self.wrapped.invoke(
            list(request.messages), config={"callbacks": []}, **request.kwargs
        )
        return self._damaged(request, good, number)

    async def answer_async(self, request: Request, number: int) -> Reply:
        """Return the same, waiting for the wrapped model as a loop wants it."""
        good = await self.wrapped.ainvoke(
            list(request.messages), config={"callbacks": []}, **request.kwargs
        )
        return self._damaged(request, good, number)

    def _damaged(self, request: Request, good: AIMessage, number: int) -> Reply:
        if number % self.every:
            return good
        draft = Draft(request=request, reply=good, max_chars=self.max_chars)
        return DEFECTS[self.defect](draft)
