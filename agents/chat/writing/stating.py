"""From a reply's sentences to statements: each rests on spans, or on nothing and is labelled so."""

from collections.abc import Sequence
from dataclasses import dataclass

from quaestor.agents.chat.writing.citing import spots_for
from quaestor.agents.chat.writing.numbering import Numbered, without_marks
from quaestor.agents.chat.writing.replies import Sentence
from quaestor.agents.roles import Statement
from quaestor.memory.finding import Gap

MOST_SENTENCES = 60
"""Of one reply: more is a model that does not stop."""
LONGEST_SENTENCE = 1_000
"""Code points; more is no sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What of a reply's sentences may stand."""

    statements: tuple[Statement, ...] = ()
    dropped: int = 0
    """Sentences left out whole: too long, too many, or uncited where none may be."""

    def gaps(self, what: str) -> tuple[Gap, ...]:
        """Return what a reader is told of the dropped ones."""
        if not self.dropped:
            return ()
        noun = "sentence" if self.dropped == 1 else "sentences"
        were = "was" if self.dropped == 1 else "were"
        why = f"{self.dropped} {noun} that the model wrote without evidence {were} left out"
        return (Gap(kind="not_found", what=what, why=why),)


def stated(said: Sequence[Sentence], evidence: Numbered, *, inference: bool = True) -> Stated:
    """Return the statements of a reply.

    Args:
        said: Its sentences.
        evidence: What was given to the model.
        inference: Whether a sentence that names no evidence goes on without a citation; the
            report never shows it as a fact.
    """
    statements: list[Statement] = []
    dropped = 0
    for sentence in said[:MOST_SENTENCES]:
        text, marked = without_marks(sentence.text)
        if not text:
            continue
        named = [*sentence.evidence, *marked]
        ids = evidence.known(named)
        if ids and len(text) <= LONGEST_SENTENCE:
            spots = spots_for(text, evidence.passages(ids))
            statements.append(Statement(text=text, spots=spots))
        elif inference and not named and len(text) <= LONGEST_SENTENCE:
            # The report labels it: an inference where all it names stands in what was read,
            # else among what could not be confirmed.
            statements.append(Statement(text=text, spots=()))
        else:
            dropped += 1
    return Stated(statements=tuple(statements), dropped=dropped + len(said[MOST_SENTENCES:]))
