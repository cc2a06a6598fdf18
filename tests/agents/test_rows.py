"""A row as a sentence, worked by hand."""

import pytest

from quaestor.agents.rows import row_sentence


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        pytest.param(["Ferry", "Built"], ["Eider", "1983"], "Eider: built 1983.", id="a value"),
        pytest.param(["", "Built"], ["", "1983"], "built 1983.", id="of nothing named"),
        pytest.param(["Ferry", "Built"], ["Eider", ""], "Eider.", id="no value"),
        pytest.param(["Ferry", "VAT"], ["Eider", "7 %"], "Eider: VAT 7 %.", id="an acronym"),
        pytest.param(["Ferry", "Built"], ["", ""], "", id="nothing"),
    ],
)
def test_a_row_as_a_sentence(header: list[str], cells: list[str], said: str) -> None:
    assert row_sentence(header, cells) == said
