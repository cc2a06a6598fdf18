"""Words of any script: what is compared, and where it stands."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.tools.text.words import content_terms, terms, words

MIXED = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="aAéßñ s’'.,-_1９東京한국Кагород\u0301\u200bहिन्दीไทย\n", max_size=60),
)


@given(MIXED)
def test_words_stand_in_order_and_do_not_overlap_but_for_pairs_of_characters(text: str) -> None:
    found = words(text)
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
        assert word.term
    for one, following in pairwise(found):
        assert one.start < following.start
        pair = one.end - one.start == following.end - following.start == 2
        assert one.end <= following.start or (pair and one.end - following.start == 1)


@given(MIXED)
def test_the_fast_way_to_the_terms_gives_the_terms_of_the_words(text: str) -> None:
    assert terms(text) == [word.term for word in words(text)]


@given(MIXED)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    covered = {at for word in words(text) for at in range(word.start, word.end)}
    letters = {at for at, ch in enumerate(text) if ch.isalnum()}
    assert letters <= covered


# Stems are those Porter's English stemmer gives; pairs are worked by hand.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Running ships", ["run", "ship"], id="English words are stemmed"),
        pytest.param("CAFÉ cafe\u0301", ["cafe", "cafe"], id="accents and case do not matter"),
        pytest.param(
            "the ship's crew", ["the", "ship", "crew"], id="a possessive ending is dropped"
        ),
        pytest.param("foo_bar", ["foo", "bar"], id="an underscore parts words"),
        pytest.param("ｆｕｌｌ", ["full"], id="full-width letters are Latin letters"),
        pytest.param("北京大学", ["北京", "京大", "大学"], id="Chinese becomes pairs"),
        pytest.param("京", ["京"], id="a single character stands alone"),
        pytest.param("東京タワー2号", ["東京", "京タ", "タワ", "ワー", "2", "号"], id="mixed runs"),
        pytest.param("서울시", ["서울", "울시"], id="Korean becomes pairs"),
        pytest.param("ไทย", ["ไท", "ทย"], id="Thai becomes pairs"),
        pytest.param("Город", ["город"], id="Cyrillic is lower-cased"),
        pytest.param("शाम को।", ["शाम", "को"], id="Indic vowel signs belong to their word"),
        pytest.param("שָׁלוֹם", ["שלום"], id="Hebrew points do not matter"),
        pytest.param("เ'S", ["เ", "s"], id="an apostrophe behind a script without spaces"),
    ],
)
def test_terms_of(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_function_words_carry_no_topic() -> None:
    assert content_terms("Who was the captain of the ship?") == ["captain", "ship"]
