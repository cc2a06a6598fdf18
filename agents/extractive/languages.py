"""Which language a question is in, as far as its script and its small words tell."""

import re

_SCRIPTS: tuple[tuple[str, str], ...] = (
    (r"[぀-ヿ]", "ja"),
    (r"[가-힯]", "ko"),
    (r"[㐀-鿿]", "zh"),
    (r"[Ѐ-ӿ]", "ru"),
    (r"[Ͱ-Ͽ]", "el"),
    (r"[֐-׿]", "he"),
    (r"[؀-ۿ]", "ar"),
    (r"[ऀ-ॿ]", "hi"),
    (r"[฀-๿]", "th"),
)
_SMALL_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        """the of and is are was were what which who whom when where how why did does do in to for
        from by with that has have had both or an be can on at it its""".split()
    ),
    "de": frozenset(
        """der die das und ist sind war waren was welche welcher welches wer wann wo wie warum hat
        haben in von mit für auf ein eine einen einem einer nicht zu im dem den des wird werden bei
        über nach viele viel gilt""".split()
    ),
    "fr": frozenset(
        """le la les et est sont était qui que quel quelle quels quelles quand où comment pourquoi
        de des du un une dans pour par avec sur au aux ne pas combien a ont""".split()
    ),
    "es": frozenset(
        """el la los las y es son era fue qué quién cuál cuándo dónde cómo por de del un una en
        para con que no cuánto cuántos se al""".split()
    ),
    "it": frozenset(
        """il lo la gli le e è sono era chi che quale quando dove come perché di del della un una in
        per con non quanto quanti nel""".split()
    ),
    "pt": frozenset(
        """o os as e é são era foi quem qual quando onde como porque de do da um uma em para com que
        não quanto quantos no na""".split()
    ),
    "nl": frozenset(
        """de het een en is zijn was waren wat welke wie wanneer waar hoe waarom van met voor op in
        niet te bij heeft hebben""".split()
    ),
}


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of a question's language; English where nothing says other.

    Example:
        >>> language_of("Wann wurde die Firma gegründet?")
        'de'
    """
    letters = sum(1 for ch in text if ch.isalpha())
    for pattern, code in _SCRIPTS:
        if letters and len(re.findall(pattern, text)) * 4 > letters:
            return code
    found = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in small for word in found) for code, small in _SMALL_WORDS.items()}
    best = max(counts, key=lambda code: (counts[code], code == "en"))
    return best if counts[best] > counts["en"] and counts[best] >= 2 else "en"
