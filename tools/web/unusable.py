"""Pages that are sent as good ones and say nothing: challenges for robots, pages that are gone."""

import re

_SHORT = 600  # code points of text; longer pages say something besides
_CHALLENGE = re.compile(
    r"verify (that )?you('re|\u2019re| are) (a )?human|(not|are you) a robot|captcha"
    r"|just a moment|checking (if the site connection|your browser)|unusual traffic"
    r"|enable javascript and cookies|(bot|human) (check|verification)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b404\b|\b(page|site|file|article|document|url)\b[^.!?]{0,60}\b(not|\w+n.t) (be )?found"
    r"|page (does not|doesn.t|no longer) exist|^\s*not found\b"
    r"|seite (wurde )?nicht gefunden|page (non trouv|introuvable)|p\u00e1gina no encontrada",
    re.IGNORECASE,
)


def unusable(title: str, text: str) -> str | None:
    """Return why a page that came with a good status is none, or None.

    Example:
        >>> unusable("Just a moment...", "Verify you are human.")
        'its site shows a challenge for robots instead of it'
    """
    if len(text) > _SHORT:
        return None
    if _CHALLENGE.search(title) or _CHALLENGE.search(text):
        return "its site shows a challenge for robots instead of it"
    if _GONE.search(title) or _GONE.search(text):
        return "its site says that it was not found"
    return None
