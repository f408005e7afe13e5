"""What a playbook file says, as values; `docs/playbooks.md` is the same for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from cs_workbench.core.playbooks.conditions import Condition
from cs_workbench.core.playbooks.templates import Template

Anchor = Literal["today", "contract start", "deadline", "end date", "signal date"]
StepOwner = Literal["csm", "sales", "support", "product", "executive", "customer"]
StepKind = Literal["do", "ask", "draft", "decide", "wait", "record"]
FieldType = Literal["text", "choice", "number", "money", "date", "yes/no", "contact", "rating"]
Recorded = Literal[
    "forecast",
    "commitment",
    "promise",
    "goal",
    "contact role",
    "sentiment",
    "concession",
    "exit reason",
    "touchpoint",
    "next step",
]
ContactKind = Literal["give", "ask", "fix", "check-in"]
Direction = Literal["up", "down", "kept"]

ANCHORS: tuple[Anchor, ...] = get_args(Anchor)
STEP_OWNERS: tuple[StepOwner, ...] = get_args(StepOwner)
STEP_KINDS: tuple[StepKind, ...] = get_args(StepKind)
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
RECORDED: tuple[Recorded, ...] = get_args(Recorded)
CONTACT_KINDS: tuple[ContactKind, ...] = get_args(ContactKind)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
END = "end"  # where a branch goes that ends the play


@dataclass(frozen=True)
class Due:
    """So many days from an anchor; negative is before it.

    Attributes:
        business: whether weekends and holidays of the account's region are passed over.
    """

    anchor: Anchor
    days: int = 0
    business: bool = False


@dataclass(frozen=True)
class Trigger:
    """What suggests the playbook: one of the signals (where there are any), and all conditions.

    Attributes:
        is_manual: a person starts it; nothing suggests it.
        because: the same in a sentence, for the person who is asked to act.
    """

    signals: tuple[str, ...]
    when: tuple[Condition, ...]
    is_manual: bool
    because: str


@dataclass(frozen=True)
class Audience:
    """Whom it is for; an empty set is everybody."""

    segments: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Exit:
    """When the play has done what it is for: conditions on data, or evidence a person gives."""

    when: tuple[Condition, ...]
    evidence: str


@dataclass(frozen=True)
class Outcome:
    """What the playbook is judged by, whether or not its steps were ticked off.

    Attributes:
        measure: `score`, `retained ARR`, or the id of a measure of health.
        change: which way is good; `kept` for what must not fall.
    """

    measure: str
    change: Direction
    within_days: int


@dataclass(frozen=True)
class Field:
    """One thing that an *ask* step wants to know.

    Attributes:
        field_id: unique in the playbook; `answer.FIELD_ID` names it elsewhere.
        prefill: what answers it beforehand, shown with its source and date: a fact, `answer.FIELD`
            (the newest of earlier plays), or `contact.ROLE`.
        is_internal: never part of what the customer reads; ratings never are.
    """

    field_id: str
    label: str
    type: FieldType
    choices: tuple[str, ...] = ()
    is_required: bool = False
    prefill: str = ""
    is_internal: bool = False


@dataclass(frozen=True)
class Message:
    """What a *draft* step drafts.

    Attributes:
        to: the contact role it is for.
        kind: what it does to the customer: give, ask, fix, check-in; caps count by it.
    """

    to: str
    kind: ContactKind
    subject: Template
    body: Template


@dataclass(frozen=True)
class Branch:
    """One way on from a *decide* step; without conditions it is taken when no other is."""

    when: tuple[Condition, ...]
    go: str


@dataclass(frozen=True)
class Wait:
    """What a *wait* step waits for: a number of days, data, or a reply; at most so long."""

    days: int | None = None
    when: tuple[Condition, ...] = ()
    reply: bool = False
    at_most_days: int | None = None


@dataclass(frozen=True)
class Record:
    """What a *record* step writes to the account, and from which answers or words."""

    what: Recorded
    values: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True)
class Escalation:
    """Who is told when a step is overdue by so many days."""

    after_days: int
    to: StepOwner


@dataclass(frozen=True)
class Step:
    """One step; which of the optional parts it has follows from its kind.

    Attributes:
        when: it is passed over unless all of these hold.
        then: the step that follows; empty for the next in the file.
        evidence: what shows that it was done, where that is wanted.
    """

    step_id: str
    title: str
    owner: StepOwner
    due: Due
    kind: StepKind
    guidance: str = ""
    when: tuple[Condition, ...] = ()
    is_optional: bool = False
    evidence: str = ""
    escalation: Escalation | None = None
    then: str = ""
    fields: tuple[Field, ...] = ()
    message: Message | None = None
    branches: tuple[Branch, ...] = ()
    wait: Wait | None = None
    record: Record | None = None


@dataclass(frozen=True)
class Playbook:
    """One playbook file.

    Attributes:
        digest: sha256 of its text; a running play keeps to it.
        yields_to: playbooks beside which it is not suggested: one thing at a time.
        hold_out: the share of eligible accounts that are left alone, to learn what it changes.
    """

    playbook_id: str
    title: str
    version: int
    purpose: str
    audience: Audience
    trigger: Trigger
    exit: Exit
    outcome: Outcome
    contacts: tuple[ContactKind, ...]
    steps: tuple[Step, ...]
    yields_to: tuple[str, ...] = ()
    hold_out: float = 0.0
    text: str = ""
    digest: str = ""

    def step(self, step_id: str) -> Step:
        """The step of that id, which is there."""
        return next(one for one in self.steps if one.step_id == step_id)

    def field(self, field_id: str) -> Field | None:
        """The field of that id, whichever step asks for it."""
        return next((one for one in self.asked() if one.field_id == field_id), None)

    def asked(self) -> Iterator[Field]:
        """All fields of all steps, in order."""
        for step in self.steps:
            yield from step.fields

    def next_of(self, step: Step) -> str:
        """The id of the step after this one where nothing branches; `end` after the last."""
        if step.then:
            return step.then
        place = self.steps.index(step) + 1
        return self.steps[place].step_id if place < len(self.steps) else END
