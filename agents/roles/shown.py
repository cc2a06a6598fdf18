"""What more than one role is shown: a source, and a passage to read."""

from dataclasses import dataclass

from quaestor.memory.documents import Origin
from quaestor.tools.sources import Profile
from quaestor.tools.text.cells import with_bars


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """What a planner or searcher is told of a source."""

    name: str
    private: bool
    remote: bool
    tools: tuple[str, ...]
    """Of `chunk_search`, `adjacent_passages`, `search`, `open`, `read_on` (tools/toolbox.py)."""
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A span a worker may read, with what is known of where it comes from."""

    evidence: str
    """The id of the span in the run's store."""
    document: str
    start: int
    end: int
    text: str
    title: str
    uri: str
    origin: Origin
    modified: str | None = None
    delimiter: str = ""
    """What parts the cells of its rows, where it is of a delimited file."""
    rank: int = 1
    score: float = 0.0
    query: str = ""
    step: int = 0
    kept: bool = True
    """Whether the refiner's first stage kept it."""

    def parted(self, start: int, end: int) -> str:
        """Return a stretch of its document inside it, with bars between the cells of a row."""
        return with_bars(self.text, self.delimiter)[start - self.start : end - self.start]
