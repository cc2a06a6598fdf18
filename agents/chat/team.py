"""Who does which role when models are there: the chat make over its extractive fallback."""

from collections.abc import Mapping
from dataclasses import replace

from quaestor.agents.chat.context.named import DEFAULT, Context, policy_named
from quaestor.agents.chat.planner import ChatPlanner
from quaestor.agents.chat.reviser import ChatReviser
from quaestor.agents.chat.searcher import ChatNextStep
from quaestor.agents.chat.verifier import ChatVerifier
from quaestor.agents.chat.writer import ChatSynthesizer
from quaestor.agents.workplace import Team
from quaestor.tools.models.crew import Role
from quaestor.tools.models.desk import Desk


def chat_team(desks: Mapping[Role, Desk], *, fallback: Team, context: Context = DEFAULT) -> Team:
    """Return a team whose roles with a desk ask a model first.

    Args:
        desks: Where each role asks its model; a role without one stays as it is.
        fallback: Answers where a model does not.
        context: What a searching model is shown of its steps.
    """
    team = fallback
    if "planner" in desks:
        team = replace(team, planner=ChatPlanner(desk=desks["planner"], fallback=team.planner))
    if "searcher" in desks:
        searcher = ChatNextStep(
            desk=desks["searcher"], fallback=team.next_step, policy=policy_named(context)
        )
        team = replace(team, next_step=searcher)
    if "writer" in desks:
        desk = desks["writer"]
        writer = ChatSynthesizer(desk=desk, fallback=team.synthesizer)
        team = replace(team, synthesizer=writer, reviser=ChatReviser(desk=desk))
    if "verifier" in desks:
        verifier = ChatVerifier(desk=desks["verifier"], fallback=team.verifier)
        team = replace(team, verifier=verifier)
    return team
