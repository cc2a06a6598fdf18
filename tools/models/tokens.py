"""How many tokens a text is, roughly and rather too many: no tokenizer fits every model."""

from collections.abc import Iterable

_ASCII_A_TOKEN = 3.5
"""Code points of English prose and JSON; 4 is common, code and numbers take more."""
_PER_MESSAGE = 4


def estimate(text: str) -> int:
    """Return about how many tokens a text is.

    ASCII counts three and a half characters a token, everything else one character a token,
    which is right for CJK and too many for accents.

    Example:
        >>> estimate("seven words"), estimate("東京都"), estimate("")
        (4, 3, 0)
    """
    plain = len(text.encode("ascii", "ignore"))
    return -(-int(plain * 2) // int(_ASCII_A_TOKEN * 2)) + (len(text) - plain)


def estimate_all(texts: Iterable[str]) -> int:
    """Return the same for the messages of a conversation."""
    return sum(estimate(text) + _PER_MESSAGE for text in texts)


def clip(text: str, tokens: int) -> str:
    """Return the longest start of a text that is at most so many tokens."""
    if estimate(text) <= tokens:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if estimate(text[:middle]) <= tokens else (low, middle - 1)
    return text[:low]
