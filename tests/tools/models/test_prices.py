"""What tokens cost: by the kept list, nothing on this machine, and not 0 where nobody knows."""

import pytest

from quaestor.tools.models import prices
from quaestor.tools.models.endpoint import Endpoint
from quaestor.tools.models.prices import price

OPENAI = "https://api.openai.com/v1"


def of(model: str, *, url: str = "", provider: str = "openai", remote: bool = True) -> float | None:
    endpoint = Endpoint(provider=provider, model=model, url=url, remote=remote)
    return price(endpoint, tokens_in=2_000_000, tokens_out=1_000_000)


@pytest.mark.parametrize(
    ("model", "where", "usd"),
    [
        pytest.param("gpt-4o", {"url": OPENAI}, 15.0, id="2 x 2.50 and 10 dollars a million"),
        pytest.param("gpt-4o", {}, 15.0, id="by provider where the address is hidden"),
        pytest.param("gpt-4o", {"url": "http://10.0.0.5/v1"}, None, id="a namesake elsewhere"),
        pytest.param("no-such-model", {"url": OPENAI}, None, id="a model that nobody knows"),
        pytest.param("x", {"provider": "nobody"}, None, id="a provider that nobody knows"),
        pytest.param("gpt-4o", {"remote": False}, 0.0, id="on this machine"),
    ],
)
def test_prices(model: str, where: dict[str, object], usd: float | None) -> None:
    assert of(model, **where) == usd  # type: ignore[arg-type]


def test_without_the_list_no_price_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "_library", lambda: None)
    assert of("gpt-4o", url=OPENAI) is None
    assert of("gpt-4o", remote=False) == 0.0
