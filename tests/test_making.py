"""Sources from settings: their names, what a mode leaves of them, and the way back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from quaestor import sample
from quaestor.errors import SettingsError
from quaestor.making import allowed, describe, from_description, make_sources
from quaestor.memory.text import canonical
from quaestor.settings import Settings
from quaestor.tools.excluding import Excluding
from quaestor.tools.local.corpus import Corpus
from quaestor.tools.sources import Source
from tests.fakes import Shelf

SAVED = f"snapshot:{sample.web()}"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make folders of a few names, two of them `notes`, and work beside them."""
    for name in ("notes", "old/notes", "older/notes", "plans", "a=b"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "one.md").write_text("# One\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(**given: Any) -> Settings:
    return Settings.model_validate({"web": "off"} | given)


def names(sources: Sequence[Source]) -> list[str]:
    return [source.name for source in sources]


@pytest.mark.parametrize(
    ("local", "made"),
    [
        pytest.param(["notes"], ["notes"], id="named after its folder"),
        pytest.param(["one.md"], ["one"], id="a file after itself without its ending"),
        pytest.param(["staff=notes"], ["staff"], id="named by the person"),
        pytest.param(["a=b"], ["a-b"], id="a folder that is there is no NAME=PATH"),
        pytest.param(
            ["notes", "old/notes", "plans", "older/notes"],
            ["notes", "notes-2", "plans", "notes-3"],
            id="of one name they are counted",
        ),
        pytest.param(
            ["notes-2=plans", "notes", "old/notes"],
            ["notes-2", "notes", "notes-3"],
            id="a number that is taken is passed over",
        ),
        pytest.param(["x=notes", "x=plans"], ["x", "x-2"], id="the person's own names too"),
    ],
)
def test_names_of_collections(folders: Path, local: list[str], made: list[str]) -> None:
    sources = make_sources(settings(local=local))
    assert names(sources) == made
    paths = [spec if spec == "a=b" else spec.rpartition("=")[2] for spec in local]
    roots = [source.root for source in sources if isinstance(source, Corpus)]
    assert roots == [folders / path for path in paths]


def test_local_is_private_and_public_is_not() -> None:
    sources = make_sources(settings(local=["notes"], public=["old/notes", "plans"], web=SAVED))
    assert [(one.name, one.origin.label, one.private, one.remote) for one in sources] == [
        ("notes", "local:notes", True, False),
        ("notes-2", "local:notes-2", False, False),
        ("plans", "local:plans", False, False),
        ("web", "web", False, sources[-1].remote),
    ]


def test_nothing_named_is_no_source() -> None:
    assert make_sources(settings()) == ()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param({"local": ["nowhere"]}, "no folder or file nowhere", id="no such folder"),
        pytest.param({"local": ["x=nowhere"]}, "no folder or file nowhere", id="nor under a name"),
        pytest.param({"web": "altavista"}, "altavista", id="no such web"),
        pytest.param({"web": "snapshot:nowhere"}, "nowhere", id="no saved pages there"),
    ],
)
def test_what_is_not_there_is_named(given: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        make_sources(settings(**given))


ALL: list[Source] = [
    Shelf("own", {}, kind="local", private=True),
    Shelf("published", {}, kind="local"),
    Shelf("far", {}, remote=True),
    Shelf("far and private", {}, remote=True, private=True),
    Shelf("web", {}, kind="web"),
]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        pytest.param({}, names(ALL), id="isolated leaves all of them"),
        pytest.param(
            {"privacy": "local-only"}, ["own", "published"], id="local-only asks nobody outside"
        ),
        pytest.param(
            {"privacy": "web-only"},
            ["far", "far and private", "web"],
            id="web-only reads nothing here",
        ),
        pytest.param({"ablate": ["web"]}, ["own", "published"], id="without the web"),
        pytest.param(
            {"ablate": ["local"]}, ["far", "far and private", "web"], id="without own documents"
        ),
        pytest.param({"ablate": ["refiner"]}, names(ALL), id="without what is no source"),
        pytest.param({"ablate": ["web", "local"]}, [], id="without either"),
    ],
)
def test_what_a_mode_leaves(given: dict[str, Any], left: list[str]) -> None:
    assert names(allowed(ALL, settings(**given))) == left


def test_sources_are_described_and_made_again(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings(
        local=["staff=notes", "one.md"],
        public=["plans"],
        web=SAVED,
        exclude_source=["https://a.example/", "plans/drafts"],
    )
    made = make_sources(given)
    described = describe(made)
    assert canonical(described)  # JSON-plain
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")  # resumed from another folder
    again = from_description(described)
    assert describe(again) == described
    assert [(one.name, one.origin, one.private, one.remote, one.generation) for one in again] == [
        (one.name, one.origin, one.private, one.remote, one.generation) for one in made
    ]
    web = again[-1]
    assert isinstance(web, Excluding)
    assert web.exclude == ("https://a.example/", "plans/drafts")


def test_the_web_without_exclusions_too() -> None:
    made = make_sources(settings(web=SAVED))
    assert describe(from_description(describe(made))) == describe(made)


def test_a_source_of_a_program_can_only_be_given_by_it() -> None:
    described = describe([Shelf("mine", {})])
    assert canonical(described)
    with pytest.raises(SettingsError, match=r"'mine' was given by a program; resume .* from there"):
        from_description(described)
