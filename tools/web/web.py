"""What a person may say for the web: nothing yet but saved pages."""

from quaestor.errors import SettingsError
from quaestor.tools.web.snapshot import Snapshot

ALLOWED = "`off` or `snapshot:DIR`, a folder of saved pages with a pages.jsonl"
_SNAPSHOT = "snapshot:"


class Web(Snapshot):
    """The web as a source named `web`.

    Args:
        spec: `snapshot:DIR`.

    Raises:
        SettingsError: The spec names no web that there is, or the folder is not one.
    """

    def __init__(self, spec: str) -> None:
        folder = spec.removeprefix(_SNAPSHOT)
        if spec == folder or not folder.strip():
            raise SettingsError(f"web {spec!r}: this version takes {ALLOWED}")
        super().__init__(folder)
        self.spec = f"{_SNAPSHOT}{self.folder}"
        """The same web from any working directory: what a run keeps to be resumed."""


def web_of(spec: str) -> Web | None:
    """Return the web a setting names, None for `off`.

    Raises:
        SettingsError: It is neither `off` nor a snapshot that can be opened.
    """
    return None if spec == "off" else Web(spec)
