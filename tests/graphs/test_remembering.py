"""What a run knew at each checkpoint."""

from pathlib import Path

import pytest

from quaestor.errors import SettingsError
from quaestor.researcher import Researcher
from tests.fakes import Shelf

TEXTS = {
    "Bridge": "The Ulvik bridge was designed by Tora Nygaard. It opened in 1932.",
    "Tora Nygaard": "Tora Nygaard was an engineer. Tora Nygaard was born in Lodbrok in 1889.",
}


async def test_memory_grows_along_the_checkpoints(tmp_path: Path) -> None:
    shelf = Shelf("papers", TEXTS)
    run = Researcher([shelf], home=tmp_path).start("Where was the designer of Ulvik bridge born?")
    report = await run
    moments = run.checkpoints()
    assert moments[0].after == ()
    assert moments[-1].next == ()
    assert [moment.after for moment in moments[1:]] == [moment.next for moment in moments[:-1]]
    order = [name for moment in moments for name in moment.after if not name.startswith("__")]
    assert order == ["begin", "plan", "public", "refine", "synthesize", "verify", "report"]

    known = [run.memory(moment.id) for moment in moments]
    assert (known[0].evidence, known[0].findings) == ((), ())
    sizes = [(len(one.findings), len(one.evidence)) for one in known]
    assert sizes == sorted(sizes)
    last = run.memory()
    assert last == known[-1]
    texts = {document.id: document.text for document in last.documents}
    assert all(span.text == texts[span.document][span.start : span.end] for span in last.evidence)
    cited = {one.document.id for one in report.cited}
    assert cited <= set(texts)


async def test_a_checkpoint_that_is_not_there(tmp_path: Path) -> None:
    run = Researcher([Shelf("papers", TEXTS)], home=tmp_path).start("Who designed Ulvik bridge?")
    await run
    with pytest.raises(SettingsError, match="has no checkpoint nowhere"):
        run.memory("nowhere")
