"""The things a question compares or chooses between, as it names them."""

import re

_PAIRS = tuple(re.compile(rf"\s{word}\s") for word in ("or", r"(?:versus|vs\.?)", "and"))
_PIECE = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*\.?|[,()\"“”]|&")
_INNER = frozenset("of the de la le du del van von der and & in for on to at a an el y".split())
_LEAD = re.compile(
    r"^(?:either|both|the\s+(?:films?|movies?|songs?|albums?|books?|magazines?|bands?|villages?|"
    r"companies|schools?|directors?\s+of(?:\s+films?)?)|films?|between|of|is|are|was|were|do|does|"
    r"did|in|from|to|has|have|had|will|can|should|director\s+of\s+films?|performers?\s+of\s+songs?"
    r")\s*:?\s+",
    re.IGNORECASE,
)
_STOPS = frozenset(
    """is are was were do does did has have had both between which who what when where whose than
    either in from of to by that will can should""".split()
)


def options_of(text: str) -> tuple[str, ...]:
    """Return the options of a question: 'A' and 'B' of 'which is older, A or B?', or none.

    Capitals bound them where there are any; else commas and the question mark do.
    """
    for joining in _PAIRS:
        for pair in reversed(list(joining.finditer(text))):
            if pair[0] == " and " and not _compares(text):
                continue
            left = _left(text[: pair.start()])
            right = _right(text[pair.end() :])
            if left and right and left.lower() != right.lower():
                return left, right
    return _plain(text)


def _compares(text: str) -> bool:
    return bool(
        re.search(r"\b(?:both|same|between|which|compare|common|share|either|also)\b", text, re.I)
        or re.match(r"\W*(?:are|were|do|did|have|is|was)\b", text, re.I)
    )


def _left(text: str) -> str:
    """Return the longest run of capitalised words that ends here."""
    pieces = list(_PIECE.finditer(text))
    start = len(text)
    depth = 0
    for i in range(len(pieces) - 1, -1, -1):
        piece = pieces[i]
        if text[piece.end() : start].strip() and start < len(text):
            break
        token = piece[0]
        depth += (token == ")") - (token == "(")
        if (
            depth > 0
            or token in '()"“”'
            or _fits(piece)
            or (token.lower() in _INNER and i and _reaches(pieces, i))
            or (token == "," and i and start < len(text) and _goes_on(text, pieces, i))
        ):
            start = piece.start()
        else:
            break
    return _bare(text[start:])


def _goes_on(text: str, pieces: list[re.Match[str]], i: int) -> bool:
    """Tell the comma inside 'Springfield, Ohio' from the one before 'A or B'."""
    after = pieces[i + 1][0].rstrip(".")
    if after in ("Jr", "Sr", "Inc", "Ltd", "II", "III"):
        return True
    asks = re.search(r"\b(?:which|who|what|whose|whom|where|when|between)\b", text, re.IGNORECASE)
    return not asks and _fits(pieces[i - 1])


def _reaches(pieces: list[re.Match[str]], i: int) -> bool:
    """Tell whether a capital stands before the small words that end at i, verbs apart."""
    for j in range(i - 1, max(i - 3, -1), -1):
        if _fits(pieces[j]):
            return True
        if pieces[j][0].lower() not in _INNER:
            return False
    return False


def _fits(piece: re.Match[str]) -> bool:
    """Tell a word that may be part of a name; a capital at the very start means nothing."""
    token = piece[0]
    named = token[0].isupper() or token[0].isdigit()
    return named and not (piece.start() == 0 and token.lower() in _STOPS)


def _right(text: str) -> str:
    """Return the longest run of capitalised words that begins here."""
    lead = re.match(r"^(?:\s*(?:the|a|an|films?|songs?|director\s+of\s+films?)\s+)+", text, re.I)
    at = lead.end() if lead else 0
    end = at
    depth = 0
    pieces = list(_PIECE.finditer(text, at))
    for i, piece in enumerate(pieces):
        token = piece[0]
        if text[end : piece.start()].strip() and end > at:
            break
        depth += (token == "(") - (token == ")")
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        if (
            depth > 0
            or token in '()"“”'
            or _fits(piece)
            or (token.lower() in _INNER and end > at and following and _continues(pieces, i))
            or (token == "," and following and _fits(following))
        ):
            end = piece.end()
        else:
            break
    return _bare(text[at:end])


def _continues(pieces: list[re.Match[str]], i: int) -> bool:
    for piece in pieces[i + 1 : i + 3]:
        if _fits(piece):
            return True
        if piece[0].lower() not in _INNER:
            return False
    return False


def _bare(text: str) -> str:
    """Strip punctuation and the words that lead up to an option."""
    bare = text.strip(" ,;:?.!")
    while match := _LEAD.match(bare):
        bare = bare[match.end() :].strip(" ,;:?.!")
    if bare.count("(") != bare.count(")"):
        bare = bare.strip("()")
    quotes = '"“”'
    return bare.strip(quotes) if bare[:1] in quotes and bare[-1:] in quotes else bare


def _plain(text: str) -> tuple[str, ...]:
    """Return options in small letters: what stands around 'or' after the last comma or colon."""
    match = re.search(r"(?:[,:]|\bbetween\b)\s*([^,:?]+?)\s+or\s+([^,:?]+)\?", text)
    if not match:
        return ()
    left, right = _bare(match[1]), _bare(match[2])
    return (left, right) if left and right and len(left.split()) <= 8 else ()
