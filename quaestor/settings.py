"""Settings: arguments over `QUAESTOR_*` over `quaestor.toml` in the home.

An unknown key is an error, so that a misspelt one is never silently without effect; a variable
that is set to nothing counts as not given.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quaestor.errors import SettingsError

FILE_NAME = "quaestor.toml"
PREFIX = "QUAESTOR_"
PATHS = ("local", "public")
"""Lists that the environment gives as it gives PATH."""
WORDS = ("exclude_source", "allow_host", "ablate", "model")
"""Lists that it gives with spaces between: a URL holds what stands between paths."""

Privacy = Literal["isolated", "local-only", "web-only"]
Ablation = Literal["local", "web", "refiner", "reasoning"]
Depth = Literal["quick", "deep"]


class Settings(BaseModel):
    """What a run is made with, besides its question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    local: tuple[str, ...] = Field(
        default=(), description="private folders and files, PATH or NAME=PATH"
    )
    public: tuple[str, ...] = Field(
        default=(), description="folders and files that are not private"
    )
    web: str = Field(
        default="auto", description="`auto`, `ddg`, `searxng:URL`, `snapshot:DIR` or `off`"
    )
    privacy: Privacy = Field(default="isolated", description="what may be asked of whom")
    exclude_source: tuple[str, ...] = Field(default=(), description="URLs and paths never used")
    allow_host: tuple[str, ...] = Field(
        default=(), description="HOST:PORT that is asked though it is not of the public web"
    )
    model: tuple[str, ...] = Field(
        default=(), description="PROVIDER:NAME for every role, or ROLE=PROVIDER:NAME"
    )
    embeddings: str = Field(
        default="", description="PROVIDER:NAME that ranks evidence; words rank it where empty"
    )
    keep_local: bool = Field(
        default=False, description="refuse to send private documents off this machine"
    )
    depth: Depth = Field(default="deep", description="`quick`: one round and a paragraph")
    unverified: Literal["list", "mark"] = Field(
        default="list", description="what failed verification: apart in a list, or marked in place"
    )
    model_seconds: float = Field(
        default=180.0, gt=0, le=3600, description="of one model call, its attempts together"
    )
    model_concurrency: int | None = Field(
        default=None, ge=1, description="model calls at once; as many as there are workers"
    )
    context_tokens: int | None = Field(
        default=None, ge=2000, description="a model takes; as it says of itself"
    )
    context: Literal["full", "sliding", "resum", "fold", "report"] = Field(
        default="resum", description="what a searching model is shown of its earlier steps"
    )
    fresh: bool = Field(default=False, description="reuse no search or page of another run")
    ablate: tuple[Ablation, ...] = Field(
        default=(), description="parts switched off, to measure them"
    )
    instant_ratio: float = Field(default=0.3, ge=0, le=1, description="share of a tool result kept")
    global_ratio: float = Field(default=0.3, ge=0, le=1, description="share of the rest promoted")
    rounds: int = Field(default=3, ge=1, le=20, description="of a branch")
    tasks: int = Field(default=8, ge=1, le=64, description="new ones a round")
    steps: int = Field(default=8, ge=1, le=5000, description="tool calls of a searcher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Settings, and where each came from."""

    settings: Settings
    origins: Mapping[str, str]
    """By name: `argument`, the environment variable, the file, or `default`."""


def resolve(
    home: Path,
    arguments: Mapping[str, Any],
    *,
    environment: Mapping[str, str] | None = None,
) -> Resolved:
    """Put the settings together.

    Args:
        home: Where `quaestor.toml` may stand.
        arguments: Given by the caller; None and empty lists count as not given.
        environment: `os.environ` where it is None.

    Raises:
        SettingsError: A key is unknown or a value is not one; the message names both and where.
    """
    given = {key: value for key, value in arguments.items() if value not in (None, (), [])}
    layers = [
        (str(home / FILE_NAME), _file(home / FILE_NAME)),
        ("environment", _environment(os.environ if environment is None else environment)),
        ("argument", given),
    ]
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    for where, layer in layers:
        for key, value in layer.items():
            if key not in Settings.model_fields:
                known = ", ".join(sorted(Settings.model_fields))
                raise SettingsError(f"unknown setting {key!r} ({where}); known ones: {known}")
            values[key] = value
            origins[key] = f"{PREFIX}{key.upper()}" if where == "environment" else where
    try:
        return Resolved(settings=Settings(**values), origins=origins)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        raise SettingsError(
            f"setting {key} ({origins[key]}) cannot be {values[key]!r}: {first['msg']}"
        ) from error


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # whoever uses the home says what is wrong
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error


def _environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name == f"{PREFIX}HOME" or not value.strip():
            continue
        key = name.removeprefix(PREFIX).lower()
        if key in PATHS:
            found[key] = [path for path in value.split(os.pathsep) if path]
        else:
            found[key] = value.split() if key in WORDS else value
    return found
