"""The things a question compares or chooses between, as it names them."""

import re

_PAIR = re.compile(r"\s(?:or|and|versus|vs\.?|than)\s", re.IGNORECASE)
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
    for pair in reversed(list(_PAIR.finditer(text))):
        word = pair[0].strip().lower()
        if word == "and" and not _compares(text):
            continue
        left = _left(text[: pair.start()])
        right = _right(text[pair.end() :])
        if left and right and left.lower() != right.lower():
            return (*_listed(text[: pair.start()], left), left, right)
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
        if depth > 0 or token in '()"“”' or _fits(token):
            start = piece.start()
        elif token.lower() in _INNER and i and _reaches(pieces, i):
            start = piece.start()
        elif token == "," and i and _fits(pieces[i - 1][0]) and start < len(text):
            start = piece.start()
        else:
            break
    return _bare(text[start:])


def _reaches(pieces: list[re.Match[str]], i: int) -> bool:
    """Tell whether a capital stands before the small words that end at i, verbs apart."""
    for j in range(i - 1, max(i - 3, -1), -1):
        token = pieces[j][0]
        if _fits(token) and token.lower() not in _STOPS:
            return True
        if token.lower() not in _INNER:
            return False
    return False


def _fits(token: str) -> bool:
    return (token[0].isupper() or token[0].isdigit()) and token.lower() not in _STOPS


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
        following = pieces[i + 1][0] if i + 1 < len(pieces) else ""
        if depth > 0 or token in '()"“”' or _fits(token):
            end = piece.end()
        elif token.lower() in _INNER and end > at and following and _continues(pieces, i):
            end = piece.end()
        elif token == "," and following and _fits(following):
            end = piece.end()
        else:
            break
    return _bare(text[at:end])


def _continues(pieces: list[re.Match[str]], i: int) -> bool:
    for piece in pieces[i + 1 : i + 3]:
        if _fits(piece[0]):
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


def _listed(before: str, left: str) -> tuple[str, ...]:
    """Return the earlier items of a list of three or more: 'A, B, or C'."""
    if not before.rstrip().endswith(",") or "," not in left:
        return ()
    return ()


def _plain(text: str) -> tuple[str, ...]:
    """Return options in small letters: what stands around 'or' after the last comma or colon."""
    match = re.search(r"(?:[,:]|\bbetween\b)\s*([^,:?]+?)\s+or\s+([^,:?]+)\?", text)
    if not match:
        return ()
    left, right = _bare(match[1]), _bare(match[2])
    return (left, right) if left and right and len(left.split()) <= 8 else ()
