"""What workers hand on: every kind of it comes back equal, from another process too."""

import contextlib
import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quaestor.agents.orders import Order
from quaestor.agents.refiner import Retention
from quaestor.agents.revising import Verdicts
from quaestor.agents.roles.searcher import ToolCall
from quaestor.agents.roles.synthesizer import Outline, Section, SectionPlan, Spot, Statement
from quaestor.agents.roles.verifier import Judged
from quaestor.agents.synthesis import Draft
from quaestor.agents.trail import TakenStep
from quaestor.errors import IntegrityError, LeaseLostError
from quaestor.memory.database import Database
from quaestor.memory.filing import FiledCitation, FiledReport
from quaestor.memory.finding import Conflict, Finding, Gap
from quaestor.memory.lease import take
from quaestor.memory.plan import Brief, Plan, Task
from quaestor.memory.report import Claim, Line, Part
from quaestor.memory.values import Values

GAP = Gap(kind="not_found", what="Größe", why="nothing says it", tried=("größe",), source="notes")
TASK = Task.of("Who is #1's \u0000 mother?", branch="private", source="notes", needs=["aaaaaaaa"])
BRIEF = Brief(answer_type="choice", parts=("a", "b"), options=("x", "y"), as_of="2026-01-31")
CALL = ToolCall(
    tool="open",
    arguments={
        "hit": {"uri": "https://a.example/?q=\u2028", "rank": 1, "score": 0.1, "start": None}
    },
    thought="“quoted” 船\r\n",
)
SPOT = Spot(evidence="e1", start=0, end=7)
STATEMENT = Statement(text="Mira leads.", spots=(SPOT, Spot(evidence="e2", start=3, end=4)))
CONFLICT = Conflict(
    about="the height", values=("3", "4"), evidence=(("e1",), ("e2", "e3")), rule="newer"
)
FINDING = Finding(
    task=TASK.id,
    branch="private",
    question="Who?",
    source="notes",
    kept=("e1", "e2"),
    seen=(),
    hypotheses=("Mira",),
    conclusion="Mira",
    queries=("who",),
    gaps=(GAP,),
    stopped="answered",
)
HANDED_ON: list[object] = [
    BRIEF,
    Plan(branch="private", tasks=(TASK,)),
    Plan(branch="public"),
    Order(question="Who?", brief=BRIEF, task=TASK, round=2),
    FINDING,
    GAP,
    CALL,
    TakenStep(
        call=CALL,
        key="k",
        retained=(
            Retention(evidence="e1", score=0.1 + 0.2, retained_by="instant"),
            Retention(evidence="e2", score=1e-17, retained_by=None),
        ),
    ),
    Draft(
        outline=Outline(
            answer="Mira",
            lead=(STATEMENT,),
            sections=(SectionPlan(heading="H", spots=(SPOT,)),),
            conflicts=(CONFLICT,),
        ),
        sections=(Section(heading="H", statements=(STATEMENT,), table=(("a", "b"), ("", "2"))),),
        also={"e1": ("web https://a.example/",)},
        gaps=(GAP,),
    ),
    Verdicts(judged=(Judged(verdict="supported"), Judged(verdict="partly", reason="no date"))),
    FiledReport(
        question="Who?",
        status="answered",
        answer="Mira",
        markdown="# Who?\n",
        claims=(Claim(id="c1", text="Mira leads.", evidence=("e1",), verdict="supported"),),
        parts=(
            Part(lines=(Line(text="Nobody knows."),)),
            Part(heading="Rent", lines=(Line(text="It is due.", claim="c1"),), table=(("a", "b"),)),
        ),
        unconfirmed=(Line(text="It rains.", doubt="no source is given for it"),),
        cited=(
            FiledCitation(evidence="e1", retained_by="claim", taken_at="2026", also=("web u",)),
        ),
        conflicts=(CONFLICT,),
        gaps=(GAP,),
        fallbacks={"planner:reply": 2},
        as_of="2026-01-31",
        answer_evidence=("e1",),
    ),
]


