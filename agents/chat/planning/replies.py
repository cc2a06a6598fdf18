"""What a model is asked to reply with when it plans."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field


def _number(said: Any) -> Any:
    """Read `"#2"` and `"2"` as 2: small models write either."""
    return said.strip().lstrip("#") if isinstance(said, str) else said


Number = Annotated[int, BeforeValidator(_number)]


class PlannedTask(BaseModel):
    """One small question for one source."""

    question: str = Field(description="one question about one thing, whole in itself")
    source: str = Field(default="", description="name of a source of the list")
    needs: list[Number] = Field(
        default=[], description="numbers of tasks whose answers it waits for"
    )
    queries: list[str] = Field(default=[], description="one to three short searches, best first")
    broader: bool = Field(
        default=False, description="true if it asks more generally what found nothing"
    )


class PlanReply(BaseModel):
    """The tasks to add."""

    tasks: list[PlannedTask] = Field(description="new tasks; empty if nothing is left to ask")
    covered: list[Number] = Field(
        default=[], description="numbers of the parts that the tasks done have answered"
    )
    open: list[Number] = Field(
        default=[], description="numbers of the parts that these sources cannot answer"
    )
