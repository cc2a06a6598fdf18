"""What the pages of docs/ show is there and works; their examples are run."""

import contextlib
import doctest
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from quaestor import Researcher
from quaestor.cli.commands import app
from quaestor.errors import SourceDownError
from quaestor.evaluation.citations import CitationFigures, SupportFigures
from quaestor.making import make_sources
from quaestor.memory.fallbacks import REASONS
from quaestor.memory.report import Verdict
from quaestor.settings import Settings
from quaestor.tools.local.kinds import kind_of
from quaestor.tools.local.parsing.parsers import MEDIA_TYPES
from quaestor.tools.models.crew import ROLES
from quaestor.tools.models.providers import PROVIDERS
from quaestor.tools.sources import Source
from quaestor.tools.web.fetcher import Fetcher
from quaestor.tools.web.guard import Guard
from quaestor.tools.web.live import LiveWeb
from quaestor.tools.web.providers import WebSearch
from tests.tools.web.servers import answer, serving

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
FRONT = [DOCS.parent / "README.md", DOCS.parent / "CHANGELOG.md"]
SOURCES = "documents_and_the_web"
MODELS = "models"
PLAIN = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
_BLOCK = re.compile(r"^```(python|pycon)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHOWING = [page for page in PAGES if _BLOCK.search(page.read_text("utf-8"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def run(page: Path) -> dict[str, Any]:
    """Run a page's examples from the top, in one namespace; return it."""
    names: dict[str, Any] = {"__name__": page.stem}
    for number, (kind, code) in enumerate(_BLOCK.findall(page.read_text("utf-8")), start=1):
        where = f"{page.name}, example {number}"
        if kind == "python":
            exec(compile(code, where, "exec"), names)
            continue
        # DocTestParser copies the namespace it is given; the examples to come need these names.
        example = doctest.DocTestParser().get_doctest(code, {}, where, str(page), 0)
        example.globs = names
        result = doctest.DocTestRunner().run(example, clear_globs=False)
        assert result.attempted > 0, f"{where} holds no prompt"
        assert result.failed == 0, f"{where} prints something else"
    return names


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, Any]]:
    """Return what runs a page's examples, once however often it is called."""

    @cache
    def once(page: Path) -> dict[str, Any]:
        with contextlib.chdir(tmp_path_factory.mktemp("reader")):
            return run(page)

    return once


