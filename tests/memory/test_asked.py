"""What a run asked at one place: only that, with how it ended, always in the same order."""

from quaestor.errors import RefusedError
from quaestor.memory import lease
from quaestor.memory.asked import asked
from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Reply

HERE = Ask(branch="research", task="", round=0, step=0)


async def opened(database: Database, run: str) -> Ledger:
    held = await lease.take(database, run)
    return Ledger(database, run, token=held.token)


async def says() -> Reply:
    return Reply(body={"said": "yes"})


async def refuses() -> Reply:
    raise RefusedError("m", "no")


async def test_calls_of_one_place_and_run_are_given_in_the_order_of_their_keys(
    database: Database,
) -> None:
    book, other = await opened(database, "r1"), await opened(database, "r2")
    mine = [await book.call("chat", {"q": n}, says, ask=HERE) for n in range(4)]
    mine.append(await book.call("chat", {"q": "no"}, refuses, ask=HERE))
    elsewhere = [
        Ask(branch="public", task="", round=0, step=0),
        Ask(branch="research", task="t", round=0, step=0),
        Ask(branch="research", task="", round=1, step=0),
    ]
    for ask in elsewhere:
        await book.call("chat", {"at": ask.branch, "round": ask.round}, says, ask=ask)
    await book.call("search", {"q": "x"}, says, ask=HERE)
    await other.call("chat", {"q": "other"}, says, ask=HERE)

    found = await asked(database, "r1", kind="chat", branch="research", round=0)

    expected = [
        ({"q": "no" if one.failed else number}, one.failed, one.body)
        for _, number, one in sorted((one.key, number, one) for number, one in enumerate(mine))
    ]
    assert found == expected
    assert [body for _, failed, body in found if failed] == [
        {"error": "RefusedError", "source": "m", "reason": "no"}
    ]


async def test_one_call_that_two_steps_asked_for_is_given_once_each_place(
    database: Database,
) -> None:
    book = await opened(database, "r1")
    for place in (HERE, Ask(branch="public", task="", round=2, step=1)):
        await book.call("chat", {"q": "x"}, says, ask=place)
    for branch, round_ in (("research", 0), ("public", 2)):
        found = await asked(database, "r1", kind="chat", branch=branch, round=round_)
        assert found == [({"q": "x"}, False, {"said": "yes"})]
