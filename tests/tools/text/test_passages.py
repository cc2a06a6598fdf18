"""Passages cover a text once, respect its grain, and are of a size that search likes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.memory.documents import Location
from quaestor.tools.text.passages import MOST_TOKENS, passages
from quaestor.tools.text.sentences import sentences

SENTENCE = "The harbour office counts every ship that enters before noon. "  # 11 tokens
TEXT = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            [
                "# Head\n",
                "Head\n====\n",
                "A sentence. ",
                "\n\n",
                "\r\n",
                "- item\n",
                "word ",
                "海",
                "x" * 70,
            ]
        ),
        max_size=600,
    ).map("".join),
)


def pieces(text: str, locations: tuple[Location, ...] = (), *, code: bool = False) -> list[str]:
    return [text[start:end] for start, end in passages(text, locations, code=code)]


def rows_of(text: str) -> tuple[Location, ...]:
    found: list[Location] = []
    for number, match in enumerate(re.finditer(r"[^\n]+", text), start=1):
        found.append(Location(kind="row", number=number, start=match.start(), end=match.end()))
    return tuple(found)


@given(TEXT, st.booleans(), st.booleans())
def test_every_character_that_is_not_blank_is_in_exactly_one_passage(
    text: str, as_rows: bool, code: bool
) -> None:
    spans = passages(text, rows_of(text) if as_rows else (), code=code)
    covered = [0] * len(text)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        for at in range(start, end):
            covered[at] += 1
    assert spans == sorted(spans)
    assert all(count <= 1 for count in covered)
    assert all(covered[at] == 1 for at, ch in enumerate(text) if not ch.isspace())


@given(TEXT)
def test_a_passage_ends_where_a_sentence_does_unless_that_sentence_is_too_long(text: str) -> None:
    ends = {end for _, end in sentences(text)}
    long = [(s, e) for s, e in sentences(text) if len(text[s:e]) > MOST_TOKENS]
    for _, end in passages(text):
        assert end in ends or any(start < end < stop for start, stop in long)


@given(st.integers(min_value=0, max_value=400))
def test_prose_comes_in_passages_of_about_two_hundred_words(count: int) -> None:
    text = SENTENCE * count
    sizes = [len(piece.split()) for piece in pieces(text)]
    assert all(size <= MOST_TOKENS + 40 for size in sizes)
    assert all(size >= 200 for size in sizes[:-1])


def test_a_short_tail_joins_the_passage_before_it() -> None:
    assert len(pieces(SENTENCE * 24)) == 1
    assert len(pieces(SENTENCE * 30)) == 2


def test_a_heading_stays_with_what_follows_it() -> None:
    text = SENTENCE * 22 + "\n\n## Opening hours\n\n" + SENTENCE * 10
    before, after = pieces(text)
    assert "Opening" not in before
    assert after.startswith("## Opening hours\n\nThe harbour")


def test_an_underlined_heading_stays_with_what_follows_it() -> None:
    text = SENTENCE * 22 + "\n\nOpening hours\n-------------\n\n" + SENTENCE * 10
    assert pieces(text)[1].startswith("Opening hours\n---")


def test_a_new_section_begins_a_passage_once_the_one_before_is_half_full() -> None:
    text = "# One\n\n" + SENTENCE * 12 + "\n\n# Two\n\n" + SENTENCE * 3
    assert [piece[:5] for piece in pieces(text)] == ["# One", "# Two"]


def test_short_sections_share_a_passage() -> None:
    assert len(pieces("# One\n\nShort.\n\n# Two\n\nShort too.")) == 1


def test_a_sentence_that_never_ends_is_cut_at_spaces() -> None:
    words = [f"word{number}" for number in range(1000)]
    cut = pieces(" ".join(words))
    assert len(cut) == 4
    assert " ".join(cut).split() == words


def test_lines_without_full_stops_are_cut_at_line_ends() -> None:
    lines = [f"12:{number:03} harbour gate opened" for number in range(300)]
    cut = pieces("\n".join(lines))
    assert len(cut) > 1
    assert "\n".join(cut).split("\n") == lines


def test_one_endless_word_is_bounded_too() -> None:
    assert max(len(piece) for piece in pieces("x" * 100_000)) <= MOST_TOKENS * 24


@pytest.mark.parametrize("sentence", ["港务局每天记录进港的船只。", "港湾局は毎日船を数えます。"])
def test_scripts_without_spaces_are_cut_at_their_full_stops(sentence: str) -> None:
    cut = pieces(sentence * 60)
    assert len(cut) > 1
    assert all(piece.endswith("。") for piece in cut)


def test_rows_are_never_cut_across() -> None:
    text = "\n".join(f"{number},harbour. gate. north." for number in range(200))
    rows = set(text.split("\n"))
    cut = pieces(text, rows_of(text))
    assert len(cut) > 1
    assert {line for piece in cut for line in piece.split("\n")} == rows


def test_a_row_too_long_for_one_passage_is_cut_and_shares_none() -> None:
    long = (SENTENCE * 30).strip()
    text = f"1,short\n{long}\n3,short"
    cut = pieces(text, rows_of(text))
    assert cut[0] == "1,short"
    assert cut[-1] == "3,short"
    assert " ".join(cut[1:-1]) == long


def test_code_is_cut_between_blocks_and_keeps_its_indentation() -> None:
    block = "    def gate(self, ship: str) -> None:\n        self.ships.append(ship)\n"
    text = "class Harbour:\n\n" + "\n".join(block for _ in range(40))
    cut = pieces(text, code=True)
    assert len(cut) > 1
    assert all(piece.startswith("    def gate") for piece in cut[1:])
    assert all(piece.rstrip().endswith("append(ship)") for piece in cut)


@pytest.mark.parametrize("text", ["", " \n\t ", "\r\n\r\n"], ids=["nothing", "blanks", "line ends"])
def test_a_text_without_characters_has_no_passages(text: str) -> None:
    assert passages(text) == []
    assert passages(text, code=True) == []
