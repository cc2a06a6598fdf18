"""Which model answers for which role, and how long a prompt may be."""

import pytest

from quaestor.errors import SettingsError
from quaestor.testing import HashModel, ScriptedModel
from quaestor.tools.models import crew
from quaestor.tools.models.crew import ROLES, Crew, crew_of


def test_one_model_takes_every_role() -> None:
    model = HashModel()
    made = crew_of(model)
    assert made is not None
    assert dict(made.models) == dict.fromkeys(ROLES, model)
    assert set(made.plain()) == set(ROLES)


@pytest.mark.parametrize("nothing", [None, {}])
def test_without_a_model_there_is_no_crew(nothing: None) -> None:
    assert crew_of(nothing) is None


def test_a_role_without_a_model_has_none() -> None:
    writer, checker = HashModel(), ScriptedModel([])
    made = crew_of({"verifier": checker, "writer": writer})
    assert made is not None
    assert dict(made.models) == {"writer": writer, "verifier": checker}
    assert made.plain() == {
        "verifier": made.endpoints["verifier"].name,
        "writer": made.endpoints["writer"].name,
    }


def test_a_name_given_to_two_roles_is_one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    made_of: list[str] = []

    def make(spec: str) -> HashModel:
        made_of.append(spec)
        return HashModel()

    monkeypatch.setattr(crew, "make_chat", make)
    made = crew_of({"planner": "a:x", "writer": "a:x", "verifier": "a:y"})
    assert made is not None
    assert made_of == ["a:x", "a:y"]
    assert made.models["planner"] is made.models["writer"]


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"no role 'cook'; models take planner, searcher"):
        crew_of({"cook": HashModel()})  # type: ignore[dict-item]


def test_what_is_no_model_is_refused_without_being_shown() -> None:
    class Client:
        def __repr__(self) -> str:
            return "Client(api_key='sk-test-SECRET')"

    with pytest.raises(SettingsError, match="planner is a Client, no chat model") as caught:
        crew_of(Client())  # type: ignore[arg-type]
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("context", "profile", "room"),
    [
        pytest.param(None, {}, 28_000, id="32,000 where nobody says"),
        pytest.param(None, {"max_input_tokens": 200_000}, 196_000, id="as the model says"),
        pytest.param(None, {"max_input_tokens": 0}, 28_000, id="no window of nothing"),
        pytest.param(8_000, {"max_input_tokens": 200_000}, 4_000, id="as the caller says"),
        pytest.param(2_000, {}, 1_000, id="half of a small one is the reply's"),
    ],
)
def test_the_room_of_a_prompt(context: int | None, profile: dict[str, int], room: int) -> None:
    model = HashModel()
    model.profile = profile  # type: ignore[assignment]
    assert Crew(models={"writer": model}, context=context).room("writer") == room
