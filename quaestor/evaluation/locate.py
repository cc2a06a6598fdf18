"""From the uri a search or a report gives back to the id its document has in the dataset."""

from collections.abc import Callable

from quaestor.evaluation.dataset import Dataset

Locate = Callable[[str], str | None]
"""From a uri to a document's id; None where the uri is no document of the dataset."""


def locator(dataset: Dataset) -> Locate:
    """Return what finds a dataset's documents by `Document.uri` or `Hit.uri`.

    `corpus.jsonl#row=12` is the document of that line; any other uri is the document whose id is
    the file's name, with its ending or without, as in a corpus written out as files.
    """
    by_line = {str(entry.line): entry.id for entry in dataset.entries}
    ids = {entry.id for entry in dataset.entries}

    def locate(uri: str) -> str | None:
        _, mark, row = uri.rpartition("#row=")
        if mark:
            return by_line.get(row)
        name = uri.rpartition("/")[2]
        return next((known for known in (name, name.rpartition(".")[0]) if known in ids), None)

    return locate
