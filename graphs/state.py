"""What flows between nodes and into checkpoints: ids and counters, JSON-plain.

What a branch may know is its schema. The public branch's names no key that private text is
written to; a test walks nodes, channels and writers.
"""

from typing import Annotated, Any, NotRequired, TypedDict


def merge(old: list[str], new: list[str]) -> list[str]:
    """Reducer: add the ids that are not there yet, in order."""
    return old + [one for one in dict.fromkeys(new) if one not in old]


class BranchResult(TypedDict):
    """What a branch gives to the join, and to itself when it is called again."""

    plan: str
    """Id of its `Plan`."""
    findings: list[str]
    kept: dict[str, str]
    """Evidence id to the reason it is kept."""
    gaps: list[str]
    rounds: int


class SearcherState(TypedDict):
    """One searcher's."""

    run_id: str
    order: str
    """Id of the `Order` it was sent out with."""
    head: NotRequired[str]
    """Id of the trail's last link."""
    turn: NotRequired[str]
    """What comes next: `act`, `choose` again, or `done`."""
    call: NotRequired[str]
    """Id of the chosen call."""
    key: NotRequired[str]
    """Of the call in the ledger."""
    findings: NotRequired[Annotated[list[str], merge]]


class SearcherOutput(TypedDict):
    """What leaves a searcher."""

    findings: Annotated[list[str], merge]


class PublicInput(TypedDict):
    """All the public branch is given: what the user typed, and the run it is for."""

    run_id: str
    question: str
    brief: str
    """Id of the `Brief`, made from the question alone."""


class PrivateInput(PublicInput):
    """What the private branch is given: what both found so far, too."""

    public: NotRequired[BranchResult | None]
    private: NotRequired[BranchResult | None]


class _Working(TypedDict):
    """What a branch works with inside."""

    plan: NotRequired[str]
    ready: NotRequired[list[str]]
    """Ids of the orders to send out now."""
    findings: NotRequired[Annotated[list[str], merge]]
    refined: NotRequired[list[str]]
    """Findings that went through the refiner."""
    kept: NotRequired[dict[str, str]]
    gaps: NotRequired[list[str]]
    round: NotRequired[int]


class PublicState(PublicInput, _Working):
    """The public branch's own state."""

    public: NotRequired[BranchResult | None]


class PrivateState(PrivateInput, _Working):
    """The private branch's own state."""


class PublicOutput(TypedDict):
    """What leaves the public branch."""

    public: BranchResult


class PrivateOutput(TypedDict):
    """What leaves the private branch."""

    private: BranchResult


class ResearchInput(TypedDict):
    """A question."""

    question: str


class ResearchState(TypedDict):
    """The research graph's."""

    question: str
    run_id: NotRequired[str]
    brief: NotRequired[str]
    public: NotRequired[BranchResult | None]
    private: NotRequired[BranchResult | None]
    passes: NotRequired[int]
    """How often the private branch was called."""
    kept: NotRequired[dict[str, str]]
    draft: NotRequired[str]
    judged: NotRequired[str]
    failing: NotRequired[int]
    """Statements the verifier did not find supported and that may be written anew."""
    revisions: NotRequired[int]
    status: NotRequired[str]
    answer: NotRequired[str]
    report: NotRequired[str]
    claims: NotRequired[list[dict[str, Any]]]
    evidence: NotRequired[list[dict[str, Any]]]
    gaps: NotRequired[list[dict[str, Any]]]


class ResearchOutput(TypedDict):
    """What comes out, JSON-plain, written once by the last node."""

    status: str
    answer: str
    report: str
    """Markdown."""
    claims: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    run_id: str
