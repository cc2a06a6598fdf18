"""Measures worked by hand from SQuAD's definitions, and the laws they keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.evaluation.metrics import (
    all_at,
    answer_in_evidence,
    exact_match,
    figure,
    gold_precision,
    gold_recall,
    is_yes_no,
    normalise_answer,
    recall_at,
    token_f1,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The  Denver\tBroncos", "denver broncos", id="articles and white space go"),
        pytest.param("U.S.-born", "usborn", id="punctuation goes without leaving a gap"),
        pytest.param("A.N. Other", "other", id="punctuation goes before articles do"),
        pytest.param("Anthem of a Theatre", "anthem of theatre", id="articles in words stay"),
        pytest.param("1990–1995", "1990–1995", id="only ASCII punctuation goes"),
        pytest.param("Ærø Ö", "ærø ö", id="letters with marks stay"),
        pytest.param("The a!", "", id="nothing may be left"),
    ],
)
def test_normalised_as_squad_does(text: str, expected: str) -> None:
    assert normalise_answer(text) == expected


@pytest.mark.parametrize(
    ("answer", "right", "em", "f1"),
    [
        pytest.param("the Denver Broncos!", ["Denver Broncos"], 1, 1, id="equal when normalised"),
        # city, of, paris, in | paris, france: P 1/4, R 1/2
        pytest.param("in the city of Paris", ["Paris, France"], 0, 1 / 3, id="one word shared"),
        # la, la, land | la, land: P 2/3, R 1
        pytest.param("la la land", ["La Land"], 0, 0.8, id="a repeated word counts once a match"),
        pytest.param("1999", ["in 1999", "1999"], 1, 1, id="the best right answer counts"),
        pytest.param("Rome", ["Paris"], 0, 0, id="nothing shared"),
        pytest.param("", ["Paris"], 0, 0, id="no answer"),
        pytest.param("", ["The"], 0, 0, id="no answer never matches an answer of articles alone"),
        pytest.param("Yes.", ["yes"], 1, 1, id="yes counts as any other answer"),
    ],
)
def test_exact_match_and_f1(answer: str, right: list[str], em: float, f1: float) -> None:
    assert exact_match(answer, right) == em
    assert token_f1(answer, right) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("answers", "spans", "expected"),
    [
        pytest.param(["Hank Snow"], ["Sung by Hank Snow in 1953."], 1, id="it stands there"),
        pytest.param(["art"], ["The party of a martian artist."], 0, id="a part of a word is none"),
        pytest.param(["19"], ["In 1990 and 219."], 0, id="a part of a number is none"),
        pytest.param(["The Beatles'"], ["Songs of beatles, all."], 1, id="both are normalised"),
        pytest.param(["New York"], ["He left the new", "York is old."], 0, id="spans do not join"),
        pytest.param(["x", "Lyon"], ["Of Lyon."], 1, id="any right answer will do"),
        pytest.param(["The"], ["The end"], 0, id="an answer of articles alone stands nowhere"),
        pytest.param(["Lyon"], [], 0, id="no evidence"),
    ],
)
def test_answer_in_evidence(answers: list[str], spans: list[str], expected: float) -> None:
    assert answer_in_evidence(answers, spans) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(["Yes"], True, id="yes"),
        pytest.param(["no", "No."], True, id="no in two spellings"),
        pytest.param(["maybe"], True, id="maybe"),
        pytest.param(["no", "Nobody"], False, id="one of them is a name"),
        pytest.param([], False, id="none at all"),
    ],
)
def test_yes_no_questions_are_told_by_their_answers(answers: list[str], expected: bool) -> None:
    assert is_yes_no(answers) is expected


GOLD = [frozenset("a"), frozenset("bc")]


@pytest.mark.parametrize(
    ("ranked", "k", "recall", "everything"),
    [
        pytest.param("xaybz", 1, 0, 0, id="none yet"),
        pytest.param("xaybz", 2, 0.5, 0, id="one of two"),
        pytest.param("xaybz", 4, 1, 1, id="both"),
        pytest.param("cbxx", 4, 0.5, 0, id="two documents of one title are one gold document"),
        pytest.param("", 5, 0, 0, id="nothing found"),
    ],
)
def test_recall_at_k(ranked: str, k: int, recall: float, everything: float) -> None:
    assert recall_at(ranked, GOLD, k) == recall
    assert all_at(ranked, GOLD, k) == everything


def test_gold_among_the_documents_cited() -> None:
    assert gold_recall({"c", "x"}, GOLD) == 0.5
    assert gold_precision({"c", "x", "y", "z"}, GOLD) == 0.25
    assert gold_precision({"b", "c", "x", "y"}, GOLD) == 0.5


def test_a_figure_has_the_standard_error_of_the_mean() -> None:
    # squared deviations 9 + 1 + 1 + 9 = 20; 20/3 the variance; root of (20/3)/4
    assert figure([2, 4, 6, 8]) == {"mean": 5.0, "se": pytest.approx((20 / 12) ** 0.5), "n": 4}


def test_a_figure_says_what_it_does_not_know() -> None:
    assert figure([]) == {"mean": None, "se": None, "n": 0}
    assert figure([3]) == {"mean": 3.0, "se": None, "n": 1}


@given(st.text())
def test_normalising_again_changes_nothing(text: str) -> None:
    assert normalise_answer(normalise_answer(text)) == normalise_answer(text)


@given(st.text(alphabet="ab the.,1é "), st.text(alphabet="ab the.,1é "))
def test_f1_is_symmetric_and_full_exactly_where_the_words_agree(one: str, other: str) -> None:
    score = token_f1(one, [other])
    assert score == token_f1(other, [one])
    assert 0 <= score <= 1
    words = [sorted(normalise_answer(text).split()) for text in (one, other)]
    assert (score == 1) == (words[0] == words[1] != [])


@given(st.text(), st.text(), st.text())
def test_an_answer_put_between_spaces_is_found(left: str, answer: str, right: str) -> None:
    found = answer_in_evidence([answer], [f"{left} {answer} {right}"])
    assert found == bool(normalise_answer(answer))


@given(st.lists(st.sampled_from("abcdefg"), unique=True))
def test_recall_never_falls_with_k(ranked: list[str]) -> None:
    recalls = [recall_at(ranked, GOLD, k) for k in range(8)]
    assert recalls == sorted(recalls)