async def values_of(database: Database, run: str = "r") -> Values:
    return Values(database, run_id=run, token=(await take(database, run)).token)


@pytest.mark.parametrize("value", HANDED_ON, ids=lambda value: type(value).__name__)
async def test_what_is_handed_on_comes_back_equal(database: Database, value: object) -> None:
    name = await (await values_of(database)).save(value)
    again = await (await values_of(database)).load(type(value), name)
    assert again == value
    assert repr(again) == repr(value)  # a tuple is no list, 1 is not 1.0


async def test_an_id_is_of_kind_and_content(database: Database) -> None:
    values = await values_of(database)
    # printf 'Gap\n{"kind":"not_found", ... }' | sha256sum
    assert await values.save(GAP) == "b7d086ee8cd01038"
    assert await values.save(GAP) == "b7d086ee8cd01038"
    other = await values_of(database, "another run")
    assert await other.save(GAP) == "b7d086ee8cd01038"
    names = await values.save_all([*HANDED_ON, *HANDED_ON])
    assert names[: len(HANDED_ON)] == names[len(HANDED_ON) :]
    assert len(set(names)) == len(HANDED_ON)


async def test_many_come_back_in_the_order_asked(database: Database) -> None:
    gaps = [Gap(kind="budget", what=str(number), why="") for number in range(40)]
    names = await (await values_of(database)).save_all(gaps)
    values = await values_of(database)
    await values.load(Gap, names[7])
    wanted = [39, 7, 0, 7]
    found = await values.load_all(Gap, [names[number] for number in wanted])
    assert [gap.what for gap in found] == ["39", "7", "0", "7"]
    assert await values.load_all(Gap, []) == []


async def test_a_value_of_another_kind_is_refused(database: Database) -> None:
    values = await values_of(database)
    name = await values.save(GAP)
    with pytest.raises(IntegrityError, match=f"{name} of run r is no Finding"):
        await values.load(Finding, name)
    with pytest.raises(IntegrityError, match=f"run r has no Finding {name}"):
        await (await values_of(database)).load(Finding, name)


async def test_another_run_s_values_are_not_there(database: Database) -> None:
    name = await (await values_of(database)).save(GAP)
    with pytest.raises(IntegrityError, match=f"run other has no Gap {name}"):
        await (await values_of(database, "other")).load(Gap, name)
    with pytest.raises(IntegrityError, match="run r has no Gap nowhere"):
        await (await values_of(database)).load_all(Gap, [name, "nowhere"])


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("body = replace(body, 'notes', 'other')", id="another text"),
        pytest.param("body = '{}'", id="a text of no gap"),
        pytest.param("body = 'none of JSON'", id="no JSON"),
    ],
)
async def test_a_planted_row_is_refused(database: Database, statement: str) -> None:
    name = await (await values_of(database)).save(GAP)
    await database.settled()
    with sqlite3.connect(database.path) as connection:
        assert connection.execute(f"UPDATE handed_on SET {statement}").rowcount == 1
    connection.close()
    with pytest.raises(IntegrityError, match=f"Gap {name} of run r was changed"):
        await (await values_of(database)).load(Gap, name)


async def test_a_run_that_was_taken_over_hands_nothing_on(database: Database) -> None:
    late, new = await values_of(database), await values_of(database)
    with pytest.raises(LeaseLostError):
        await late.save(GAP)
    with pytest.raises(IntegrityError):
        await new.load(Gap, "b7d086ee8cd01038")


arguments = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=25)
@given(st.dictionaries(st.text(), arguments), st.text())
async def test_any_call_a_model_may_make_comes_back_equal(
    tmp_path_factory: pytest.TempPathFactory, given_: dict[str, Any], thought: str
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        database = await Database.open(tmp_path_factory.mktemp("home"))
        stack.push_async_callback(database.close)
        call = ToolCall(tool="search", arguments=given_, thought=thought)
        name = await (await values_of(database)).save(call)
        again = await (await values_of(database)).load(ToolCall, name)
        assert repr(again) == repr(call)
