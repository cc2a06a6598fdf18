"""What a run has heard is told once, however much that is by now."""

from dataclasses import replace

from quaestor.memory.calls import Ask
from quaestor.memory.database import Database
from quaestor.memory.heard import heard
from quaestor.memory.lease import take
from quaestor.memory.ledger import Ledger
from quaestor.memory.outcomes import Reply

ASK = Ask(branch="public", task="t", round=0, step=1)


async def test_only_what_is_new_is_told_in_a_statement_of_the_same_length(
    database: Database,
) -> None:
    ledger = Ledger(database, "r", token=(await take(database, "r")).token)
    said: list[str] = []
    longest: list[int] = []
    known: set[int] = set()
    async with database.writing() as writer:
        writer.raw.set_trace_callback(said.append)
    async with database.reading() as reader:
        reader.raw.set_trace_callback(said.append)
    for step in range(1, 61):

        async def found(step: int = step) -> Reply:
            hit = {"title": f"Pier {step}", "snippet": "", "uri": f"u{step}"}
            return Reply(body={"hits": [hit], "documents": []})

        ask = replace(ASK, step=step)
        await ledger.call("search", {"query": str(step)}, found, ask=ask, origin="web")
        said.clear()
        new = await heard(database, "r", origins={"web"}, branch="public", known=known)
        assert [texts[0] for texts in new.values()] == [f"Pier {step}"]
        known |= set(new)
        longest.append(max(map(len, said)))
    assert max(longest) <= longest[0] + 1  # the number of the new one has two digits by then
    assert await heard(database, "r", origins={"local:notes"}, branch="public") == {}
