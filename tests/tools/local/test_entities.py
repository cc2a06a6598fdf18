"""Names that many titles share."""

from quaestor.tools.local.entities import MOST, entities_of


def test_names_count_by_the_titles_they_stand_in() -> None:
    titles = [
        "Minutes: Anna Berg and Anna Berg",
        "The port of Bergen",
        "Bergen in winter",
        "Why Anna Berg left Bergen",
        "Notes of a ferry",
        "Oslo",
    ]
    assert entities_of(titles) == ("Bergen", "Anna Berg")


def test_there_are_at_most_twenty_whatever_the_collection_is() -> None:
    titles = sorted(f"Report on Ship{n % 30}" for n in range(10_000))
    assert len(entities_of(titles)) == MOST


def test_no_titles_name_nothing() -> None:
    assert entities_of([]) == ()
