"""What a run has spent: a call is a row, a request one try of it."""

from quaestor.spending import requests, spent, summed
from tests.test_plain import call, row

CALLS = [
    call("search", attempts=3, status="failed"),
    call("search"),
    call("fetch", how="cached", attempts=0, tokens_in=100, usd=9.0),
    call("chat", how="inherited", attempts=0, tokens_in=100, usd=9.0),
    call("chat", tokens_in=3, tokens_out=4, usd=0.1, lost=2),
    call("chat", tokens_in=5, usd=0.2),
    call("chat", tokens_in=7, priced=False, estimated=True),
    call("chat", how="inherited", attempts=0, priced=False, estimated=True),
    call("fetch", how="", status="in_flight", attempts=0),
]


def test_what_was_made_is_counted_once_a_call_and_once_a_request() -> None:
    found = spent(CALLS, row())
    assert found.calls == {"chat": 3, "fetch": 1, "search": 2}
    # The first search was tried three times; one chat was lost twice before its reply.
    assert found.requests == {"chat": 5, "fetch": 1, "search": 4}
    assert (found.tokens_in, found.tokens_out, found.usd) == (15, 4, 0.3)
    assert (found.unpriced, found.estimated, found.seconds) == (1, 1, 1.235)


def test_the_requests_of_the_rows_add_up_to_those_of_the_run() -> None:
    assert [requests(one) for one in CALLS] == [3, 1, 0, 0, 3, 1, 1, 0, 1]
    assert sum(map(requests, CALLS)) == sum(spent(CALLS, row()).requests.values())


def test_what_had_been_tried_before_it_was_asked_again_is_counted() -> None:
    # Three tries failed; then the process was killed at the fourth, or found a cached answer.
    again = [
        call("chat", how="", status="in_flight", attempts=3),
        call("search", how="cached", attempts=3),
    ]
    assert [requests(one) for one in again] == [4, 3]
    assert spent(again, row()).requests == {"chat": 4, "search": 3}
    assert spent(again, row()).calls == {"chat": 1}


def test_runs_are_added_up() -> None:
    one, other = spent(CALLS, row()), spent([call("embed", tokens_in=1)], row(seconds=2.0))
    both = summed([one, other])
    assert both.calls == {"chat": 3, "embed": 1, "fetch": 1, "search": 2}
    assert both.requests == {"chat": 5, "embed": 1, "fetch": 1, "search": 4}
    assert (both.tokens_in, both.usd, both.seconds) == (16, 0.3, 3.235)
    assert summed([]).calls == {}
