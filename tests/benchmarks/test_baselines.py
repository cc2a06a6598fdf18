"""What the baselines cite, worked by hand; the ranking itself is bm25s's."""

from benchmarks.baselines import (
    BASELINES,
    LEAN,
    eight_sentences,
    first_sentences,
    sentences,
    terms,
    top_five_passages,
)
from quaestor.evaluation.dataset import Entry


def entry(title: str, text: str) -> Entry:
    return Entry(id=title, title=title, text=text, line=1)


def test_sentences_end_at_marks_before_white_space() -> None:
    assert sentences("Is it? Yes. Pi is 3.14\nhere!  ") == ["Is it?", "Yes.", "Pi is 3.14\nhere!"]


def test_terms_are_stems_without_stop_words_and_single_letters() -> None:
    assert terms("The rivers of X were a River") == {"river", "were"}


def test_the_five_best_passages_stand_whole() -> None:
    passages = [entry(title, "One. Two.") for title in "abcdefg"]
    assert top_five_passages("?", passages) == [f"{title}\nOne. Two." for title in "abcde"]


def test_first_sentences_carry_their_title_and_an_empty_text_gives_none() -> None:
    passages = [entry("a", "One. Two."), entry("b", ""), *(entry("c", "Three") for _ in range(9))]
    assert first_sentences("?", passages) == ["a\nOne.", *["c\nThree"] * 6]


def test_the_sentences_with_most_question_words_come_first_and_shorter_ones_before() -> None:
    passages = [
        entry("a", "A river is long. Rivers and rivers. No word of it here at all."),
        entry("b", "The longest river of Spain. Spain has a river. " + "Filler words. " * 9),
    ]
    chosen = eight_sentences("Which is the longest river in Spain?", passages)
    # longest, river, spain: 3; river, spain: 2; river: 1, by length; none: by length
    assert chosen == [
        "The longest river of Spain.",
        "Spain has a river.",
        "A river is long.",
        "Rivers and rivers.",
        *["Filler words."] * 4,
    ]


def test_the_lean_baselines_are_the_two_that_cite_sentences() -> None:
    assert [BASELINES[name] for name in LEAN] == [eight_sentences, first_sentences]
