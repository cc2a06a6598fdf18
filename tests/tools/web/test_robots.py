"""robots.txt: the examples of RFC 9309, and files as sites write them."""

import time

import pytest
from yarl import URL

from quaestor.tools.web.robots import Robots, Rule, parse_robots

# RFC 9309, 5.1
SIMPLE = """
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""
# RFC 9309, 5.2
LONGEST = """
User-Agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
"""


def allows(text: str, path: str, product: str) -> bool:
    return parse_robots(text, product=product).allows(
        URL(f"https://example.org{path}", encoded=True)
    )


@pytest.mark.parametrize(
    ("product", "path", "allowed"),
    [
        ("anybot", "/publications/x", True),
        ("anybot", "/example/page.html", False),
        ("anybot", "/a/picture.gif", False),
        ("anybot", "/a/picture.gif?x", True),
        ("foobot", "/", False),
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/allowed.gif", True),
        ("barbot", "/example/page.html", False),
        ("barbot", "/example/other.html", True),
        ("bazbot", "/example/page.html", False),
        ("quxbot", "/example/", True),
    ],
)
def test_the_example_of_the_standard(product: str, path: str, allowed: bool) -> None:
    assert allows(SIMPLE, path, product) == allowed


def test_the_longest_rule_decides() -> None:
    assert not allows(LONGEST, "/example/page/disallowed.gif", "foobot")
    assert allows(LONGEST, "/example/page/other.gif", "foobot")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="an empty file"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="an empty rule"),
        pytest.param("<html>not found</html>", "/a", True, id="a page instead of a file"),
        pytest.param("Disallow: /", "/a", True, id="a rule of no group"),
        pytest.param("\ufeffUSER-AGENT : *\r\ndisallow : /a # why\r\n", "/a", False,
                     id="other case, blanks, a comment, a mark"),
        pytest.param("User-agent: *\rDisallow: /a", "/a", False, id="old line ends"),
        pytest.param("User-agent: Quaestor/1.0\nDisallow: /", "/a", False, id="our name"),
        pytest.param("User-agent: quaestorbot\nDisallow: /", "/a", True, id="a longer name"),
        pytest.param("User-agent: *\nDisallow: /\nUser-agent: quaestor\nAllow: /", "/a", True,
                     id="our group counts alone"),
        pytest.param("User-agent: quaestor\nDisallow: /a\nUser-agent: x\nDisallow: /\n"
                     "User-agent: quaestor\nDisallow: /b", "/b", False, id="two groups of ours"),
        pytest.param("User-agent: *\nSitemap: /s\nDisallow: /a", "/a", False, id="other lines"),
        pytest.param("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True, id="a tie allows"),
        pytest.param("User-agent: *\nDisallow: /\u00fc", "/%C3%BC", False, id="other letters"),
        pytest.param("User-agent: *\nDisallow: /%c3%bc", "/%C3%BC", False, id="lower-case escapes"),
        pytest.param("User-agent: *\nDisallow: /%61", "/a", False, id="an escaped letter"),
        pytest.param("User-agent: *\nDisallow: /a%2Fb", "/a/b", True, id="an escaped slash"),
        pytest.param("User-agent: *\nDisallow: /*?", "/a?b=c", False, id="a query"),
        pytest.param("User-agent: *\nDisallow: /*/c$", "/a/b/c", False, id="a star and an end"),
        pytest.param("User-agent: *\nDisallow: /*/c$", "/a/b/cd", True, id="not at the end"),
        pytest.param("User-agent: *\nDisallow: /a$", "/ab", True, id="an end without a star"),
        pytest.param("User-agent: *\nDisallow: /a*a$", "/a", True, id="a star does not overlap"),
        pytest.param("User-agent: *\nDisallow: b", "/b", True, id="a rule without a slash"),
    ],
)  # fmt: skip
def test_files(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path, "quaestor") == allowed


def test_a_rule_of_many_stars_is_matched_in_no_time() -> None:
    rule = Rule(pattern="/" + "*a" * 5_000 + "b$", allow=False)
    began = time.perf_counter()
    assert Robots(rules=(rule,)).allows(URL("https://example.org/" + "a" * 2_000))
    assert time.perf_counter() - began < 5  # a backtracking matcher needs longer than the universe
