"""HashEmbeddings: the cosine of two texts is about the share of their words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quaestor.testing import HashEmbeddings


def cosine(one: str, two: str) -> float:
    first, second = HashEmbeddings(4_096).embed_documents([one, two])
    return sum(a * b for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param("the red fox", "The fox, red!", 1.0, id="the same words"),
        pytest.param("red fox runs fast", "red fox sleeps long", 0.5, id="half of the words"),
        pytest.param("red fox", "blue whale", 0.0, id="no word"),
        pytest.param("", "", 1.0, id="no words at all"),
        pytest.param("a a b", "a", 2 / math.sqrt(5), id="a word twice"),
    ],
)
def test_the_cosine_is_that_of_the_words(one: str, two: str, expected: float) -> None:
    assert cosine(one, two) == pytest.approx(expected, abs=1e-9)


@given(st.text(), st.integers(1, 50))
async def test_a_vector_has_length_one_and_is_the_same_every_time(text: str, size: int) -> None:
    model = HashEmbeddings(size)
    vector = model.embed_query(text)
    assert len(vector) == size
    assert math.hypot(*vector) == pytest.approx(1)
    assert await model.aembed_query(text) == vector
    assert await model.aembed_documents([text, "x"]) == model.embed_documents([text, "x"])


def test_a_size_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="size=0 must be 1 or more"):
        HashEmbeddings(0)
