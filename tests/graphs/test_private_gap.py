"""A question that only a private fact in a web query could answer ends in a gap that says so."""

from pathlib import Path

from quaestor import sample
from quaestor.memory.text import canonical
from quaestor.researcher import Researcher
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import Source
from quaestor.tools.web import Web


async def test_the_fourth_question_of_the_demo(tmp_path: Path) -> None:
    sources: list[Source] = [Corpus.open(sample.documents()), Web(f"snapshot:{sample.web()}")]
    run = Researcher(sources, home=tmp_path).start(sample.questions()[3].question)
    report = await run
    assert report.status == "insufficient_evidence"
    [gap] = [gap for gap in report.gaps if gap.kind == "private"]
    assert "Corvane Belmont" in gap.why
    public = [one for one in run.record().findings if one.branch == "public"]
    assert public
    assert "Corvane" not in canonical([list(one.queries) for one in public])
