"""A scorer that fails when a run first asks it is not asked again: words rank for the whole run."""

from quaestor.errors import OutsideError
from quaestor.tools.scoring.likeness import Call, Known, Likeness, Scorer, Wanted

_PROBE = {"ready": ("ready",)}


class Failed:
    """What stands for a scorer that failed: it fails again, and asks nobody."""

    def __init__(self, scorer: Scorer, error: OutsideError) -> None:
        self.remote = scorer.remote
        self._error = error

    async def measure(self, wanted: Wanted, *, call: Call) -> Likeness:
        """Raise what the scorer had raised, where anything is wanted of it."""
        if wanted:
            raise self._error
        return Known({})


async def tried(scorer: Scorer, *, call: Call) -> Scorer:
    """Return the scorer, or `Failed` where a first small question to it fails for good.

    The ledger keeps the answer, so that a resumed run decides alike. Without it a server that
    is down would be tried three times for every batch of a run.
    """
    try:
        await scorer.measure(_PROBE, call=call)
    except OutsideError as error:
        return Failed(scorer, error)
    return scorer
