"""Serves a search engine in SearXNG's form that throttles first, and three pages it then finds.

    python -m benchmarks.throttled_engine [--times N] [--after S] [--port PORT]

answers the first N searches with 429 and `Retry-After: S`, and prints the command that asks it a
question. Run that in another terminal to see what is shown at each moment.
"""

import argparse
from collections.abc import Mapping

from aiohttp import web

PAGES: Mapping[str, tuple[str, str]] = {
    "/lighthouse": (
        "The lighthouse of Aldwick",
        "The lighthouse of Aldwick was designed by Maren Holt. It was lit for the first time in"
        " 1911 and stands 42 metres tall.",
    ),
    "/harbour": (
        "The harbour of Aldwick",
        "The harbour of Aldwick was dug in 1890. Its lighthouse was designed by Maren Holt, who"
        " also drew the mole.",
    ),
    "/ferry": ("The Aldwick ferry", "The ferry of Aldwick crosses four times a day."),
}
QUESTION = "Who designed the lighthouse of Aldwick?"


def engine(*, times: int, after_s: int) -> web.Application:
    """Return an engine that throttles so many times."""
    asked = 0

    async def search(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        if asked <= times:
            return web.Response(status=429, headers={"Retry-After": str(after_s)})
        results = [
            {"url": f"http://{request.host}{path}", "title": title, "content": text[:80]}
            for path, (title, text) in PAGES.items()
        ]
        return web.json_response({"query": request.query.get("q", ""), "results": results})

    async def page(request: web.Request) -> web.Response:
        title, text = PAGES[request.path]
        body = f"<title>{title}</title><article><h1>{title}</h1><p>{text}</p></article>"
        return web.Response(text=body, content_type="text/html")

    application = web.Application()
    application.router.add_get("/search", search)
    for path in PAGES:
        application.router.add_get(path, page)
    return application


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--after", type=int, default=3, help="seconds")
    parser.add_argument("--port", type=int, default=8899)
    given = parser.parse_args()
    host = f"127.0.0.1:{given.port}"
    print(f"quaestor ask {QUESTION!r} --web searxng:http://{host} --allow-host {host}", flush=True)
    application = engine(times=given.times, after_s=given.after)
    web.run_app(application, host="127.0.0.1", port=given.port, print=lambda _: None)


if __name__ == "__main__":
    main()
