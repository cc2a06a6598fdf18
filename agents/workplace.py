"""What a branch's workers share: its tools, what it may read, and who does which role."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from quaestor.agents.refiner import RefinerSettings
from quaestor.agents.roles.planner import Planner
from quaestor.agents.roles.reviser import Reviser
from quaestor.agents.roles.searcher import NextStep
from quaestor.agents.roles.shown import Passage, SourceCard
from quaestor.agents.roles.synthesizer import Synthesizer
from quaestor.agents.roles.verifier import Verifier
from quaestor.memory.calls import Ask
from quaestor.memory.documents import Document
from quaestor.memory.evidence import Evidence
from quaestor.memory.fallbacks import Fallbacks
from quaestor.memory.ledger import Ledger
from quaestor.memory.plan import Branch
from quaestor.memory.sightings import Sightings
from quaestor.memory.store import Store
from quaestor.memory.values import Values
from quaestor.tools.local.rows import delimiter_of
from quaestor.tools.scoring.likeness import Call, Scorer
from quaestor.tools.toolbox import Toolbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a branch goes. Its own, and the same with or without the other branch."""

    rounds: int = 3
    """Of planning and searching, in one pass."""
    tasks: int = 8
    """New ones in a round."""
    steps: int = 8
    """Tool calls of a searcher; also its allotment of calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who does which role."""

    planner: Planner
    next_step: NextStep
    synthesizer: Synthesizer
    verifier: Verifier
    scorer: Scorer
    reviser: Reviser | None = None
    """Where there is none, what fails is not written anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """One branch's."""

    branch: Branch
    cards: tuple[SourceCard, ...]
    toolbox: Toolbox
    ledger: Ledger
    """For calls that no tool makes: of a scorer."""
    fallbacks: Fallbacks
    """Where it is noted that words ranked in place of the scorer."""
    store: Store
    """Reads what the branch may see, and nothing else."""
    values: Values
    sightings: Sightings
    planner: Planner
    next_step: NextStep
    scorer: Scorer
    refiner: RefinerSettings
    limits: Limits

    def card(self, source: str) -> SourceCard:
        """Return what is known of a source of this branch."""
        return next(card for card in self.cards if card.name == source)

    def calls(self, ask: Ask) -> Call:
        """Return the ledger's `call` for somebody who asks."""
        return partial(self.ledger.call, ask=ask)


def passage_of(span: Evidence, document: Document, *, rank: int = 1) -> Passage:
    """Return a span with what a reader of it should know."""
    return Passage(
        evidence=span.id,
        document=document.id,
        start=span.start,
        end=span.end,
        text=span.text,
        title=document.title,
        uri=document.uri,
        origin=document.origin,
        modified=document.modified,
        delimiter=delimiter_of(document),
        rank=rank,
    )


async def read_passages(store: Store, evidence: Iterable[str]) -> dict[str, Passage]:
    """Return stored spans as passages, by evidence id."""
    spans = await store.evidence(evidence)
    documents = await store.documents(span.document for span in spans.values())
    return {name: passage_of(span, documents[span.document]) for name, span in spans.items()}
