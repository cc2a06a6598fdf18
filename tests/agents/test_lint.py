"""What the lint finds, and the ways in which a citation check fails elsewhere."""

import pytest

from quaestor.agents.lint import Problem, lint
from quaestor.agents.markdown import plain

ENTRY = '- [{n}] **Source {n}** (web): <https://{n}.example>\n  - line 1, column 1: "x"\n'
LONG = "The plant in Ostrava made two hundred tonnes of iron a year"


def report(body: str, *, entries: int = 1, heading: str = "## References") -> str:
    listed = "".join(ENTRY.format(n=n) for n in range(1, entries + 1))
    return f"# Question?\n\nAs of 2026-11-20.\n\n{body}\n\n{heading}\n\n{listed}"


def rules(markdown: str) -> list[str]:
    return [problem.rule for problem in lint(markdown)]


def test_a_good_report_has_no_problem() -> None:
    table = "| Site | Workers |\n| --- | --- |\n| Ostrava | 400 |"
    good = f"**Ostrava** [1][2]\n\n{LONG} [1].\n\n## Sites\n\n{table}\n\n- It closed [2]."
    assert lint(report(good, entries=2)) == []


def test_a_problem_says_where_and_what() -> None:
    assert lint(report(f"{LONG}.")) == [
        Problem(rule="uncited", line=5, message=f"no reference: {LONG}."[:75].strip()),
        Problem(rule="references", line=9, message="[1] is never cited"),
    ]


@pytest.mark.parametrize(
    ("body", "entries", "expected"),
    [
        pytest.param(f"{LONG} [1][3].", 1, ["references"], id="a mark without a source"),
        pytest.param("It closed [1].", 2, ["references"], id="a source without a mark"),
        pytest.param("It [2]. Was [1].", 2, ["numbering"], id="marks out of order"),
        pytest.param(f"{LONG}. It closed [1].", 1, ["uncited"], id="a long bare sentence"),
        pytest.param(f'He said "{LONG}." [1] It closed.', 1, [], id="a mark behind a quotation"),
        pytest.param(f"*Inference:* {LONG}. It [1].", 1, [], id="visible inference"),
        pytest.param(f"It [1].\n\n## What could not be found\n\n- {LONG}.", 1, [], id="gaps"),
        pytest.param("It [1].\n\n### Deep", 1, ["heading"], id="a level left out"),
        pytest.param("It [1].\n\n# Again", 1, ["heading"], id="a second title"),
        pytest.param("It [1].\n\n##", 1, ["heading"], id="an empty heading"),
        pytest.param("It [1].\n\n| a | b |\n| --- | --- |\n| 1 | |", 1, ["table"], id="empty cell"),
        pytest.param("It [1].\n\n| a | b |\n| --- | --- |\n| 1 |", 1, ["table"], id="a short row"),
        pytest.param("It [1].\n\n| a | b |\n| 1 | 2 |", 1, ["table"], id="no line of dashes"),
    ],
)
def test_what_is_found(body: str, entries: int, expected: list[str]) -> None:
    assert rules(report(body, entries=entries)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            "The Ostrava plant employed 400 workers [1].",
            "The Ostrava plant employed 500 workers [1].",
            ["contradiction"],
            id="another number of the same",
        ),
        pytest.param(
            "The Ostrava plant employed 1,400 workers [1].",
            "The Ostrava plant employed 1400 workers [1].",
            [],
            id="the same number written otherwise",
        ),
        pytest.param(
            "The Ostrava plant was finally closed in 1932 [1].",
            "The Ostrava plant was finally closed in 1933 [1].",
            ["contradiction"],
            id="another year of the same",
        ),
        pytest.param(
            "In 1932 the Ostrava plant employed 400 workers [1].",
            "In 1933 the Ostrava plant employed 400 workers [1].",
            [],
            id="the same number for another year",
        ),
        pytest.param(
            "The Ostrava plant employed 400 workers [1].",
            "The Brno plant employed 500 workers [1].",
            [],
            id="another subject",
        ),
    ],
)
def test_contradictions(one: str, other: str, expected: list[str]) -> None:
    assert rules(report(f"- {one}\n- {other}")) == expected


def test_disagreement_between_sources_is_no_contradiction_of_ours() -> None:
    line = "- The Ostrava plant employed 500 workers [1]."
    apart = f"{line[2:].replace('500', '400')}\n\n## Where sources disagree\n\n{line}"
    assert rules(report(apart)) == []


def test_one_source_has_one_number() -> None:
    twice = report("It [1][2].", entries=2).replace("Source 2", "Source 1").replace("2.ex", "1.ex")
    assert rules(twice) == ["numbering"]


def test_numbers_have_no_gap() -> None:
    skipped = report("It [1][3].", entries=3).replace(ENTRY.format(n=2), "")
    assert rules(skipped) == ["numbering"]


# The ways a citation check failed in the nearest rival (writing notes, 1.2).


def test_a_stripped_mark_does_not_leave_its_sentence_unnoticed() -> None:
    assert rules(report("Gross domestic product fell by 40 % in the year 2024. It [1].")) == [
        "uncited"
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Use `x[0] and a[12]` here [1].", id="in a code span"),
        pytest.param("It [1].\n\n```\nx[0] = a[12]\n```", id="in a block of code"),
        pytest.param("It [1].\n\n~~~ py\n```\nx[7]\n~~~", id="in a block with another fence"),
        pytest.param("The rule of [2024] holds [1].", id="a year in brackets"),
        pytest.param(f"It [1] {plain('quotes [7] and [8]')}.", id="escaped by us"),
    ],
)
def test_brackets_that_are_no_marks(body: str) -> None:
    assert rules(report(body)) == []


def test_text_about_a_function_tag_ends_nothing() -> None:
    body = f"The <function name=x> tag [1].\n\n{LONG}."
    assert rules(report(body)) == ["uncited"]


@pytest.mark.parametrize(
    "heading",
    [
        "## Bibliography",
        "## Quellen",
        "## 参考文献",
        "#### Sources",
        "## Reference list",
        "# References",
    ],
)
def test_a_list_under_another_heading_is_not_let_through(heading: str) -> None:
    assert rules(report(f"{LONG} [1].", heading=heading))


def test_a_second_list_is_found() -> None:
    twice = report("It [1].") + "\n## Quellen\n\n- [1] x\n"
    assert "references" in rules(twice)


def test_an_invented_page_below_a_cited_one_is_another_source() -> None:
    below = report("It [1][2].").replace("## References", "## References\n").rstrip()
    below += "\n- [3] **Source 1** (web): <https://1.example/invented>\n"
    assert sorted(rules(below)) == ["numbering", "references", "references"]


def test_one_good_mark_does_not_stand_for_the_others() -> None:
    marks = "".join(f"[{n}]" for n in range(1, 51))
    assert rules(report(f"It {marks}.")).count("references") == 49


def test_no_references_and_no_marks_is_well() -> None:
    assert lint("# Question?\n\n**The search was stopped before it was complete.**\n") == []
    assert rules("It closed [1].\n") == ["heading", "references"]
