"""What every test stands on: no network but loopback, no settings of the developer's own."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Two shared cores make single examples slow for no fault of theirs; the profile that hypothesis
# loads by itself where CI is set says the same and is kept.
settings.register_profile("house", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("house")

LOOPBACK = ("localhost", "127.", "::1")
FOREIGN_SETTINGS = ("QUAESTOR_", "LANGSMITH_", "LANGCHAIN_", "OTEL_")


class NetworkBlockedError(RuntimeError):
    """A test tried to leave this machine.

    No OSError on purpose: code that takes a dead network for a source that is down would hide it.
    """


def _refuse_foreign(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name and not name.startswith(LOOPBACK):
        raise NetworkBlockedError(f"tests may not reach {name}; serve it on 127.0.0.1 instead")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Refuse connections and name look-ups that leave this machine."""

    def guarded(real: Any) -> Any:
        def call(self: socket.socket, *args: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_foreign(args[-1][0])  # `sendto` has the address last, as the others do
            return real(self, *args)

        return call

    real_getaddrinfo = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_foreign(host)
        return real_getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, guarded(getattr(socket.socket, method)))
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_foreign_settings() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Take out of the environment what would change a run, tracing above all."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [key for key in os.environ if key.startswith(FOREIGN_SETTINGS)]:
            patch.delenv(name)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder for a run's home that no other test sees; not made yet."""
    return tmp_path / "home"
