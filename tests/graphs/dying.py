"""A run whose process dies at one of its requests to a model: `python -m tests.graphs.dying`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, cast

from quaestor.researcher import Researcher
from quaestor.testing import BrokenModel, Defect, Reply, Request
from tests.fakes import Shelf

TEXTS = {
    "Lighthouse": "The lighthouse of Marrow Point was built in 1871. Its keeper was Edda Lunde.",
    "Edda Lunde": "Edda Lunde was a keeper. Edda Lunde was born in Harrowby in 1840.",
    "Harrowby": "Harrowby is a town of 3,200 people on the Ness. It was founded in 1212.",
}
QUESTION = "Where was the keeper of the lighthouse of Marrow Point born?"


class Dying(BrokenModel):
    """Has a defect, and takes the process with it at one request."""

    dies_at: int = 0

    def __init__(
        self, dies_at: int = 0, defect: Defect = "unsupported_json_schema", **kwargs: Any
    ) -> None:
        super().__init__(defect, dies_at=dies_at, **kwargs)

    async def answer_async(self, request: Request, number: int) -> Reply:
        """Answer, or end."""
        if number == self.dies_at:
            os._exit(9)
        return await super().answer_async(request, number)


def researcher(home: Path, model: Any, **settings: Any) -> Researcher:
    """Return a researcher over a shelf, whose model takes every role."""
    return Researcher([Shelf("papers", TEXTS)], home=home, model=model, **settings)


async def main(home: Path, dies_at: int, defect: Defect) -> None:
    """Run until the process ends."""
    await researcher(home, Dying(dies_at, defect)).start(QUESTION)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), cast("Defect", sys.argv[3])))
