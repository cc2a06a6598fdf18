"""Untrusted text shown as itself; markdown-it, a CommonMark parser, is the judge."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from quaestor.agents.markdown import address, cell, cited, plain, visible

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "[3]",
    "![x](https://evil.example/pixel.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "`code` and ``more``",
    "```",
    "~~~ fenced",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "===",
    "| a | b |",
    "*bold* __strong__ snake_case ~~gone~~",
    "&lt;b&gt; &#106;avascript AT&T",
    "\\[3\\] back\\slash",
    "[3]: https://evil.example",
    "a\n\n# b\n[4]: x",
]
TEXTS = st.one_of(
    st.text(alphabet=st.sampled_from("ab1.2 #*_`[]()<>!|\\~-+=&;:\n\"'"), max_size=30),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map(" ".join),
)


def rendered(markdown: str) -> str:
    """Return the text a reader sees; fails if there is anything but text."""
    tokens = PARSER.parse(markdown)
    assert [token.type for token in tokens] in (
        [],
        ["paragraph_open", "inline", "paragraph_close"],
    ), tokens
    shown = ""
    for token in tokens:
        for child in token.children or []:
            assert child.type in ("text", "text_special"), child
            shown += child.content
    return shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_renders_as_itself(text: str) -> None:
    assert rendered(plain(text)) == " ".join(text.split())


@given(TEXTS)
def test_a_parser_gives_back_what_was_escaped(text: str) -> None:
    assert rendered(plain(text)) == visible(text)


@given(TEXTS)
def test_escaped_text_holds_no_mark(text: str) -> None:
    assert not re.search(r"(?<!\\)\[\d+\]", plain(text).replace("\\\\", ""))


@given(TEXTS, TEXTS)
def test_cells_stay_in_their_table(one: str, other: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {cell(one)} | {cell(other)} |\n"
    tokens = PARSER.parse(table)
    assert [token.type for token in tokens].count("td_open") == 2
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    shown = ["".join(child.content for child in (inline.children or [])) for inline in cells]
    assert shown == [visible(one) or "–", visible(other) or "–"]


def test_what_is_not_seen_is_left_out() -> None:
    assert visible("a\u202eb\u200bc\x1b[31m\u2066d\ne") == "abc[31md e"
    assert visible("👩\u200d🔬") == "👩\u200d🔬"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        pytest.param("https://a.example/x?y=1", "<https://a.example/x?y=1>", id="a web address"),
        pytest.param("javascript:alert(1)", "javascript\\:alert(1)", id="another scheme is text"),
        pytest.param(
            "https://bank.example@a.example/x",
            "https://bank.example@a.example/x",
            id="an address with a user is text",
        ),
        pytest.param("https://a b", "https://a b", id="an address with a space is text"),
        pytest.param("notes/a_b.md", "notes/a_b.md", id="a path inside a collection"),
        pytest.param("/home/eva/notes/a.md", "a.md", id="an absolute path gives its name only"),
        pytest.param("file:///home/eva/a.md", "a.md", id="a file address gives its name only"),
        pytest.param("C:\\Users\\eva\\a.md", "a.md", id="a drive's path gives its name only"),
        pytest.param("~/a.md", "a.md", id="a home path gives its name only"),
    ],
)
def test_addresses(uri: str, expected: str) -> None:
    assert address(uri) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Iron rusts.", "Iron rusts [1].", id="before the full stop"),
        pytest.param("Does it?", "Does it [1]?", id="before a question mark"),
        pytest.param("Iron rusts", "Iron rusts [1].", id="a full stop is added"),
        pytest.param('He said "no."', 'He said "no." [1]', id="behind a quotation"),
        pytest.param("铁会生锈。", "铁会生锈 [1]。", id="before a full stop of another script"),
        pytest.param("A b. C d.", "A b. C d [1].", id="a short sentence needs no mark of its own"),
        pytest.param(
            "The plant in Ostrava made two hundred tonnes of it. It closed.",
            "The plant in Ostrava made two hundred tonnes of it [1]. It closed [1].",
            id="a long sentence has one of its own",
        ),
    ],
)
def test_where_marks_stand(text: str, expected: str) -> None:
    assert cited(text, "[1]") == expected


@given(st.lists(st.sampled_from(["Iron rusts.", "Copper does not!", "Why?"]), min_size=1))
def test_without_its_marks_a_statement_reads_as_before(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert cited(text, "[1][2]").replace(" [1][2]", "") == text
