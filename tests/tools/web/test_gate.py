"""What the outgoing gate keeps back, and what it lets pass."""

import base64
import codecs
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.web.gate import Clue, Known, betrays, clues

MEMO = (
    "Board note K7731-902. The takeover of Tervane by Project Copper Wren was priced at "
    "CHF 8,415,300 on 2025-11-04. Wilma Ostrander (w.ostrander@tervane.example) signs for us. "
    "Nobody outside may learn of the seaside warehouse fire. We hold back 250,000 for it."
)
QUESTION = "How does our takeover compare with the merger rules of 2023, case 6640-118?"
WEB = "The merger rules of 2023 name a threshold of 250,000 francs. Judge Palle Brix wrote them."


def known(*texts: str) -> Known:
    words = Known()
    for text in texts:
        words.learn(text)
    return words


def kept_back(sent: str, may_leave: Known | None = None, private: str = MEMO) -> bool:
    wanted = clues(sent, may_leave or known(QUESTION, WEB))
    return any(betrays(clue, private) for clue in wanted)


LEAKS = {
    "a company": "Tervane takeover rules",
    "a project": "Copper Wren merger",
    "a surname alone": "who is Ostrander",
    "an e-mail address": "w.ostrander@tervane.example",
    "an id": "item K7731-902",
    "an id without its hyphen": "K7731 902",
    "a part of an id, of three digits": "item 902",
    "a number as it is written": "merger of 8,415,300",
    "a number without commas": "merger of 8415300",
    "a number with points": "merger of 8.415.300",
    "a date": "merger rules 2025-11-04",
    "four plain words in a row": "seaside warehouse fire nobody outside may learn",
    "capital letters": "TERVANE",
    "letters that stand apart": "T e r v a n e merger",
    "letters with points between": "T.e.r.v.a.n.e merger",
    "letters of another alphabet": "T\u0435rv\u0430n\u0435 merger",
    "zero-width letters between": "Te\u200brv\u200dane merger",
    "full-width letters": "\uff34\uff45\uff52\uff56\uff41\uff4e\uff45",
    "tag characters between": "Ter\U000e0041vane",
    "backwards": "Tervane"[::-1] + " merger",
    "rot13": codecs.encode("Tervane", "rot13"),
    "base64": base64.b64encode(b"Tervane").decode(),
    "base64 for addresses, without padding": base64.urlsafe_b64encode(b"~~?Tervane").decode()[:14],
    "base64 in full-width letters": "".join(
        chr(ord(char) + 0xFEE0) for char in base64.b64encode(b"Tervane!!").decode()
    ),
    "hexadecimal": b"K7731-902".hex(),
    "hexadecimal with spaces": b"Tervane".hex(" "),
    "percent signs": "".join(f"%{byte:02x}" for byte in b"Tervane"),
    "percent signs twice": quote(quote("T%rvane".replace("%", "é"))).replace("%25C3%25A9", "%2565"),
    "base64 of what is backwards": base64.b64encode(b"enavreT").decode(),
    "a host": "https://tervane.collect.example/",
    "a path": "https://collect.example/a/" + base64.b64encode(b"K7731-902").decode(),
    "a parameter": "https://collect.example/?q=8415300",
    "a fragment of an address": "https://collect.example/#Ostrander",
}


@pytest.mark.parametrize("sent", LEAKS.values(), ids=LEAKS.keys())
def test_what_only_the_memo_says_is_kept_back(sent: str) -> None:
    assert kept_back(sent)


PASSES = {
    "the person's words": "takeover merger rules 2023",
    "the person's number": "case 6640-118",
    "the person's number without its hyphen": "case 6640118",
    "a name the web said": "Palle Brix merger",
    "a number the web said": "threshold 250000 francs",
    "words that neither said and the memo does not have": "official commentary textbook",
    "a common word of the memo": "merger priced",
    "a year": "merger rules 2025",
    "a short number": "merger 11",
    "three words of the memo in a row": "seaside warehouse fire",
    "nothing": "",
}


@pytest.mark.parametrize("sent", PASSES.values(), ids=PASSES.keys())
def test_the_rest_passes(sent: str) -> None:
    assert not kept_back(sent)


@pytest.mark.parametrize("sent", LEAKS.values(), ids=LEAKS.keys())
def test_what_the_person_typed_may_leave_however_private_it_is(sent: str) -> None:
    assert clues(sent, known(sent)) == []


PIECES = st.lists(
    st.sampled_from([*LEAKS.values(), *PASSES.values(), "ward", "draw", "a b c d e", "漢字かな"]),
    min_size=1,
    max_size=6,
)


@given(PIECES, st.randoms(use_true_random=False))
def test_words_that_may_leave_pass_in_any_order_without_a_look_at_private_text(
    texts: list[str], chance: Random
) -> None:
    """The law that keeps the gate from telling anything: no clue, so nothing is looked up."""
    words = [word for text in texts for word in text.split()]
    chance.shuffle(words)
    assert clues(" ".join(words), known(*texts)) == []


def test_a_word_may_leave_in_another_form() -> None:
    assert clues("merging thresholds", known("merge the threshold")) == []


def test_known_words_in_a_row_are_no_clue_beside_an_unknown_one() -> None:
    learnt = known("wet iron", "it rusts red")
    assert not kept_back("iron rusts red wet zebra", learnt, "Iron rusts red, wet or not.")
    assert kept_back("iron rusts red quickly zebra", learnt, "Iron rusts red quickly.")


def test_a_clue_is_found_as_a_name_and_not_as_a_word() -> None:
    clue = Clue(lookups=(("copper",),), key="copper")
    assert betrays(clue, "The Copper Wren project.")
    assert not betrays(clue, "The pipes are of copper.")
    assert not betrays(clue, "Copper is a metal. The pipes are of copper.")


def test_words_in_a_row_stand_so_in_the_private_text() -> None:
    clue = Clue(lookups=(), row=("seasid", "warehous", "fire", "insur"))
    assert betrays(clue, "Of the seaside warehouse and its fire insurance.")
    assert not betrays(clue, "Fire insurance of the seaside warehouse.")


def test_a_number_is_looked_up_whole_and_in_groups() -> None:
    [clue] = [one for one in clues("8415300", Known()) if one.key == "8415300"]
    assert set(clue.lookups) == {("8415300",), ("8", "415", "300")}
