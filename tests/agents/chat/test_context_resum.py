"""When a summary is due: as the prompt that would be shown says, also where none is written out."""

from hypothesis import given
from hypothesis import strategies as st

from quaestor.agents.chat.context.resum import Resum
from quaestor.agents.roles.searcher import Step
from quaestor.tools.models.tokens import estimate_all
from tests.agents.chat.search_views import hit, opened, page, searched, view

LETTERS = st.sampled_from(["tide ", "Flut, ", "潮汐", "é" * 7, "x" * 40])


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    made: list[Step] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        text = draw(LETTERS) * draw(st.integers(0, 900))
        said = draw(LETTERS) * draw(st.integers(1, 40))
        if draw(st.booleans()):
            texts = [text] * draw(st.integers(1, 12))
            made.append(opened(number, *texts, said=said))
        else:
            hits = [hit(rank, snippet=text) for rank in range(1, draw(st.integers(1, 12)) + 1)]
            made.append(searched(number, *hits, said=said))
    return made


@given(steps(), st.integers(2_500, 60_000))
def test_a_summary_is_due_where_the_prompt_says_so(found: list[Step], room: int) -> None:
    policy, choice = Resum(), page(view(found), room=room)
    shown = policy.shown(choice)
    size = estimate_all([shown.prompt.system, *(turn.text for turn in shown.prompt.turns)])
    due = shown.cut or size >= policy.trigger * choice.room
    assert policy.is_due(choice, found) == due
