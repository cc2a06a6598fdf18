"""Ask the extractive verifier about claims of known truth, by how their values are written.

    python -m benchmarks.claim_checks TRIPLES_DIR NUMBERS_DIR [--count 300] [--seed 0] [--show 20]

TRIPLES_DIR is a data set whose questions have `evidences`, rows of (subject, relation, value);
of NUMBERS_DIR the numbers of the gold passages are taken. How false claims are made stands in
claim_cases.py, how values are written in claim_forms.py. A false claim is caught, and a true one
flagged, if its verdict is not `supported`.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.claim_cases import Fact, Twin, figures, triples, twins
from benchmarks.claim_forms import forms
from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.agents.verifier import judge

CAUGHT = {"date": 0.98, "number": 0.98, "name": 0.95}
FLAGGED = 0.03
"""What must hold: at least, and at most, these shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A claim that was judged."""

    form: str
    true: bool
    near: bool
    claim: ClaimView
    judged: Judged

    @property
    def wrong(self) -> bool:
        """Return whether a true claim was flagged or a false one let through."""
        return (self.judged.verdict == "supported") is not self.true

    @property
    def group(self) -> str:
        """Return which of the figures it counts for."""
        first = self.form.split()[0]
        return first if first in CAUGHT else "number"


def claim(fact: Fact, said: str) -> ClaimView:
    """Return a claim that gives a value for a fact."""
    about = f"the {fact.about} of {fact.subject}" if fact.about else f"the text on {fact.subject}"
    text = f"{about[0].upper()}{about[1:]} {'is' if fact.about else 'says'} {said}."
    return ClaimView(text=text, spans=(fact.span,), titles=(fact.title,))


def ask(pairs: Sequence[Twin]) -> Iterator[Asked]:
    """Yield every claim made of some facts and their twins, in every form."""
    for pair in pairs:
        for true, value in ((True, pair.fact.value), (False, pair.false)):
            for form, said in forms(value):
                view = claim(pair.fact, said)
                near = pair.near and not true
                yield Asked(form=form, true=true, near=near, claim=view, judged=judge(view))


def share(asked: Sequence[Asked]) -> str:
    """Return how many of some claims did not get `supported`."""
    flagged = sum(one.judged.verdict != "supported" for one in asked)
    return f"{flagged}/{len(asked)} ({flagged / len(asked):.1%})" if asked else "–"


def table(asked: Sequence[Asked]) -> str:
    """Return the figures by form as a Markdown table."""
    by_form: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_form[one.form].append(one)
    for group in CAUGHT:
        by_form[f"**all {group}s**"] = [one for one in asked if one.group == group]
    rows = ["| form | false, caught | of these elsewhere in the document | true, flagged |"]
    rows.append("| --- | --- | --- | --- |")
    for form, ones in by_form.items():
        false = [one for one in ones if not one.true]
        near = [one for one in false if one.near]
        true = [one for one in ones if one.true]
        rows.append(f"| {form} | {share(false)} | {share(near)} | {share(true)} |")
    return "\n".join(rows)


def holds(asked: Sequence[Asked]) -> bool:
    """Return whether enough false claims are caught and few enough true ones flagged."""
    for group, wanted in CAUGHT.items():
        ones = [one for one in asked if one.group == group]
        for true, limit in ((True, FLAGGED), (False, 1 - wanted)):
            some = [one for one in ones if one.true is true]
            if sum(one.wrong for one in some) > limit * len(some):
                return False
    return True


def show(asked: Sequence[Asked], limit: int) -> Iterator[str]:
    """Yield some of the claims that were judged wrongly, spread over the forms."""
    wrong = sorted((one for one in asked if one.wrong), key=lambda one: (one.true, one.form))
    seen = Counter[str]()
    for one in wrong:
        seen[one.form] += 1
        if seen[one.form] <= limit:
            how = "flagged" if one.true else "let through"
            yield f"{how}, {one.form}: {one.claim.text} [{one.judged.reason}] <- {one.claim.spans}"


def main() -> int:
    """Run it; exit 1 where the figures do not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("triples", type=Path)
    parser.add_argument("numbers", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="wrong ones to print, by form")
    options = parser.parse_args()
    drawn = [
        *twins(triples(options.triples), count=options.count, seed=options.seed),
        *twins(figures(options.numbers), count=options.count, seed=options.seed),
    ]
    asked = list(ask(drawn))
    print(*show(asked, options.show), sep="\n")
    near = sum(pair.near for pair in drawn)
    print(f"{len(drawn)} facts; {near} false values stand elsewhere in the same document\n")
    print(table(asked))
    return 0 if holds(asked) else 1


if __name__ == "__main__":
    sys.exit(main())
