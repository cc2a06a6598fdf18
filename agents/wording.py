"""A report's own words: its headings and labels, and the lines under them."""

from collections.abc import Sequence

from quaestor.agents.gaps import Unread, gap_words, unread_words
from quaestor.agents.markdown import plain
from quaestor.agents.references import is_list_heading
from quaestor.memory.finding import Gap

NOTHING_FOUND = "The evidence found does not carry an answer to the whole question."
STOPPED = "The search was stopped before it was complete."
INFERENCE = "Inference:"
PARTLY = "Confirmed in part:"
NOT_CONFIRMED = "Not confirmed:"
CONFLICTS = "Where sources disagree"
UNCONFIRMED = "What could not be confirmed"
GAPS = "What could not be found"
WITHOUT_MODEL = "Answered without the model"


def listed(heading: str, lines: Sequence[str]) -> list[str]:
    """Return a section that is a list; nothing where there is nothing to list."""
    return [f"## {heading}", "\n".join(f"- {line}" for line in lines)] if lines else []


def heading(text: str) -> str:
    """Return a heading that nobody takes for one of ours."""
    return plain(title(text)) or "Untitled"


def title(text: str) -> str:
    """Return it as it is shown where nothing is escaped."""
    ours = is_list_heading(text) or text.strip() in (CONFLICTS, UNCONFIRMED, GAPS, WITHOUT_MODEL)
    return f"About: {text}" if ours else text or "Untitled"


def ended(text: str) -> str:
    """Return a reason as the end of a sentence."""
    return f"{plain(text).rstrip('. ')}."


def quoted(texts: Sequence[str]) -> str:
    """Return texts between quotation marks, each once."""
    return ", ".join(f"“{plain(text)}”" for text in dict.fromkeys(texts))


def gap_line(gap: Gap | Unread) -> str:
    """Return a gap as an item of a list."""
    if isinstance(gap, Gap):
        return gap_words(gap, plain)
    head, lines = unread_words(gap, plain)
    return "\n  - ".join([head, *lines])
