"""The guards of this test suite hold: what they refuse, and what they let through."""

import asyncio
import os
import socket

import pytest


def test_a_connection_to_another_machine_is_refused() -> None:
    with (
        socket.socket() as plain,
        pytest.raises(RuntimeError, match=r"tests may not reach 192\.0\.2\.1"),
    ):
        plain.connect(("192.0.2.1", 80))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as plain,
        pytest.raises(RuntimeError, match="tests may not reach"),
    ):
        plain.sendto(b"x", ("192.0.2.1", 53))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"tests may not reach example\.org"):
        socket.getaddrinfo("example.org", 80)


async def test_asyncio_cannot_leave_either() -> None:
    with pytest.raises(RuntimeError, match=r"tests may not reach 192\.0\.2\.1"):
        await asyncio.open_connection("192.0.2.1", 80)


async def test_loopback_stays_open() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b"hello"
        writer.close()


def test_no_tracing_is_set() -> None:
    assert not [name for name in os.environ if name.startswith(("LANGSMITH_", "LANGCHAIN_"))]
