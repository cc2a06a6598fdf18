"""What the web was not asked because only private documents speak of it."""

from collections.abc import Iterable, Sequence

from quaestor.memory.finding import Finding, Gap
from quaestor.tools.text.names import names


def withheld(question: str, private: Sequence[Finding], public_texts: Iterable[str]) -> list[Gap]:
    """Return a gap for the names an unanswered question led to in private documents alone.

    The private searchers asked on with them; the web might know more, and is not asked, because
    the query itself would tell it.

    Args:
        question: The person's.
        private: The private branch's findings.
        public_texts: What the public branch read: names that stand there are no secret.
    """
    known = _parts([question, *public_texts])
    led_to: dict[str, str] = {}
    for finding in private:
        for query in finding.queries:
            for name in names(query):
                if not known & set(name.parts):
                    led_to.setdefault(" ".join(name.parts), name.text)
    if not led_to:
        return []
    listed = ", ".join(f"“{name}”" for name in led_to.values())
    why = (
        f"the private documents lead to {listed}, and the web was not asked about that, because "
        "a query may not carry what only private documents say; ask about it yourself if it may "
        "be known"
    )
    return [Gap(kind="private", what=question, why=why)]


def _parts(texts: Iterable[str]) -> set[str]:
    return {part for text in texts for name in names(text) for part in name.parts}
