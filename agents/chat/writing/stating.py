"""From a reply's sentences to statements: each rests on spans, or is labelled in the report."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.chat.writing.citing import spots_for
from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import Sentence
from quaestor.agents.chat.writing.text_tables import apart
from quaestor.agents.roles.synthesizer import Statement
from quaestor.tools.text.sentences import statements

MOST_SENTENCES = 60
"""Of one reply: more is a model that does not stop."""
LONGEST_SENTENCE = 1_000
"""Code points; more is no sentence."""


UNKNOWN = "what it names as its source was not read"
UNCITED = "it names no source"
DROPPED = "too long for a sentence, or one of too many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What of a reply's sentences goes on to the report."""

    statements: tuple[Statement, ...] = ()

    @property
    def standing(self) -> tuple[Statement, ...]:
        """Those that have nothing against them so far."""
        return tuple(one for one in self.statements if not one.fault)


def stated(said: Sequence[Sentence], evidence: Numbered, *, inference: bool = True) -> Stated:
    """Return the statements of a reply; a heading states nothing.

    One that names evidence which was not given, or none where there must be some, goes on with
    its fault: the report shows it among what could not be confirmed. So does the number of those
    that are left out whole.

    Args:
        said: Its sentences.
        evidence: What was given to the model.
        inference: Whether a sentence that names no evidence goes on without a citation; the
            report never shows it as a fact.
    """
    found: list[Statement] = []
    dropped = 0
    every = [one for sentence in said for one in apart(sentence)]
    for sentence in every[:MOST_SENTENCES]:
        text, marked = without_marks(_without_headings(sentence.text))
        if not text:
            continue
        if len(text) > LONGEST_SENTENCE:
            dropped += 1
            continue
        named = [*sentence.evidence, *marked]
        found.append(statement_of(text, named, evidence, inference=inference))
    dropped += len(every[MOST_SENTENCES:])
    if dropped:
        noun = "sentence" if dropped == 1 else "sentences"
        text = f"{dropped} {noun} of the model's left out."
        found.append(Statement(text=text, spots=(), fault=DROPPED))
    return Stated(statements=tuple(found))


def statement_of(
    text: str, named: Sequence[str], evidence: Numbered, *, inference: bool
) -> Statement:
    """Return a statement that rests on the evidence it names, or has a fault.

    Args:
        text: Without marks.
        named: The ids of a reply, known or not.
        evidence: What was given to the model.
        inference: Whether one that names none may go on without a citation.
    """
    spots = spots_for(text, evidence.passages(evidence.known(named)))
    fault = ""
    if not spots and (named or not inference):
        fault = UNKNOWN if named else UNCITED
    return Statement(text=text, spots=spots, fault=fault)


def _without_headings(text: str) -> str:
    return " ".join(text[start:end] for start, end in statements(text))
