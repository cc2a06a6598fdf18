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
    found = names("Fabriken wurden von Jana Maier in Brünn und auf Usedom gebaut")
    assert [(n.text, n.german) for n in found] == [
        ("Fabriken", True),
        ("Jana Maier", False),
        ("Brünn", True),
        ("Usedom", True),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Die Fabrik wurde von ihr gebaut.", [], id="an article before a noun"),
        pytest.param("Es ist im alten Werk und nicht neu.", [], id="an adjective between them"),
        pytest.param("Er ist mit der Zustimmung der Eigentümerin da.", [], id="a genitive"),
        pytest.param("Er war bei der Deutschen Bahn.", ["Deutschen Bahn"], id="two words"),
        pytest.param("Sie ist nicht in Brünn.", ["Brünn"], id="no article"),
        pytest.param("Die Firma liegt dort.", ["Firma"], id="too short to be known as German"),
        pytest.param("Le bail se termine.", [], id="a French article"),
        pytest.param("Selon le bail.", [], id="a French preposition"),
        pytest.param("L'accord se termine.", [], id="a French article that lost its vowel"),
        pytest.param("L'Oréal se vend.", ["L'Oréal"], id="a name with one"),
        pytest.param("D'Artagnan came.", ["D'Artagnan"], id="a name that only looks so"),
        pytest.param("El contrato vence.", [], id="a Spanish article"),
        pytest.param("Il contratto scade.", [], id="an Italian article"),
        pytest.param("Los Angeles grew.", ["Angeles"], id="an article that a name begins with"),
    ],
)
def test_capitals_of_other_languages(text: str, expected: list[str]) -> None:
    assert [one.text for one in names(text)] == expected


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
