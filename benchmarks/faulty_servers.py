"""Web servers that misbehave, each in its own way, and what a fetch of each must end as.

    python -m benchmarks.faulty_servers [NAME...]

serves behaviours on loopback until it is ended: a line of JSON with the port of each, then a line
`[name, path]` for each request when it is received. They run in a process of their own, because
some of them do nothing but send.
"""

import asyncio
import contextlib
import gzip
import json
import sys
import zlib

from benchmarks.misbehaving import (
    ARTICLE,
    BEHAVIOURS,
    RESET,
    Site,
    Write,
    always,
    behaviour,
    response,
)

__all__ = ["BEHAVIOURS"]

MEBIBYTE = 1024 * 1024
OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
TURNS = "tide turns"
NO_HTTP = "no valid HTTP"

# Pages that come as they should, whatever stands around them.
always("good", response(200), "page", TURNS)
always("chunked", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
       + b"%x\r\n%s\r\n0\r\n\r\n" % (len(ARTICLE), ARTICLE), "page", TURNS)  # fmt: skip
always("until_the_end", OK_HEAD + b"\r\n" + ARTICLE, "page", TURNS)
always("cl_too_short", response(200, ARTICLE + b"<p>a tail</p>", Content_Length=str(len(ARTICLE))),
       "page", TURNS)  # fmt: skip
always("early_hints", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + response(200),
       "page", TURNS)  # fmt: skip
always("set_alt_svc", response(200, Alt_Svc='h2="127.0.0.1:1"; ma=9'), "page", TURNS, 1)
always("refresh", response(200, Refresh="0; url=http://127.0.0.1/"), "page", TURNS, 1)
always("charset_unknown", response(200, Content_Type="text/html; charset=foo"), "page", TURNS)
always("no_type", response(200, Content_Type=""), "page", TURNS)
always("gzip", response(200, gzip.compress(ARTICLE), Content_Encoding="gzip"), "page", TURNS)
always("gzip_members", response(200, gzip.compress(ARTICLE[:40]) + gzip.compress(ARTICLE[40:]),
       Content_Encoding="gzip"), "page", TURNS)  # fmt: skip
always("deflate", response(200, zlib.compress(ARTICLE), Content_Encoding="deflate"), "page", TURNS)
always("deflate_bare", response(200, zlib.compress(ARTICLE, wbits=-15), Content_Encoding="deflate"),
       "page", TURNS)  # fmt: skip
always("two_answers", response(200) + response(200, b"<p>smuggled</p>"), "page", TURNS, 1)

# Answers that are none.
always("nothing", b"", "down", "broke off", 2)
always("http09", ARTICLE, "refused", NO_HTTP)
always("h2_only", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18), "refused", NO_HTTP)
always("noise", bytes(range(256)) * 8, "refused", NO_HTTP)
always("huge_header", OK_HEAD + b"X-Long: " + b"a" * MEBIBYTE + b"\r\n\r\n" + ARTICLE,
       "refused", NO_HTTP)  # fmt: skip
always("huge_status_line", b"HTTP/1.1 200 " + b"a" * MEBIBYTE + b"\r\n\r\n", "refused", NO_HTTP)
always("many_headers", OK_HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(100_000)) + b"\r\n",
       "refused", NO_HTTP)  # fmt: skip
always("header_with_nul", OK_HEAD + b"X: a\x00b\r\n\r\n" + ARTICLE, "refused", NO_HTTP)
always("bad_length", OK_HEAD + b"Content-Length: -5\r\n\r\n" + ARTICLE, "refused", NO_HTTP)
always("two_lengths", OK_HEAD + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\n" + ARTICLE,
       "refused", NO_HTTP)  # fmt: skip
