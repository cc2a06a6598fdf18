"""What a writer's model is asked to reply: flat and short, so that small models manage."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from quaestor.agents.chat.writing.numbering import read_ids

Ids = Annotated[
    list[str],
    BeforeValidator(read_ids),
    Field(description='ids of the evidence that says it, like ["e1", "e4"]'),
]


class Sentence(BaseModel):
    """One sentence of the report and the evidence that says it."""

    text: str = Field(description="one complete sentence, without ids or marks in it")
    evidence: Ids = []


class Row(BaseModel):
    """One row of a table."""

    cells: list[str] = Field(description="one text a column")
    evidence: Ids = []


class WithAnswer(BaseModel):
    """What every plan and short reply begins with."""

    answerable: bool = Field(
        default=True, description="false if the evidence does not answer the question at all"
    )
    answer: str = Field(
        default="",
        description="the answer in a few words as the evidence has it; empty for a report",
    )
    answer_evidence: Ids = []
    lead: list[Sentence] = Field(
        default=[], description="the sentences that answer the question, the most important first"
    )


class Paragraph(WithAnswer):
    """A short answer and one paragraph."""


class PlannedSection(BaseModel):
    """One section that will be written from its own evidence."""

    part: int = Field(default=0, description="number of the part it answers; 0 for none")
    heading: str = Field(description="a few words")
    evidence: Ids = []


class ReportPlan(WithAnswer):
    """The answer and the plan of a report."""

    sections: list[PlannedSection] = Field(
        default=[], description="one section a part of the question, in the asked order"
    )
    unanswered: list[int] = Field(
        default=[], description="numbers of the parts that the evidence says nothing of"
    )


class HeadedSentence(Sentence):
    """One sentence of a section."""

    heading: str = Field(description="heading of the section it stands in")


class WrittenReport(WithAnswer):
    """The answer and the whole report."""

    sentences: list[HeadedSentence] = Field(
        default=[], description="all further sentences, section by section, in the asked order"
    )
    table: list[Row] = Field(
        default=[], description="optional: a header row and one row for each thing compared"
    )
    unanswered: list[int] = Field(
        default=[], description="numbers of the parts that the evidence says nothing of"
    )


class WrittenSection(BaseModel):
    """The sentences of one section."""

    sentences: list[Sentence] = Field(default=[], description="in reading order")
    table: list[Row] = Field(
        default=[], description="optional: a header row and one row for each thing compared"
    )
