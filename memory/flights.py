"""Equal calls under way share one task, which is cancelled when nobody waits for it any more."""

import asyncio
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Flight(Generic[Answer]):
    """A call under way, and how many wait for it."""

    def __init__(self, task: "asyncio.Task[Answer]") -> None:
        self.task = task
        self._waiting = 0

    async def join(self) -> Answer:
        """Wait for the answer; the last one to give up cancels the call."""
        self._waiting += 1
        try:
            return await asyncio.shield(self.task)
        finally:
            self._waiting -= 1
            if not self._waiting and not self.task.done():
                self.task.cancel()
                await asyncio.gather(self.task, return_exceptions=True)