always("cl_and_te", OK_HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "refused")  # fmt: skip
always("cl_too_long", response(200, Content_Length="5000"), "down", "broke off", 1)
always("chunk_size_bad", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n", "refused")
always("chunk_size_huge", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nab",
       "refused")  # fmt: skip
always("chunk_first_then_bad", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
       + b"4\r\ntide\r\n-1\r\nab", "refused", NO_HTTP)  # fmt: skip
always("chunk_cut", OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nab", "down", "broke off", 1)
always("gzip_lies", response(200, ARTICLE, Content_Encoding="gzip"), "refused", "not compressed")
always("gzip_cut", response(200, gzip.compress(ARTICLE)[:-20], Content_Encoding="gzip"),
       "down", "broke off", 1)  # fmt: skip
always("encoding_unknown", response(200, Content_Encoding="x"), "refused", "compressed as 'x'")
always("encoding_br", response(200, Content_Encoding="br"), "refused", "compressed as 'br'")
always("encoding_twice", response(200, Content_Encoding="gzip, gzip"), "refused", "compressed as")

# Statuses.
always("bad_status", b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", "refused", "999", 1)
for _status in (204, 206, 300, 304, 400, 401, 403, 404, 405, 410, 418, 451):
    always(f"status_{_status}", response(_status, ""), "refused", str(_status), 1)
always("status_500", response(500, ""), "down", "500", 1)
always("status_503", response(503, ""), "down", "503", 2)
always("retry_after_huge", response(429, "", Retry_After="99999999"), "down", "99,999,999 s", 1)
always("retry_after_date_far", response(503, "", Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"),
       "down", "asks to wait", 1)  # fmt: skip
always("retry_after_bad", response(429, "", Retry_After="-7"), "down", "429", 2)

# Types.
for _type in ("application/octet-stream", "image/png", "video/mp4", "application/zip", "x"):
    always(f"type_{_type}", response(200, b"MZ\x90\x00" * 99, Content_Type=_type), "refused")
always("type_lies", response(200, b"\x89PNG\r\n\x1a\n" + bytes(900)), "refused", "an image")
always("type_zip_as_text", response(200, b"PK\x03\x04" + bytes(90), Content_Type="text/plain"),
       "refused", "ZIP")  # fmt: skip
always("type_no_pdf", response(200, Content_Type="application/pdf"), "refused", "is none")
always("too_large", OK_HEAD + b"Content-Length: 999999999999\r\n\r\n", "refused", "larger", 1)

# Redirects.
always("redirect_loop", response(302, "", Location="/page"), "refused", "circle", 1)
always("redirect_private", response(302, "", Location="http://10.0.0.1/"), "refused", "10.0.0.1")
always("redirect_file", response(302, "", Location="file:///etc/passwd"), "refused", "only whole")
always("redirect_nowhere", response(302, ""), "refused", "nowhere")
always("redirect_back", response(302, "", Location="\\\\127.0.0.1\\"), "refused", "backslash")


@behaviour("refused", "redirects", requests=6)
async def redirect_chain(_site: Site, path: str, write: Write) -> None:
    """Lead on and on."""
    await write(response(302, "", Location=f"{path}x"))


@behaviour("page", TURNS, requests=6)
async def redirect_five(_site: Site, path: str, write: Write) -> None:
    """Lead on five times, then answer."""
    await write(response(200) if path.endswith("xxxxx") else response(302, "", Location=f"{path}x"))


@behaviour("page", TURNS, requests=2)
async def redirect_with_cookie(site: Site, path: str, write: Write) -> None:
    """Set a cookie, redirect, and see whether it comes back."""
    first = response(302, "", Location="/next", Set_Cookie="session=secret; Path=/")
    told = any(name in site.head for name in ("Cookie:", "Authorization:", "Referer:"))
    await write(first if path == "/page" else response(500 if told else 200))


@behaviour("page", TURNS, requests=2)
async def busy_once(site: Site, _path: str, write: Write) -> None:
    """Ask for a second's pause, then answer."""
    await write(response(429, "", Retry_After="1") if site.requests == 1 else response(200))


@behaviour("page", TURNS, requests=2)
async def broken_once(site: Site, _path: str, write: Write) -> None:
    """Break off once, then answer."""
    await write(b"HTTP/1.1 200 OK\r\nContent-Le" if site.requests == 1 else response(200))


@behaviour("down", "no whole answer", requests=1)
async def silence(_site: Site, _path: str, _write: Write) -> None:
    """Take the request and say nothing."""
    await asyncio.sleep(3600)


@behaviour("refused", "video/mp4", requests=1)
async def type_before_body(_site: Site, _path: str, write: Write) -> None:
    """Say what comes, and let nothing come."""
    await write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n")
    await asyncio.sleep(3600)


@behaviour("down", "no whole answer", requests=1)
async def slow_headers(_site: Site, _path: str, write: Write) -> None:
    """Send headers byte by byte, fast enough for a limit on each read."""
    for byte in response(200):
        await write(bytes([byte]))
        await asyncio.sleep(0.2)


@behaviour("down", "no whole answer", requests=1)
async def slow_body(_site: Site, _path: str, write: Write) -> None:
    """Send a body byte by byte."""
    await write(OK_HEAD + b"\r\n")
    while True:
        await write(b"a")
        await asyncio.sleep(0.2)


@behaviour("down", "no whole answer", requests=1)
async def endless_hints(_site: Site, _path: str, write: Write) -> None:
    """Announce an answer for ever."""
    while True:
        await write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await asyncio.sleep(0.01)


@behaviour("refused", "larger", requests=1)
async def endless_body(_site: Site, _path: str, write: Write) -> None:
    """Send text without end, fast."""
    await write(OK_HEAD + b"\r\n<p>")
    while True:
        await write(b"tide " * 20_000)


@behaviour("refused", "larger", requests=1)
async def endless_chunks(_site: Site, _path: str, write: Write) -> None:
    """Send chunks without end, fast."""
    await write(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        await write(b"186a0\r\n" + b"tide " * 20_000 + b"\r\n")


@behaviour("refused", NO_HTTP, requests=1)
async def endless_header(_site: Site, _path: str, write: Write) -> None:
    """Send one header without end."""
    await write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        await write(b"a" * 50_000)


@behaviour("refused", NO_HTTP, requests=1)
async def endless_trailers(_site: Site, _path: str, write: Write) -> None:
    """End the body and go on with trailers."""
    await write(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    for number in range(1_000_000):
        await write(b"X-%d: %s\r\n" % (number, b"a" * 5_000))


@behaviour("refused", "more bytes", requests=1)
async def chunk_ext_huge(_site: Site, _path: str, write: Write) -> None:
    """Hang a mebibyte on a chunk's size, again and again."""
    await write(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        await write(b"4;a=" + b"b" * MEBIBYTE + b"\r\ntide\r\n")


@behaviour("refused", "larger", requests=1)
async def gzip_bomb(_site: Site, _path: str, write: Write) -> None:
    """Send gzip that unpacks a thousandfold, ten gigabytes of it."""
    packer = zlib.compressobj(9, wbits=31)
    await write(OK_HEAD + b"Content-Encoding: gzip\r\n\r\n" + packer.compress(b"<p>"))
    for _ in range(10_000):
        await write(packer.compress(b"a" * MEBIBYTE))


@behaviour("refused", "larger", requests=1)
async def gzip_bomb_of_members(_site: Site, _path: str, write: Write) -> None:
    """Send many small gzip files in a row, each a bomb."""
    await write(OK_HEAD + b"Content-Encoding: gzip\r\n\r\n")
    member = gzip.compress(b"a" * MEBIBYTE, 9)
    for _ in range(10_000):
        await write(member)


@behaviour("down", "broke off", requests=1)
async def reset_in_the_body(_site: Site, _path: str, write: Write) -> None:
    """Reset the connection half way."""
    await write(response(200, Content_Length="5000"))
    await write(RESET)


@behaviour("refused", "robots.txt", requests=0, robots=True)
async def robots_500(_site: Site, path: str, write: Write) -> None:
    """Fail when asked for robots.txt."""
    await write(response(500 if path == "/robots.txt" else 200))


@behaviour("refused", "asks not to", requests=0, robots=True)
async def robots_disallow(_site: Site, path: str, write: Write) -> None:
    """Ask robots to stay away."""
    rules = "User-agent: *\nDisallow: /\n"
    await write(response(200, rules if path == "/robots.txt" else ARTICLE))


@behaviour("refused", "robots.txt", requests=0, robots=True)
async def robots_redirect_private(_site: Site, path: str, write: Write) -> None:
    """Redirect robots.txt to a private address."""
    away = response(302, "", Location="http://192.168.0.1/robots.txt")
    await write(away if path == "/robots.txt" else response(200))


@behaviour("down", "robots.txt", requests=0, robots=True)
async def robots_silence(_site: Site, path: str, write: Write) -> None:
    """Never answer for robots.txt."""
    await asyncio.sleep(3600 if path == "/robots.txt" else 0)
    await write(response(200))


@behaviour("page", TURNS, robots=True)
async def robots_endless(_site: Site, path: str, write: Write) -> None:
    """Send a robots.txt without end; what was read of it counts."""
    if path != "/robots.txt":
        await write(response(200))
        return
    await write(OK_HEAD + b"\r\nUser-agent: *\nDisallow: /private\n")
    while True:
        await write(b"# nothing\n" * 5_000)


async def serve_all(names: list[str]) -> None:
    """Serve behaviours, each on a port of its own, until this process is ended."""
    sites = [Site(name) for name in names]
    for site in sites:
        await site.open()
    print(json.dumps({site.name: site.port for site in sites}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_all(sys.argv[1:] or list(BEHAVIOURS)))
