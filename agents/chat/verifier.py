"""The verifier with a model: what code looks up, and then whether the spans say the claim.

Code decides first and a model cannot overrule it: it can only find more that is wrong.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, Field

from quaestor.agents.chat.texts import text
from quaestor.agents.facts import ground
from quaestor.agents.roles.verifier import ClaimView, Judged, Verifier
from quaestor.agents.verifier import unfounded
from quaestor.memory.calls import Ask
from quaestor.memory.report import Verdict
from quaestor.tools.models.desk import Desk, NoReplyError
from quaestor.tools.models.messages import Prompt
from quaestor.tools.models.tokens import clip, estimate

MOST_CLAIMS = 12
"""Of one question: small models lose count of more."""
_LONGEST_REASON = 200
_SEVERITY: tuple[Verdict, ...] = ("supported", "partly", "unsupported", "contradicted")


class ClaimVerdict(BaseModel):
    """The verdict on one claim."""

    claim: int = Field(description="number of the claim")
    verdict: Literal["supported", "partly", "unsupported", "contradicted"]
    reason: str = Field(default="", description="what is missing or different, in a few words")


class ClaimVerdicts(BaseModel):
    """One verdict for every claim."""

    verdicts: list[ClaimVerdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatVerifier:
    """Asks a model of every claim that is not its span's own words whether the spans say it.

    A document's title before those words, which says what they speak of, is no claim of its own.

    Source:
        The four verdicts are those of ALCE's and LongCite's full, partial and no support, with
        contradiction apart (notes of the papers in docs/evaluation.md).
    """

    desk: Desk
    fallback: Verifier

    async def judge(self, claims: tuple[ClaimView, ...]) -> tuple[Judged, ...]:
        """Return one verdict a claim: the worse of what code and the model say."""
        judged = list(await self.fallback.judge(claims))
        open_ones = [number for number, one in enumerate(claims) if one.spans and not one.copied]
        batches = list(_batches(claims, open_ones, room=self.desk.room // 2))
        answers = await asyncio.gather(
            *(self._batch(claims, batch, step) for step, batch in enumerate(batches))
        )
        for found in answers:
            for number, one in found.items():
                judged[number] = _worse(judged[number], one, claims[number])
        return tuple(judged)

    async def _batch(
        self, claims: Sequence[ClaimView], batch: Sequence[int], step: int
    ) -> dict[int, ClaimVerdict]:
        at = Ask(branch="research", task="", round=2, step=step)
        shown = [self._shown(place, claims[number]) for place, number in enumerate(batch, 1)]
        prompt = Prompt.of(f"{text('verify')}\n\n{self.desk.rules}", "\n\n".join(shown))
        places = set(range(1, len(batch) + 1))

        def check(reply: ClaimVerdicts) -> str:
            missing = places - {one.claim for one in reply.verdicts}
            return f"no verdict on claim {min(missing)}" if missing else ""

        try:
            reply = await self.desk.ask(ClaimVerdicts, prompt, at, check=check)
        except NoReplyError as error:
            await self.desk.fell_back(at, error)
            return {}
        found: dict[int, ClaimVerdict] = {}
        for one in reply.verdicts:
            if one.claim in places:
                found.setdefault(batch[one.claim - 1], one)
        return found

    def _shown(self, place: int, claim: ClaimView) -> str:
        room = self.desk.room // 2
        spans = "\n".join(claim.spans)
        titles = "; ".join(claim.titles)
        passages = self.desk.enclosed(clip(f"{titles}\n{spans}", room))
        return f"Claim {place}: {self.desk.enclosed(claim.text)}\nIts passages:\n{passages}"


def _batches(
    claims: Sequence[ClaimView], open_ones: Sequence[int], *, room: int
) -> Iterator[list[int]]:
    batch: list[int] = []
    size = 0
    for number in open_ones:
        claim = claims[number]
        tokens = sum(estimate(part) for part in (claim.text, *claim.spans, *claim.titles)) + 40
        if batch and (len(batch) == MOST_CLAIMS or size + tokens > room):
            yield batch
            batch, size = [], 0
        batch.append(number)
        size += tokens
    if batch:
        yield batch


def _worse(judged: Judged, said: ClaimVerdict, claim: ClaimView) -> Judged:
    verdict: Verdict = said.verdict
    both = replace(judged, entailment=verdict)
    if _SEVERITY.index(verdict) <= _SEVERITY.index(judged.verdict):
        return both
    return replace(both, verdict=verdict, reason=f"a model judged: {_reason(said, claim)}")


def _reason(said: ClaimVerdict, claim: ClaimView) -> str:
    """Return the model's words, which the report shows, where they name nothing of their own."""
    reason = " ".join(said.reason.split())[:_LONGEST_REASON]
    base = ground((claim.text, *(claim.parted or claim.spans)), claim.titles)
    plain = "the model finds no more than that"
    return plain if not reason or unfounded(reason, base, claim.titles) else reason
