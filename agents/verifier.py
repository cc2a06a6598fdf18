"""The extractive verifier: what of a claim can be looked up must stand in the spans it cites.

It reads no meaning. Of several facts in a claim the worst decides:

* `supported`: every number, date, name, code and quotation of the claim occurs in its spans,
  however it is written; a claim without any has half of its content words there.
* `partly`: all occur, but some only in a less exact form: the year of a day, a value that rounds
  to a hedged one ("about 4"), most of a name with its last word, a people for its place; or a date
  or year stands only in the title of its document. A word that has its capital for another
  reason, as it opens a sentence or the text is German, makes no more than this of a claim.
* `contradicted`: one is missing, and a span gives another value in nearly the same words.
* `unsupported`: one is missing, or the claim has none and is written in another script than its
  spans, where no word of it can be looked up. That the spans carry the other facts does not make
  it `partly`: the sentence would stand in the report with a value nobody gave.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quaestor.agents.contexts import like_year, other_value
from quaestor.agents.facts import CODE_LETTER, Facts, Ground, facts, ground
from quaestor.agents.roles.verifier import ClaimView, Judged
from quaestor.memory.report import Verdict
from quaestor.tools.text.dates import Date, named_weekdays
from quaestor.tools.text.german import same_noun
from quaestor.tools.text.names import Name, akin
from quaestor.tools.text.numbers import Number
from quaestor.tools.text.scripts import by_pairs, script_of, without_cases
from quaestor.tools.text.words import content_terms

_HEDGE = re.compile(
    r"(?:about|around|approximately|nearly|almost|roughly|some|over|more than|less than|under|"
    r"up to|circa|ca\.?|c\.|etwa|rund|fast|knapp|über|environ|près de|plus de|[~≈])\s*\W?$",
    re.IGNORECASE,
)
_QUOTE_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"'})
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)$")
_ELLIPSIS = re.compile(r"\s*(?:\[?…\]?|\[?\.\.\.\]?)\s*")
_HEAD = re.compile(r" of (?:the |an? )?(?![A-ZÀ-ÖØ-Þ]|the |an? )")
"""What follows a noun that opens a sentence ("Sales of steel"), and no name but of titles."""
_ABSTRACT = ("tion", "sion", "ment", "ness", "ity", "ance", "ence")
"""Endings of nouns that are seldom names."""
_SHORTEST_STEM = 3
SUPPORTED = Judged(verdict="supported")
ENOUGH_WORDS = 0.5
"""Of a claim without any fact, the share of its content words its spans must hold."""
SOME_PAIRS = 0.25
"""Of pairs of characters, the share below which they may be endings and particles alone."""
OTHER_SCRIPT = "it is written in another script than its spans, where its words cannot be looked up"


@dataclass(frozen=True, slots=True)
class _Miss:
    """A fact that its spans do not carry as it stands."""

    what: str
    weaker: bool = False
    """They carry a less exact form of it."""
    instead: str = ""
    """What they say in its place."""


class ExtractiveVerifier:
    """Looks every fact of a claim up in its spans; needs no model."""

    async def judge(self, claims: tuple[ClaimView, ...]) -> tuple[Judged, ...]:
        """Return one verdict a claim, in the same order."""
        return tuple(judge(claim) for claim in claims)


def judge(claim: ClaimView) -> Judged:
    """Return the verdict on one claim, with what was missed."""
    if not any(span.strip() for span in claim.spans):
        return Judged(verdict="unsupported", reason="it cites no span")
    if claim.quoted:
        said = any(_verbatim(claim.text, span) for span in claim.spans)
        reason = "" if said else "it is given as its span's words and is not"
        return Judged(verdict="supported" if said else "unsupported", reason=reason)
    base = ground(claim.spans, claim.titles, claim.parted)
    bare = _without_titles(claim.text, claim.titles)
    stated = facts(bare)
    by_words = _by_words(claim, base) if _has_nothing_sure(stated) else SUPPORTED
    misses = list(_misses(bare, stated, base))
    return _verdict(misses) if misses and by_words == SUPPORTED else by_words


def unfounded(text: str, base: Ground, titles: tuple[str, ...]) -> str:
    """Return which numbers, dates, names, codes and quotations of a text no span holds.

    Args:
        text: A conclusion of the writer's own, which cites nothing.
        base: All that the report rests on.
        titles: Of its documents.
    """
    bare = _without_titles(text, titles)
    misses = _misses(bare, facts(bare), base)
    return ", ".join(miss.what for miss in misses if not miss.weaker)


def _verdict(misses: list[_Miss]) -> Judged:
    against = [miss for miss in misses if miss.instead]
    lost = [miss.what for miss in misses if not miss.weaker]
    reasons = [f"{miss.what}: its spans say {miss.instead} there" for miss in against]
    if lost:
        rest = [miss.what for miss in misses if not miss.weaker and not miss.instead]
        reasons += [f"not in its spans: {', '.join(rest)}"] if rest else []
        verdict: Verdict = "contradicted" if against else "unsupported"
        return Judged(verdict=verdict, reason="; ".join(reasons))
    return Judged(
        verdict="partly", reason=f"less exact in its spans: {', '.join(m.what for m in misses)}"
    )


def _has_nothing_sure(stated: Facts) -> bool:
    """Return whether a claim holds no fact but words that may be names or numbers."""
    sure = [number for number in stated.numbers if not number.lone]
    named = [name for name in stated.names if not (name.opens or name.german)]
    return not any((sure, named, stated.dates, stated.codes, stated.quotes))


def _by_words(claim: ClaimView, base: Ground) -> Judged:
    """Judge a claim without facts by how many of its words occur."""
    wanted = _wording(claim.text)
    held = wanted & _wording(" ".join((base.text, *claim.titles)))
    if len(held) >= ENOUGH_WORDS * len(wanted):
        return SUPPORTED
    script = script_of(claim.text)
    if script != script_of(base.text):
        return Judged(verdict="unsupported", reason=OTHER_SCRIPT)
    if by_pairs(script):
        share = len(held) / len(wanted)
        reason = f"{share:.0%} of its wording occurs in its spans"
        return Judged(verdict="partly" if share >= SOME_PAIRS else "unsupported", reason=reason)
    reason = f"{len(held)} of its {len(wanted)} content words occur in its spans"
    return Judged(verdict="partly" if held else "unsupported", reason=reason)


def _wording(text: str) -> frozenset[str]:
    return frozenset(content_terms(without_cases(text)))


def _misses(text: str, stated: Facts, base: Ground) -> Iterator[_Miss]:
    for number in stated.numbers:
        yield from _number(text, number, stated, base)
    for date in stated.dates:
        yield from _date(text, date, stated, base)
    for name in stated.names:
        yield from _name(text, name, base)
    for code in stated.codes:
        alone = rf"(?<!{CODE_LETTER}){re.escape(code)}(?!{CODE_LETTER})"
        if not re.search(alone, base.text, re.IGNORECASE):
            yield _Miss(code)
    for quote in stated.quotes:
        if not _verbatim(quote, base.text):
            yield _Miss(f'the quotation "{quote}"')
    if base.weekdays and (days := named_weekdays(text)) and not days & base.weekdays:
        yield _Miss("the day of the week")


def _number(text: str, number: Number, stated: Facts, base: Ground) -> Iterator[_Miss]:
    if number.lone or any(number.agrees(other) for other in base.numbers):
        return
    hedged = number.step > 1 or _HEDGE.search(text, 0, number.whole[0])
    if hedged and any(number.rounds(other) for other in base.numbers if not other.lone):
        yield _Miss(f"{number.text} (rounded)", weaker=True)
        return
    said = text[slice(*number.whole)].strip()
    if any(number.agrees(other) for other in base.title_numbers):
        # A year there is the document's; any other number only its name's, and of nothing else.
        dated = like_year(number)
        yield _Miss(f"{said} (only in a title)" if dated else said, weaker=dated)
        return
    yield _Miss(said, instead=other_value(text, number, stated.numbers, base.parted, base.numbers))


def _date(text: str, date: Date, stated: Facts, base: Ground) -> Iterator[_Miss]:
    pairs = [(mine, theirs) for mine in date.readings for d in base.dates for theirs in d.readings]
    if any(mine.within(theirs) for mine, theirs in pairs):
        return
    years = {str(mine.year) for mine in date.readings if mine.year and not mine.short}
    plain = any(n.text in years and not base.in_date(n) for n in base.numbers)
    less = any(mine.agrees(t) and t.exactness() < mine.exactness() for mine, t in pairs)
    if less or plain:
        yield _Miss(f"{date.text} (only in part)", weaker=True)
    elif any(m.within(t) for m in date.readings for d in base.title_dates for t in d.readings):
        yield _Miss(f"{date.text.strip()} (only in a title)", weaker=True)
    else:
        said = date.text.strip()
        yield _Miss(said, instead=other_value(text, date, stated.dates, base.parted, base.dates))


def _name(text: str, name: Name, base: Ground) -> Iterator[_Miss]:
    if _shortened(name) & base.acronyms or (name.opens and _is_noun(text, name)):
        return
    if name.german and any(same_noun(name.parts[0], word) for word in base.words):
        return
    both = zip(name.parts, name.stems, strict=True)
    lost = {part: stem for part, stem in both if not (_has(part, base) or _declined(stem, base))}
    if not lost:
        return
    # Who lives in Italy need not be Italian, nor an Italian have died there.
    hinted = all(stem in base.words or base.words & akin(part) for part, stem in lost.items())
    some = len(lost) * 2 < len(name.parts) and name.parts[-1] not in lost
    yield _Miss(name.text, weaker=some or hinted or name.opens or name.german)


def _is_noun(text: str, name: Name) -> bool:
    """Return whether a capitalised word in first place is a noun by what it looks like."""
    return name.parts[-1].endswith(_ABSTRACT) or _HEAD.match(text, name.end) is not None


def _shortened(name: Name) -> frozenset[str]:
    """Return the acronym of a name; one of two letters may be anyone's initials."""
    letters = "".join(part[0] for part in name.parts)
    told = len(letters) > 2 or (len(letters) == 2 and name.parts[0] in ("united", "european"))
    return frozenset({letters}) if told else frozenset()


