"""The join: what both branches found, refined by each other's conclusions."""

from dataclasses import dataclass, replace
from typing import Any

from quaestor.agents.branching import refine_round
from quaestor.graphs.branch import NOTHING, in_order
from quaestor.graphs.session import Session, Setup
from quaestor.graphs.state import BranchResult, ResearchState
from quaestor.memory.finding import Finding, Gap
from quaestor.memory.plan import Branch, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one branch found."""

    plan: Plan
    findings: tuple[Finding, ...]
    """In planned order."""
    gaps: tuple[Gap, ...]


async def join(session: Session, state: ResearchState) -> dict[str, Any]:
    """Promote in each branch what the other branch's conclusions speak for."""
    found: dict[Branch, Found] = {
        branch: await found_by(session, state, branch) for branch in session.setup.branches
    }
    kept: dict[str, str] = dict(state.get("kept") or {})
    for branch in found:
        result = _result(state, branch)
        for name, reason in result["kept"].items():
            kept.setdefault(name, reason)
    for branch, mine in found.items():
        others = [
            one
            for other in found
            if other != branch
            for one in found[other].findings
            if one.conclusion
        ]
        if others:
            reasons = await refine_round(session.joint(branch), _rest(mine, kept), known=others)
            for name, reason in reasons.items():
                kept.setdefault(name, reason)
    passes = (state.get("passes") or 0) + 1
    return {"kept": {name: kept[name] for name in sorted(kept)}, "passes": passes}


def ask_again(setup: Setup, state: ResearchState) -> bool:
    """Say whether the private branch is called once more.

    It is, once, when the public branch did any task and the question is not a quick one: a web
    answer may lead into the documents.
    Its planner adds no task where that closes nothing. Nothing ever flows the other way.
    """
    if setup.depth == "quick" or len(setup.branches) < 2 or (state.get("passes") or 0) > 1:
        return False
    return bool(_result(state, "public")["findings"])


async def found_by(session: Session, state: ResearchState, branch: Branch) -> Found:
    """Return what a branch found."""
    result = _result(state, branch)
    if not result["plan"]:
        return Found(plan=Plan(branch=branch), findings=(), gaps=())
    plan = await session.values.load(Plan, result["plan"])
    findings = await session.values.load_all(Finding, result["findings"])
    gaps = await session.values.load_all(Gap, result["gaps"])
    return Found(plan=plan, findings=tuple(in_order(findings, plan)), gaps=tuple(gaps))


def _result(state: ResearchState, branch: Branch) -> BranchResult:
    return state.get(branch) or NOTHING


def _rest(found: Found, kept: dict[str, str]) -> list[Finding]:
    """Return the findings with what is kept counted so, and nothing of their own to rank by.

    The branch's own refiner has used that; here only the other branch's conclusions speak.
    """
    return [
        replace(
            one,
            kept=(*one.kept, *(name for name in one.seen if name in kept)),
            seen=tuple(name for name in one.seen if name not in kept),
            question="",
            conclusion="",
        )
        for one in found.findings
    ]
