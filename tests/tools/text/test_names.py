"""Which capitals are names."""

import pytest

from quaestor.tools.text.names import akin, name_key, name_words, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The mine of Ludwig van Beethoven", ["Ludwig van Beethoven"], id="particles"),
        pytest.param("However, Eva Novák left.", ["Eva Novák"], id="an opening word is no name"),
        pytest.param("He met J. R. Smith-Jones.", ["J. R. Smith-Jones"], id="initials"),
        pytest.param("On Monday in June 1932", [], id="days and months are no names"),
        pytest.param("In Brno and Ostrava", ["Brno", "Ostrava"], id="two names with and"),
        pytest.param("see the University of Oxford", ["University of Oxford"], id="a phrase"),
        pytest.param("We saw Brno. Acme fell.", ["Brno", "Acme"], id="two sentences"),
        pytest.param("Порт открыла Ада Норлинг в мае", ["Порт", "Ада Норлинг"], id="Cyrillic"),
        pytest.param("Ο Γιάννης ήρθε στην Αθήνα", ["Ο Γιάννης", "Αθήνα"], id="Greek"),
        pytest.param("北京 is big", [], id="a script without capitals"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert [name.text for name in names(text)] == expected


def test_a_declined_name_has_the_same_stem() -> None:
    [ada], [by_ada] = names("видели Аду Норлинг"), names("встреча с Адой Норлинг")
    assert ada.parts != by_ada.parts
    assert ada.stems == by_ada.stems
    assert set(ada.stems) <= name_words("Ада Норлинг")


def test_a_single_opening_word_is_marked_as_one() -> None:
    assert [(n.text, n.opens) for n in names("Sales rose. We saw Acme.")] == [
        ("Sales", True),
        ("Acme", False),
    ]


def test_lone_nouns_of_a_german_text_may_be_no_names() -> None:
    found = names("Die Fabrik wurde von Jana Maier in Brünn gebaut")
    assert [(n.text, n.german) for n in found] == [
        ("Fabrik", True),
        ("Jana Maier", False),
        ("Brünn", True),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Żuławski", "Zulawski"), ("Łódź", "lodz"), ("Møller", "Moller"), ("Straße", "STRASSE")],
)
def test_marks_and_case_do_not_count(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("place", "people"),
    [
        ("syria", "syrian"),
        ("israel", "israeli"),
        ("italy", "italian"),
        ("china", "chinese"),
        ("japan", "japanese"),
        ("germany", "german"),
        ("korea", "korean"),
        ("france", "french"),
        ("states", "american"),
    ],
)
def test_places_and_their_people(place: str, people: str) -> None:
    assert people in akin(place)
    assert place in akin(people)


def test_other_words_are_not_akin() -> None:
    assert "austria" not in akin("australia")
    assert "iran" not in akin("iraq")
