"""The tasks a model proposes, and what code keeps of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quaestor.agents.chat.planning.referring import REFERENCE, Renumbering, references
from quaestor.agents.chat.planning.replies import PlannedTask, PlanReply
from quaestor.agents.chat.planning.wording import gist, is_broader, nearly_same, too_broad
from quaestor.agents.roles.planner import PlanView
from quaestor.memory.finding import Finding
from quaestor.memory.plan import Task

DEEPEST = 4
"""Tasks in a chain of needs."""
MOST_READ = 24
"""Tasks of one reply that are looked at."""
MOST_QUERIES = 3
_LONGEST_QUERY = 200
_SAID = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What of a reply can be carried out, and what cannot."""

    tasks: tuple[Task, ...]
    """New ones; added to the view's plan they pass its check."""
    faults: tuple[str, ...]
    """By the numbers the model was given; no text of its own or of a source."""

    @property
    def why(self) -> str:
        """What the model should mend."""
        return "; ".join(self.faults[:_SAID])


def sift(view: PlanView, reply: PlanReply) -> Sifted:
    """Keep the tasks of a reply that are sound, put in an order in which needs come first."""
    sifting = _Sifting(view=view)
    drafts = dict(enumerate(reply.tasks[:MOST_READ], len(view.plan.tasks) + 1))
    waiting = dict(drafts)
    while waiting:
        number = next((one for one in waiting if not sifting.needs_any(waiting, one)), None)
        if number is None:
            sifting.faults += [f"task {one} waits for itself" for one in waiting]
            break
        sifting.add(number, waiting.pop(number))
    return Sifted(tasks=tuple(sifting.tasks), faults=tuple(sifting.faults))


@dataclass(slots=True, kw_only=True)
class _Sifting:
    """A sift under way."""

    view: PlanView
    tasks: list[Task] = field(default_factory=list[Task])
    faults: list[str] = field(default_factory=list[str])
    places: dict[int, int] = field(default_factory=dict[int, int])
    """The model's number of each new task that is carried out, to its place in the plan."""

    def needs_any(self, waiting: dict[int, PlannedTask], number: int) -> bool:
        """Say whether a draft needs one that is not looked at yet."""
        return any(need in waiting for need in self._needs(waiting[number]))

    def add(self, number: int, draft: PlannedTask) -> None:
        """Take a draft in, merge it into one that asks the same, or say what is wrong."""
        asked = " ".join(draft.question.split())
        source = self._source(draft.source)
        fault = self._fault(draft, asked, source)
        if fault:
            self.faults.append(f"task {number} {fault}")
            return
        to = Renumbering(self.places, known=len(self.view.plan.tasks), own=self.view.question)
        queries = tuple(to.rewrite(query) for query in self._queries(draft, asked))
        needs = [self._ids[to.place(need) - 1] for need in self._needs(draft)]
        task = Task.of(
            to.rewrite(asked),
            branch=self.view.branch,
            source=source,
            needs=tuple(dict.fromkeys(needs)),
            queries=queries,
        )
        same = self._same(task)
        if same:
            self._merge(same, task)
        elif len(self.tasks) == self.view.max_tasks:
            self.faults.append(f"task {number} is one more than the {self.view.max_tasks} allowed")
            return
        elif self._is_too_deep(task):
            most = longest_chain(self.view)
            self.faults.append(f"task {number} ends a chain that is too long: at most {most} now")
            return
        else:
            self.tasks.append(task)
        self.places[number] = same or len(self._ids)

    @property
    def _all(self) -> list[Task]:
        return [*self.view.plan.tasks, *self.tasks]

    @property
    def _ids(self) -> list[str]:
        return [task.id for task in self._all]

    def _needs(self, draft: PlannedTask) -> list[int]:
        texts = [draft.question, *draft.queries]
        named = [number for text in texts for number in references(text, own=self.view.question)]
        return sorted({*draft.needs, *named})

    def _source(self, said: str) -> str:
        """Return the name of the source that is meant; a lone one need not be named."""
        named = [card.name for card in self.view.sources]
        if said in named:
            return said
        alike = [name for name in named if name.casefold() == said.strip().casefold()]
        if not said.strip() and len(named) == 1:
            return named[0]
        return alike[0] if len(alike) == 1 else ""

    def _fault(self, draft: PlannedTask, asked: str, source: str) -> str:
        view = self.view
        if not gist(REFERENCE.sub(" ", asked)):
            return "asks nothing"
        if not source:
            return "names no source of the list"
        missed = _not_found(view.findings)
        if draft.broader and not any(is_broader(asked, than) for than in missed):
            return "is broader than nothing: that is for what was not found, in fewer words"
        broad = too_broad(asked, question=view.question, parts=view.brief.parts)
        return broad or self._unmet(draft)

    def _unmet(self, draft: PlannedTask) -> str:
        """Return which need of a draft no task can meet; empty where all can be met."""
        for need in self._needs(draft):
            if need not in self.places and not 1 <= need <= len(self.view.plan.tasks):
                return f"needs task {need}, which is not there"
            if self._is_answerless(need):
                return f"needs task {need}, which found nothing"
        return ""

    def _is_answerless(self, need: int) -> bool:
        """Say whether a task is done and has no answer to hand on."""
        place = self.places.get(need, need)
        task = self._all[place - 1].id
        return any(one.task == task and not one.hypotheses for one in self.view.findings)

    def _queries(self, draft: PlannedTask, asked: str) -> list[str]:
        lines = [" ".join(query.split()) for query in draft.queries]
        fit: dict[frozenset[str], str] = {}
        for line in lines:
            typed = "://" not in line or line in self.view.question
            if typed and len(line) <= _LONGEST_QUERY and gist(line):
                fit.setdefault(gist(line), line)
        return list(fit.values())[:MOST_QUERIES] or [asked]

    def _same(self, task: Task) -> int:
        """Return the place of a task that asks the same of the same source, 0 where none does."""
        asked = gist(task.question)
        filled = {one.task: one.question for one in self.view.findings}
        for place, known in enumerate(self._all, 1):
            if known.source != task.source:
                continue
            if asked in (gist(known.question), gist(filled.get(known.id, known.question))):
                return place
            if place > len(self.view.plan.tasks) and nearly_same(known.question, task.question):
                return place
        return 0

    def _merge(self, place: int, task: Task) -> None:
        """Give a task planned in this reply the queries of another that asks the same."""
        at = place - 1 - len(self.view.plan.tasks)
        if at >= 0 and set(task.needs) <= set(self.tasks[at].needs):
            both = dict.fromkeys((*self.tasks[at].queries, *task.queries))
            self.tasks[at] = replace(self.tasks[at], queries=tuple(both)[:MOST_QUERIES])

    def _is_too_deep(self, task: Task) -> bool:
        """Say whether a chain is too long, or waits for more rounds than there are."""
        done = {one.task for one in self.view.findings}
        whole: dict[str, int] = {}
        waits: dict[str, int] = {}
        for one in [*self._all, task]:
            whole[one.id] = 1 + max((whole.get(need, 0) for need in one.needs), default=0)
            before = max((waits.get(need, 0) for need in one.needs), default=0)
            waits[one.id] = 0 if one.id in done else 1 + before
        return whole[task.id] > DEEPEST or waits[task.id] > longest_chain(self.view)


def longest_chain(view: PlanView) -> int:
    """Return how many tasks may wait for each other: each step takes a round."""
    return max(1, min(DEEPEST, view.rounds - view.round))


def _not_found(findings: Sequence[Finding]) -> Iterator[str]:
    for one in findings:
        if any(gap.kind == "not_found" for gap in one.gaps):
            yield one.question