@pytest.fixture
def shown(read: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """Return the names that the page on sources makes."""
    return read(DOCS / f"{SOURCES}.md")


@pytest.mark.parametrize("page", _SHOWING, ids=lambda page: page.stem)
def test_the_examples_of_a_page_print_what_they_say(
    page: Path, read: Callable[[Path], dict[str, Any]]
) -> None:
    assert read(page)


@pytest.mark.parametrize("page", [*PAGES, *FRONT], ids=lambda page: page.stem)
def test_a_page_links_to_files_that_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link.partition("#")[0] for link in _LINK.findall(text) if "://" not in link]
    missing = [link for link in links if link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_flags_a_page_names_exist(page: Path) -> None:
    commands = (["ask"], ["eval", "citations"])
    helped = [CliRunner(env=PLAIN).invoke(app, [*one, "--help"]).output for one in commands]
    named = set(re.findall(r"`(--[a-z][a-z-]+)", page.read_text("utf-8")))
    known = set(re.findall(r"--[a-z][a-z-]+", "".join(helped)))
    assert named - known == set()


def rows_of(page: str, heading: str) -> dict[str, list[str]]:
    """Return the rows of the first table below a heading, by their first cell."""
    text = (DOCS / f"{page}.md").read_text("utf-8").partition(f"## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    cells = [line.strip("|").split("|") for line in lines[0].splitlines()[2:]] if lines else []
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in cells}


def test_the_settings_of_the_page_on_models_have_the_defaults_it_says() -> None:
    said = {name.strip("`"): row[0].strip("`") for name, row in rows_of(MODELS, "Settings").items()}
    assert {"model", "keep_local", "depth", "context", "steps"} <= set(said)
    for name, default in said.items():
        value = getattr(Settings(), name)
        empty = value in (None, "", ())
        assert default == (
            "none" if empty else f"{value:g}" if value == 180 else str(value).lower()
        )


def test_the_page_on_models_says_of_every_reason_what_helps() -> None:
    said = " ".join(rows_of(MODELS, "When a model is weak, or away"))
    assert set(re.findall(r"`(\w+)`", said)) == set(REASONS)


def test_the_page_on_models_names_every_role_and_verdict() -> None:
    roles = [name.strip("`") for name in rows_of(MODELS, "One model a role")]
    verdicts = [name.strip("`") for name in rows_of(MODELS, "Reading the verification")]
    assert roles == list(ROLES)
    assert verdicts == list(get_args(Verdict))


def test_the_page_on_models_names_the_extras_keys_and_addresses_that_there_are() -> None:
    for name, (extra, key, address) in rows_of(MODELS, "Naming one").items():
        known = PROVIDERS[name.strip("`").removesuffix(":NAME")]
        assert extra == f"`quaestor[{known.extra}]`"
        assert key == (f"`{known.keys[0]}`" if known.keys else "none")
        assert address == (f"`{known.address}`" if known.address else "")
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    assert {one.extra for one in PROVIDERS.values()} < set(project["optional-dependencies"])


def test_the_page_on_evaluation_defines_every_figure_of_citations() -> None:
    defined = {name.strip("`") for name in rows_of("evaluation", "Citations")}
    figures = set(CitationFigures.__annotations__) - {"dataset", "split", "questions", "supports"}
    assert defined == figures | {f"supports.{one}" for one in SupportFigures.__annotations__}


def file_types() -> list[str]:
    """Return the suffixes of the page's table of files."""
    text = (DOCS / f"{SOURCES}.md").read_text("utf-8")
    table = text.partition("## Which files are read")[2].partition("\n\nPDF")[0]
    return re.findall(r"`(\.[a-z]+)`", table)


def test_the_file_types_a_page_names_are_read_and_none_that_is_parsed_is_left_out() -> None:
    kinds = {suffix: kind_of(f"file{suffix}") for suffix in file_types()}
    assert [suffix for suffix, kind in kinds.items() if kind is None] == []
    assert set(MEDIA_TYPES) <= set(kinds.values())
    assert {"markdown", "plain", "rst", "html", "csv", "json", "jsonl", "code"} <= set(
        kinds.values()
    )


@pytest.mark.parametrize("suffix", [".doc", ".xls", ".ppt", ".png"])
def test_the_file_types_a_page_calls_unread_are_not_read(suffix: str) -> None:
    assert kind_of(f"file{suffix}") is None


@pytest.mark.parametrize("spec", ["auto", "ddg", "searxng:https://search.example.org", "off"])
def test_the_webs_a_page_names_can_be_made(spec: str) -> None:
    text = (DOCS / f"{SOURCES}.md").read_text("utf-8")
    assert f"`--web {spec.partition(':')[0]}" in text
    assert len(make_sources(Settings(web=spec))) == (spec != "off")


def test_what_the_page_adds_is_what_it_is_called(shown: dict[str, Any]) -> None:
    assert isinstance(shown["Rota"](), Source)
    assert isinstance(shown["Wrapped"](None), WebSearch)


class Tool:
    """A search tool with one answer, which may be a failure."""

    def __init__(self, answered: list[dict[str, str]] | Exception) -> None:
        self.answered = answered
        self.asked: list[str] = []

    def invoke(self, query: str) -> list[dict[str, str]]:
        self.asked.append(query)
        if isinstance(self.answered, Exception):
            raise self.answered
        return self.answered


async def test_a_wrapped_tool_leads_to_a_page_and_its_text_into_a_report(
    shown: dict[str, Any], tmp_path: Path
) -> None:
    page = "<title>Tides</title><p>The tide at Norvik is measured by Ingrid Solheim.</p>"
    async with serving({"/tides": answer(page)}) as server:
        tool = Tool([{"link": server.url("/tides"), "title": "Tides", "snippet": "none"}])
        web = LiveWeb(shown["Wrapped"](tool), fetcher=Fetcher(Guard([server.host])), interval_s=0)
        researcher = Researcher(sources=[web], home=tmp_path / "home")
        report = await researcher.start("Who measures the tide at Norvik?")
    assert report.answer == "Ingrid Solheim"
    assert report.cited[0].document.uri == server.url("/tides")
    assert tool.asked[0] == "Who measures the tide at Norvik?"


async def test_a_wrapped_tool_that_fails_is_a_gap_that_names_it(
    shown: dict[str, Any], tmp_path: Path
) -> None:
    web = LiveWeb(shown["Wrapped"](Tool(ValueError("no key"))), interval_s=0)
    with pytest.raises(SourceDownError, match=r"wrapped: it failed \(no key\)"):
        await web.search("tides", limit=5)
    report = await Researcher(sources=[web], home=tmp_path / "home").start("Who measures tides?")
    assert report.status == "insufficient_evidence"
    assert any("it failed (no key)" in gap.why for gap in report.gaps)
