"""Where a redirect leads: a URL from outside like any other."""

import re

from yarl import URL

from quaestor.errors import RefusedError
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.urls import Target, check_characters, shown

STATUSES = (301, 302, 303, 307, 308)
MOST = 5
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:", re.ASCII)


def redirected(guard: Guard, target: Target, location: str) -> Target:
    """Return where a Location header leads from a target.

    Raises:
        RefusedError: Nowhere, or to where nothing may be fetched.
    """
    check_characters(location)
    if _ABSOLUTE.match(location):
        return guard.check(location)
    if not location:
        raise RefusedError(str(target.url), "it redirects to nowhere")
    try:
        joined = str(target.url.join(URL(location)))
    except ValueError:
        raise RefusedError(shown(location), "it redirects to nowhere") from None
    return guard.check(joined)
