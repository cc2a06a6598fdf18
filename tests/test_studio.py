"""What `langgraph.json` names is there, compiled, and answers."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


async def test_the_named_graph_answers_from_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUAESTOR_HOME", str(tmp_path))
    named = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["research"]
    path, _, attribute = named.partition(":")
    spec = importlib.util.spec_from_file_location("studio_as_named", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    graph = getattr(module, attribute)
    assert {"begin", "plan", "public", "private", "refine", "report"} <= set(graph.nodes)
    out = await graph.ainvoke({"question": "Who leads the team that calibrates the Heron 4?"})
    assert out["status"] == "answered"
    assert "Sunniva Kreel" in out["report"]
