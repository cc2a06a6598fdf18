"""HTML of ours read again and written from an allow-list, after everything else was done to it.

The views escape what they show; this does not trust them to. What comes out holds ordinary
elements only, each closed, with attributes of the list and values that fit: no element in it
changes how a parser reads what follows, so a browser sees the tree that was written.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from quaestor.views.escape import escape

_STYLED = ("p", "span", "strong", "ul", "td", "table")
ALLOWED: dict[str, frozenset[str]] = {
    **{name: frozenset[str]() for name in ("h4", "sup", "bdi", "tr", "details", "summary")},
    **{name: frozenset({"style"}) for name in _STYLED},
    "div": frozenset({"class", "style"}),
    "section": frozenset({"class", "id", "style"}),
    "li": frozenset({"id", "style"}),
    "blockquote": frozenset({"dir", "style"}),
    "th": frozenset({"colspan", "style"}),
    "a": frozenset({"href", "rel"}),
}
"""Elements and their attributes: what the views write, and nothing else."""

NO_MATH = "mathjax_ignore tex2jax_ignore"
"""Class that tells notebooks not to read dollar signs as formulas: text of documents is text."""
REL = "noopener noreferrer nofollow"
_UNSEEN = ("script", "style")
"""Their content is no text; of any other element not allowed, the text stays."""
_PROPERTIES = frozenset(
    """border-left color font-size list-style margin margin-bottom max-width opacity overflow-x
    padding-left text-align white-space""".split()
)
_VALUE = re.compile(r"[#\w.%-]+(?: [#\w.%-]+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_FITTING = {
    "class": re.compile(re.escape(NO_MATH)),
    "id": _NAME,
    "dir": re.compile(r"auto|ltr|rtl"),
    "colspan": re.compile(r"[1-9][0-9]?"),
    "rel": re.compile(re.escape(REL)),
}


def clean(html: str) -> str:
    """Return HTML with allowed elements and attributes only; what was allowed stays as it was.

    Cleaning twice gives what cleaning once gave.

    Example:
        >>> clean('<p onclick="x()">a <b>c</b><script>d</script> <a href="javascript:e">f</a>')
        '<p>a c <a>f</a></p>'
    """
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.written()


def web_address(uri: str) -> str | None:
    """Return `uri` if it is an ordinary web address, safe to be a link; else None."""
    if not uri.isprintable() or " " in uri:
        return None
    try:
        parts = urlsplit(uri)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        return None
    return uri if plain else None


class _Writer(HTMLParser):
    """Writes what is allowed of what it reads, and closes what it has opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._unseen = False

    def written(self) -> str:
        """Return all of it."""
        return "".join([*self._out, *(f"</{tag}>" for tag in reversed(self._open))])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an allowed element with the attributes that fit."""
        self._unseen = tag in _UNSEEN
        if tag not in ALLOWED:
            return
        first: dict[str, str] = {}
        for name, value in attrs:
            first.setdefault(name, _fit(tag, name, value))  # of two of a name a browser takes one
        held = "".join(f' {name}="{escape(fit)}"' for name, fit in first.items() if fit)
        self._out.append(f"<{tag}{held}>")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of that name, and what is open inside it."""
        self._unseen = False
        if tag not in self._open:
            return
        closed = ""
        while closed != tag:
            closed = self._open.pop()
            self._out.append(f"</{closed}>")

    def handle_data(self, data: str) -> None:
        """Write text as text."""
        if not self._unseen:
            self._out.append(escape(data))


def _fit(tag: str, name: str, value: str | None) -> str:
    """Return an attribute's value as it may stand, empty if it may not."""
    if name not in ALLOWED[tag] or not value:
        return ""
    match name:
        case "style":
            return ";".join(one for one in value.split(";") if _declares(one))
        case "href" if value.startswith("#"):
            return value if _NAME.fullmatch(value[1:]) else ""
        case "href":
            return web_address(value) or ""
        case _:
            return value if _FITTING[name].fullmatch(value) else ""


def _declares(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    return name in _PROPERTIES and bool(_VALUE.fullmatch(value))
