"""Rows of a JSONL file that people wrote: every complaint names the file and the line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast

from quaestor.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One JSON object and where it stands."""

    path: Path
    line: int
    """1-based, blank lines counted."""
    values: Mapping[str, object]

    def refuse(self, why: str) -> NoReturn:
        """Raise the settings error that names this row.

        Raises:
            SettingsError: Always.
        """
        raise SettingsError(f"{self.path}, line {self.line}: {why}")

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return the string under `key`; `default` where the key is missing or null.

        Raises:
            SettingsError: It is no string, or missing without a default.
        """
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            self.refuse(f"{key!r} must be a string, not {_shown(value)}")
        return value

    def name(self, key: str) -> str:
        """Return the string under `key`, which must not be blank.

        Raises:
            SettingsError: It is no string, or a blank one.
        """
        value = self.text(key)
        if not value.strip():
            self.refuse(f"{key!r} is blank")
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Return the strings under `key`, or None where the key is missing or null.

        Raises:
            SettingsError: It is no list of strings.
        """
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self.refuse(f"{key!r} must be a list of strings, not {_shown(value)}")
        found: list[str] = []
        for item in cast(list[object], value):
            if not isinstance(item, str):
                self.refuse(f"{key!r} must hold strings, not {_shown(item)}")
            found.append(item)
        return tuple(found)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSONL file in UTF-8, blank lines left out.

    Raises:
        SettingsError: The file cannot be read, or a line is no JSON object.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}): a dataset is a folder with "
            "corpus.jsonl and questions.jsonl"
        ) from error
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield _row(path, number, line)


def _row(path: Path, number: int, line: bytes) -> Row:
    nothing = Row(path=path, line=number, values={})
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        nothing.refuse(f"byte {error.start + 1} is not UTF-8; save the file in UTF-8")
    except (json.JSONDecodeError, RecursionError) as error:
        nothing.refuse(f"no JSON: {error}")
    if not isinstance(value, dict):
        nothing.refuse(f"must be a JSON object, not {_shown(value)}")
    return Row(path=path, line=number, values=cast(dict[str, object], value))


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
