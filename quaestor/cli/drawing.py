"""`draw`: a run's execution and provenance as a picture."""

from pathlib import Path

from quaestor.archive import Archive
from quaestor.cli.output import check_output, emit
from quaestor.errors import SettingsError
from quaestor.memory.provenance import provenance
from quaestor.views.flow import readable
from quaestor.views.mermaid import mermaid
from quaestor.views.svg import svg

ENDINGS = (".mmd", ".svg")


def draw(name: str, *, home: Path, output: Path) -> None:
    """Write the picture of a run; what does not fit one picture is left to the citations.

    Raises:
        SettingsError: The file's ending is none of ENDINGS.
    """
    ending = output.suffix.lower()
    if ending not in ENDINGS:
        raise SettingsError(f"{output}: name a file that ends in {' or '.join(ENDINGS)}")
    check_output(output)
    archive = Archive(home)
    record = archive.record(archive.run(name).run_id)
    graph = readable(provenance(record))
    emit(svg(graph, title=record.question) if ending == ".svg" else mermaid(graph), output)
