"""From the uri a search or a report gives back to the id its document has in the dataset."""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from quaestor.evaluation.dataset import Dataset

Locate = Callable[[str], str | None]
"""From a uri to a document's id; None where the uri is no document of the dataset."""


def locator(dataset: Dataset) -> Locate:
    """Return what finds a dataset's documents by uri.

    `corpus.jsonl#row=12` is the document of that line; any other uri is the document whose id is
    the file's name without its ending, as in a corpus written out as files.
    """
    by_line = {str(entry.line): entry.id for entry in dataset.entries}
    ids = {entry.id for entry in dataset.entries}

    def locate(uri: str) -> str | None:
        parts = urlsplit(uri)
        if parts.fragment.startswith("row="):
            return by_line.get(parts.fragment.removeprefix("row="))
        name = unquote(parts.path).rpartition("/")[2]
        stem = name.rpartition(".")[0]
        return next((known for known in (name, stem) if known in ids), None)

    return locate
