"""What is written is whole, what is shown steers nothing."""

import json
from pathlib import Path

import pytest

from quaestor.cli.output import check_output, emit, in_home, json_text, table
from quaestor.errors import SettingsError


def test_columns_are_aligned_and_cells_are_one_line() -> None:
    shown = table(["run", "question"], [["a1", "two\nlines"], ["b22222", "red \x1b[31m"]])
    assert shown == "run     question\na1      two lines\nb22222  red [31m\n"


def test_json_holds_no_control_character_and_reads_back_the_same() -> None:
    value = {"text": "é 漢 \x9b31m \x1b \x7f"}
    shown = json_text(value)
    assert json.loads(shown) == value
    assert "é 漢" in shown
    assert not any(char < " " or "\x7f" <= char < "\xa0" for char in shown.replace("\n", ""))


def test_a_file_is_replaced_and_a_link_to_it_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old", encoding="utf-8")
    link = tmp_path / "link.md"
    link.symlink_to("real.md")
    emit("new\r\nline\n", link)
    assert link.is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new\r\nline\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.md", "real.md"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.md"
    target.write_text("old", encoding="utf-8")

    def full(self: Path, data: str, **_how: str) -> int:
        self.write_bytes(data[:1].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SettingsError, match="No space left"):
        emit("new", target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


@pytest.mark.parametrize("name", [".", "no/such/folder/x.md"])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="-o"):
        check_output(tmp_path / name)


def test_a_device_is_never_replaced() -> None:
    with pytest.raises(SettingsError, match="no regular file"):
        check_output(Path("/dev/null"))


def test_a_command_names_the_home_unless_it_is_the_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert in_home("quaestor runs", Path(".quaestor")) == "quaestor runs"
    assert in_home("quaestor runs", Path("my home")) == "quaestor runs --home 'my home'"
    monkeypatch.setenv("QUAESTOR_HOME", "my home")
    assert in_home("quaestor runs", Path("my home")) == "quaestor runs"