def _has(part: str, base: Ground) -> bool:
    """Return whether a word of a name occurs, as it is, shortened or as an acronym."""
    if part in base.words or part in base.initials:
        return True
    return len(part) == 1 and any(word.startswith(part) for word in base.words)


def _declined(stem: str, base: Ground) -> bool:
    """Return whether a word occurs in another case; a short stem may be another name's."""
    return len(stem) >= _SHORTEST_STEM and stem in base.words


def _verbatim(quote: str, span: str) -> bool:
    """Return whether the parts of a quotation stand in a span, in order."""
    held = _spaced(span)
    at = 0
    for part in _ELLIPSIS.split(quote):
        wanted = _spaced(part).strip(" .,;:!?\"'")
        found = held.find(wanted, at)
        if found < 0:
            return False
        at = found + len(wanted)
    return True


def _spaced(text: str) -> str:
    return " ".join(text.translate(_QUOTE_MARKS).split())


def _without_titles(text: str, titles: tuple[str, ...]) -> str:
    """Return a claim with the names of its spans' documents left out, digits and all."""
    for title in titles:
        bare = _IN_BRACKETS.sub("", title).strip()
        for name in (title.strip(), bare):
            if len(name) > 2:
                found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
                text = found.sub(lambda match: "\x1f" * len(match[0]), text)
    return text
