"""Who does which role when nobody says otherwise."""

from quaestor.agents.extractive.planner import ExtractivePlanner
from quaestor.agents.extractive.searcher import ExtractiveNextStep
from quaestor.agents.extractive.synthesizer import ExtractiveSynthesizer
from quaestor.agents.verifier import ExtractiveVerifier
from quaestor.agents.workplace import Team
from quaestor.tools.text.similarity import LexicalScorer


def extractive_team() -> Team:
    """Return the team that needs no model, no key and no network."""
    return Team(
        planner=ExtractivePlanner(),
        next_step=ExtractiveNextStep(),
        synthesizer=ExtractiveSynthesizer(),
        verifier=ExtractiveVerifier(),
        scorer=LexicalScorer(),
    )
