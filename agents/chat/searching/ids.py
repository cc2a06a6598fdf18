"""The short ids of what a searcher saw: code gives them, and code alone says what they mean.

`h3.2` is the second hit of step 3, `p3.2` its second passage, `d3` the document it read, `u1` the
first address that the person typed.
"""

import re
from collections.abc import Sequence

from quaestor.agents.roles.searcher import SearcherView, Step, ToolCall
from quaestor.agents.roles.shown import Passage

_ID = re.compile(r"\W*(?P<kind>[hpdu])?\s*(?P<step>[1-9]\d{0,5})(?:\.(?P<rank>[1-9]\d{0,3}))?\W*")
_FORGED = re.compile(r"\[(?=\s*[hpdu]\s*\d)", re.IGNORECASE)
_NONE = Step(call=ToolCall(tool="", arguments={}, thought=""), passages=())


def without_forged(text: str) -> str:
    """Return text of a source in which nothing looks like one of our ids.

    Example:
        >>> without_forged("[h1.1] best, see [2]")
        '(h1.1] best, see [2]'
    """
    return _FORGED.sub("(", text)


def address_of(view: SearcherView, said: str) -> str:
    """Return the address that a model's id of a hit, or of a typed address, stands for.

    A rank alone is that of the last step with hits. An address itself counts where it is one of
    them. Empty where it stands for none.
    """
    known = {str(hit["uri"]) for step in view.steps for hit in step.hits} | set(view.typed)
    if said.strip() in known:
        return said.strip()
    kind, step, rank = _parts(said)
    if kind == "u":
        return _nth(view.typed, step)
    hits = _step(view, step).hits if rank else _last_hits(view)
    uris = [str(hit["uri"]) for hit in hits]
    return _nth(uris, rank or step) if kind in ("", "h") else ""


def passage_at(view: SearcherView, said: str) -> Passage | None:
    """Return the passage an id stands for, None where it stands for none."""
    kind, step, rank = _parts(said)
    if kind not in ("", "p") or not rank:
        return None
    passages = _step(view, step).passages
    return passages[rank - 1] if rank <= len(passages) else None


def rest_of(view: SearcherView, said: str) -> tuple[str, int] | None:
    """Return a document and where it was read to, None where nothing stands behind that.

    Args:
        view: The searcher's.
        said: `d3`; any step that read the document will do. Empty for the last one read.
    """
    read = [step.read for step in view.steps if step.read is not None]
    if said.strip():
        kind, number, rank = _parts(said)
        named = _step(view, number).read
        if kind not in ("", "d") or rank or named is None:
            return None
        read = [one for one in read if one.document == named.document]
    if not read:
        return None
    document = read[-1].document
    furthest = max((one for one in read if one.document == document), key=lambda one: one.end)
    return (document, furthest.end) if furthest.more else None


def number_of(said: str) -> int:
    """Return a step's number, 0 where there is none in it."""
    digits = re.search(r"\d{1,6}", said)
    return int(digits[0]) if digits else 0


def _parts(said: str) -> tuple[str, int, int]:
    match = _ID.fullmatch(said.strip().casefold())
    if match is None:
        return "?", 0, 0
    return match["kind"] or "", int(match["step"]), int(match["rank"] or 0)


def _step(view: SearcherView, number: int) -> Step:
    return next((step for step in view.steps if step.number == number), _NONE)


def _last_hits(view: SearcherView) -> Sequence[dict[str, object]]:
    return next((step.hits for step in reversed(view.steps) if step.hits), ())


def _nth(texts: Sequence[str], number: int) -> str:
    return texts[number - 1] if 0 < number <= len(texts) else ""
