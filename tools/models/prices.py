"""What tokens cost, from the kept list of genai-prices (extra `models`)."""

from functools import cache
from typing import Any

from quaestor.tools.models.endpoint import Endpoint


def price(endpoint: Endpoint, *, tokens_in: int, tokens_out: int) -> float | None:
    """Return the price in US dollars, None where nobody knows it.

    A model on this machine costs nothing.
    """
    if not endpoint.remote:
        return 0.0
    library = _library()
    if library is None:
        return None
    usage = library.Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    # Somebody's own server may call its model as a provider calls one that costs money.
    where = (
        {"provider_api_url": endpoint.url} if endpoint.url else {"provider_id": endpoint.provider}
    )
    try:
        return float(library.calc_price(usage, model_ref=endpoint.model, **where).total_price)
    except LookupError:
        return None


@cache
def _library() -> Any:
    try:
        import genai_prices  # noqa: PLC0415 - an extra, and only needed with a model
    except ImportError:
        return None
    return genai_prices
