"""The prompts' texts, one file each, beside the code that fills them."""

from functools import cache
from importlib.resources import files


@cache
def text(name: str) -> str:
    """Return the text of a prompt by its name, without the file's ending."""
    return (files("quaestor.agents.chat") / "prompts" / f"{name}.md").read_text("utf-8").strip()
