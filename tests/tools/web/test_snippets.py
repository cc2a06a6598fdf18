"""A snippet shows why a page was found, within its length."""

from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.web.snippets import MOST, snippet

FILLER = "Nothing of interest is said in this sentence at all. " * 20


def test_the_window_lies_where_most_words_of_the_query_stand() -> None:
    text = f"{FILLER}The tram is blue. {FILLER}The tram leaves the harbour at noon. {FILLER}"
    shown = snippet(text, "When does the tram leave the harbour?")
    assert "The tram leaves the harbour at noon." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert snippet("One\n\ntwo\tthree", "two") == "One two three"


def test_without_a_word_of_the_query_the_beginning_is_shown() -> None:
    assert snippet(f"Begin. {FILLER}", "zebra").startswith("Begin. Nothing")


@given(st.text(max_size=2000), st.text(max_size=60))
def test_a_snippet_is_short_and_made_of_the_text(text: str, query: str) -> None:
    shown = snippet(text, query)
    assert len(shown) <= MOST
    assert shown.removeprefix("… ").removesuffix(" …").strip() in " ".join(text.split())
