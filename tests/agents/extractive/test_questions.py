"""The form of a question, on questions worked by hand."""

import pytest

from quaestor.agents.extractive.languages import language_of
from quaestor.agents.extractive.options import options_of
from quaestor.agents.extractive.questions import read_question


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("Who chairs the harbour board?", "name", id="who asks for a name"),
        pytest.param("Where is the Tollan depot?", "place", id="where asks for a place"),
        pytest.param("When did the Tollan depot open?", "date", id="when asks for a date"),
        pytest.param("How many ferries run in winter?", "number", id="how many asks for a number"),
        pytest.param("In which year was Bram Oster born?", "date", id="a year asked for is a date"),
        pytest.param(
            "What is the population of Nether Wallop?", "number", id="the noun says the kind"
        ),
        pytest.param(
            "What award did the ferry that Ann Lee built win?", "text", id="an award is a text"
        ),
        pytest.param("Is the depot insured?", "yes_no", id="an auxiliary first asks yes or no"),
        pytest.param(
            "Are Bram Oster and Ann Lee both pilots?", "yes_no", id="two subjects, still yes or no"
        ),
        pytest.param(
            "Which ferry is older, Merganser or Pintail?", "choice", id="two options are a choice"
        ),
        pytest.param(
            "Was Bram Oster or Ann Lee born first?", "choice", id="or between names is a choice"
        ),
        pytest.param("Compare the two ferries.", "report", id="an imperative wants a report"),
    ],
)
def test_the_answer_type_follows_from_the_form(text: str, kind: str) -> None:
    assert read_question(text).answer_type == kind


@pytest.mark.parametrize(
    ("text", "options"),
    [
        pytest.param(
            "Which ferry is older, Merganser or Pintail?",
            ("Merganser", "Pintail"),
            id="after a comma",
        ),
        pytest.param(
            "Who was born later, Ann Lee or Bram van der Oster?",
            ("Ann Lee", "Bram van der Oster"),
            id="small words inside a name",
        ),
        pytest.param(
            "Are both Low Fell, Durham and Vik, Norway in the same country?",
            ("Low Fell, Durham", "Vik, Norway"),
            id="commas inside the names of places",
        ),
        pytest.param(
            "Which ran longer, The Salt and the Sea or Days From Home?",
            ("The Salt and the Sea", "Days From Home"),
            id="joining words inside a title",
        ),
        pytest.param(
            "Which is cheaper, the basic plan or the harbour plan?",
            ("the basic plan", "the harbour plan"),
            id="small letters",
        ),
        pytest.param("Who founded Oster and Sons?", (), id="an and that compares nothing"),
    ],
)
def test_options_are_bounded_by_what_the_question_names(
    text: str, options: tuple[str, ...]
) -> None:
    assert options_of(text) == options


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        pytest.param("Which opened first, Quay A or Quay B?", "least", id="first is the least"),
        pytest.param("Who is younger, Ann Lee or Bo Orr?", "most", id="younger is born later"),
        pytest.param("Which lake is deep, Ullen or Var?", "", id="no comparison"),
    ],
)
def test_a_comparison_has_a_direction(text: str, direction: str) -> None:
    assert read_question(text).direction == direction


def test_two_questions_in_one_are_two_parts() -> None:
    form = read_question("When did the Tollan depot open, and who is its manager?")
    assert form.parts == ("When did the Tollan depot open?", "who is its manager?")


def test_a_chain_is_one_part() -> None:
    text = "Who leads the team that repairs the ferries and the tugs?"
    assert read_question(text).parts == (text,)


def test_what_stands_behind_the_last_name_is_resolved_last() -> None:
    near = read_question("Where was the founder of Oster Lines born?").nearness
    assert near["born"] < near["founder"]


def test_a_date_the_question_holds_to_is_a_constraint() -> None:
    assert read_question("How many tugs were there as of 3 May 2021?").constraints == (
        "as of 3 May 2021",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Wer leitet die Werkstatt und seit wann?", "de", id="German"),
        pytest.param("Quelle est la hauteur de la digue ?", "fr", id="French"),
        pytest.param("码头的开放时间是什么时候？", "zh", id="Chinese"),
        pytest.param("Who leads the Werkstatt?", "en", id="English with a foreign name"),
        pytest.param("Oster Lines", "en", id="nothing tells"),
    ],
)
def test_the_language_is_told_by_script_and_small_words(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_question_in_another_language_is_asked_plainly() -> None:
    form = read_question("Ist die Merganser oder die Pintail das ältere Schiff?")
    assert (form.answer_type, form.options, form.language) == ("text", (), "de")
