"""What a model is asked to reply with when it searches."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

Action = Literal[
    "search",
    "open",
    "read_on",
    "chunk_search",
    "adjacent_passages",
    "recall",
    "finish",
]


def _text(said: object) -> object:
    """Read `3` as "3" and null as "": small models write either."""
    if said is None:
        return ""
    whole = isinstance(said, int) and not isinstance(said, bool)
    return str(said) if whole else said


def _texts(said: object) -> object:
    """Read one text as a list of one, and null as none."""
    if said is None or said == "":
        return []
    return [said] if isinstance(said, str) else said


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[str], BeforeValidator(_texts)]


class SearchReply(BaseModel):
    """The next action."""

    thought: Text = Field(default="", description="what is known, what is missing, one sentence")
    action: Action = Field(description="one of the actions listed, or finish")
    query: Text = Field(default="", description="of search and chunk_search: a few words")
    target: Text = Field(
        default="", description="id of a hit, passage, document or address: h1.2, p1.2, d1, u1"
    )
    entity: Text = Field(default="", description="of adjacent_passages: a name")
    step: Text = Field(default="", description="of recall: number of an earlier step")
    conclusion: Text = Field(default="", description="of finish: what was found, one sentence")
    answers: Texts = Field(default=[], description="of finish: short answers, best first")
    found: bool = Field(default=True, description="of finish: false if the task has no answer")


class ReportReply(SearchReply):
    """The report as it now stands, and the next action."""

    report: Text = Field(
        default="", description="the whole report, written anew with what the last result adds"
    )


class FoldReply(SearchReply):
    """A fold of the last steps, and the next action."""

    fold_from: Text = Field(
        default="", description="number of the first step folded; the last step is always in it"
    )
    fold_text: Text = Field(default="", description="what those steps came to: it replaces them")


class Summary(BaseModel):
    """What the search came to so far."""

    summary: Text = Field(description="facts found with ids, what failed, what is still open")
