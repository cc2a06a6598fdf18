"""The outgoing gate at work in a run: what may leave, where private text is looked up, the refusal.

Nothing that is looked up here goes anywhere: a query leaves as it is, or it does not.
"""

import logging
from collections.abc import Sequence

from quaestor.errors import WithheldError
from quaestor.memory.database import Database
from quaestor.memory.heard import heard, held
from quaestor.memory.runs import run_row
from quaestor.tools.models.lessons import LESSONS
from quaestor.tools.sources import HasPassages, Source
from quaestor.tools.web.gate import Clue, Known, betrays, clues

MOST_PASSAGES = 64
"""Looked at for one clue: a word of more passages than that is rare nowhere."""
REASON = "kept back: the query held something that only your private documents say"

_log = logging.getLogger("quaestor")


class Gate:
    """Looks at what a run is about to send to a public source off this machine.

    Args:
        database: The open database of the home.
        run_id: The run.
        public: Sources whose content may leave again.
        private: Sources whose content must not.
    """

    def __init__(
        self,
        database: Database,
        run_id: str,
        *,
        public: Sequence[Source],
        private: Sequence[Source],
    ) -> None:
        self._database = database
        self._run_id = run_id
        self._public = frozenset(source.origin.label for source in public)
        self._private = tuple(private)
        self._known = Known()
        self._asked = False
        self._heard: set[int] = set()

    async def check(self, source: str, sent: str) -> None:
        """Let a query or address pass, or keep it back.

        Raises:
            WithheldError: It holds what stands in a private document only.
        """
        if not self._private or not clues(sent, self._known):
            return
        await self._listen()
        for clue in clues(sent, self._known):
            if await self._is_private(clue):
                _log.warning("run %s: the gate kept back a query to %s", self._run_id, source)
                raise WithheldError(source, REASON)

    async def _listen(self) -> None:
        """Learn what may leave by now: the question, and what was said without private text.

        That is what public sources said, the model that made the brief from the question
        alone, and the public branch's, which saw only those.
        """
        if not self._asked:
            self._known.learn((await run_row(self._database, self._run_id)).question)
            self._asked = True
        new = await heard(
            self._database,
            self._run_id,
            origins=self._public,
            branch="public",
            first=LESSONS,
            known=self._heard,
        )
        for number, texts in new.items():
            for text in texts:
                self._known.learn(text)
            self._heard.add(number)

    async def _is_private(self, clue: Clue) -> bool:
        for source in self._private:
            for text in await self._passages(source, clue):
                if betrays(clue, text):
                    return True
        return False

    async def _passages(self, source: Source, clue: Clue) -> list[str]:
        if not isinstance(source, HasPassages):
            return await held(self._database, source.origin.label)
        found: list[str] = []
        for terms in clue.lookups:
            found += await source.passages_with(terms, limit=MOST_PASSAGES) if terms else []
        return found
