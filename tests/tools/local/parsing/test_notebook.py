"""Notebooks: cells with what they printed."""

import json

import pytest

from quaestor.tools.local.parsing.parsed import RefusedFileError
from tests.tools.local.parsing.making import NOTEBOOK, parts_of, read


def notebook(*cells: dict[str, object]) -> bytes:
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


def test_each_cell_is_found_again_by_its_number_with_its_outputs() -> None:
    shown = {"text/plain": ["12.5\n"], "text/html": "<b>secret</b>"}
    data = notebook(
        {"cell_type": "markdown", "source": ["# Tides\n", "High water <!-- secret -->at noon."]},
        {"cell_type": "code", "source": ""},
        {
            "cell_type": "code",
            "source": "print(level)",
            "outputs": [
                {"output_type": "stream", "text": ["\x1b[31mhigh\x1b[0m\n"]},
                {"output_type": "execute_result", "data": shown},
            ],
        },
    )
    parsed = read(data, NOTEBOOK)
    assert parts_of(parsed, "cell") == [
        (1, "# Tides\nHigh water at noon."),
        (3, "print(level)\n\nhigh\n\n12.5"),
    ]
    assert parsed.title == "Tides"


def test_an_output_without_end_is_cut() -> None:
    long = {"output_type": "stream", "text": "x" * 30_000}
    data = notebook({"cell_type": "code", "source": "go", "outputs": [long]})
    assert read(data, NOTEBOOK).text == "go\n\n" + "x" * 20_000


def test_a_notebook_of_before_format_4_is_read() -> None:
    cells = [{"cell_type": "code", "input": ["x = 1"], "outputs": []}]
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode()
    assert read(data, NOTEBOOK).text == "x = 1"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"{", "damaged: not the JSON of a notebook", id="cut off"),
        pytest.param(b"[" * 100_000, "damaged: not the JSON of a notebook", id="nested deeply"),
        pytest.param(b'{"cells": []}', "no notebook inside", id="other JSON"),
        pytest.param(b"[1, 2]", "no notebook inside", id="a list"),
        pytest.param(notebook({"cell_type": 7, "source": {}}), "no text in it", id="wrong types"),
    ],
)
def test_what_gives_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        read(data, NOTEBOOK)
