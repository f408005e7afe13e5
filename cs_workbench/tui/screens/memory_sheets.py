"""The forms of what `e` writes down: goals, what hurts, requests, concessions, changes, exits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.authority import limits_told
from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.exits import DETAILS
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import (
    CHOICES,
    CONCESSION_KINDS,
    ExitReason,
    Goal,
    ImposedChange,
    PainPoint,
    ProductRequest,
)
from cs_workbench.core.typed_amounts import read_money
from cs_workbench.errors import UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.database import Database
from cs_workbench.store.kept import contact_names
from cs_workbench.tui.formats import joined
from cs_workbench.tui.screens.fields_form import Field, FieldSheet
from cs_workbench.tui.session import Session
from cs_workbench.workflows.conceding import propose
from cs_workbench.workflows.drafts import CONCESSION, EXIT, GOAL, IMPOSED, PAIN, REQUEST
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.policies import authorities
from cs_workbench.workflows.remembering import account_name, find_contact, remember

Typed = Mapping[str, str]
_CHANGES: Final = CHOICES["imposed_change.kind"]
_REASONS: Final = CHOICES["exit_reason.reason"]
_VIEWS: Final = CHOICES["exit_reason.view"]
_ALL_DETAILS: Final = tuple(detail for details in DETAILS.values() for detail in details)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks on which account, with what all these forms need."""

    session: Session
    act: Act

    def sheet(
        self,
        form: str,
        title: str,
        fields: tuple[Field, ...],
        apply: Callable[[Database, Typed], str],
    ) -> FieldSheet:
        """A form of the account; `apply` gets what was typed without blanks around it."""
        name = account_name(self.session.db, self.act.account_key)
        return FieldSheet(
            form=form,
            subject=str(self.act.account_key),
            title=joined((title, "bold"), " · ", name),
            fields=fields,
            apply=lambda db, typed: apply(db, {key: text.strip() for key, text in typed.items()}),
        )

    def who(self, label: str = "Who said so") -> Field:
        """A contact of the account."""
        names = tuple(contact_names(self.session.db, self.act.account_key).values())
        hint = "which contact: a name, or a part of it"
        return Field("who", label, hint=hint, known=names, is_folded=True)

    def contact(self, db: Database, typed: Typed) -> str | None:
        """The contact that was typed.

        Raises:
            NotFoundError: there is none.
        """
        return find_contact(db, self.act.account_key, typed["who"]) if typed["who"] else None


def goal_sheet(asked: Asked) -> FieldSheet:
    """What they want to reach, and how it is measured."""
    act = asked.act

    def apply(db: Database, typed: Typed) -> str:
        goal = Goal(
            goal_id=new_id(),
            account_key=act.account_key,
            what=typed["what"],
            measure=typed["measure"] or None,
            unit=typed["unit"] or None,
            baseline=_number(typed["baseline"]),
            target=_number(typed["target"]),
            due_on=read_date(typed["due"], act.today) if typed["due"] else None,
            contact_id=asked.contact(db, typed),
            said_on=act.today,
            author=act.actor,
        )
        return remember(db, act, goal)

    fields = (
        Field("what", "What they want", hint="in their words"),
        Field("baseline", "From", hint="a number: where they began"),
        Field("target", "To", hint="a number: where they want to be"),
        Field("unit", "In", hint="min, depots, % …"),
        Field("due", "By when", "date"),
        Field("measure", "Measured how", is_folded=True),
        asked.who(),
    )
    return asked.sheet(GOAL, "A goal", fields, apply)


def pain_sheet(asked: Asked) -> FieldSheet:
    """What hurts them."""

    def apply(db: Database, typed: Typed) -> str:
        pain = PainPoint(
            pain_point_id=new_id(),
            account_key=asked.act.account_key,
            what=typed["what"],
            contact_id=asked.contact(db, typed),
            said_on=asked.act.today,
            author=asked.act.actor,
        )
        return remember(db, asked.act, pain)

    fields = (Field("what", "What hurts", hint="in their words"), asked.who())
    return asked.sheet(PAIN, "A pain point", fields, apply)


def request_sheet(asked: Asked) -> FieldSheet:
    """What they want of the product."""

    def apply(db: Database, typed: Typed) -> str:
        request = ProductRequest(
            product_request_id=new_id(),
            account_key=asked.act.account_key,
            contact_id=asked.contact(db, typed),
            what=typed["what"],
            theme=typed["theme"] or None,
            asked_on=asked.act.today,
            author=asked.act.actor,
        )
        return remember(db, asked.act, request)

    fields = (
        Field("what", "What they want", hint="of the product"),
        Field("theme", "Theme", hint="under which product people look for it"),
        asked.who("Who asked"),
    )
    return asked.sheet(REQUEST, "A product request", fields, apply)


def concession_sheet(asked: Asked) -> FieldSheet:
    """What we give up for them: within the author's authority it is approved at once."""
    act = asked.act
    (line,) = account_lines(asked.session.db, [act.account_key], today=act.today, me=act.actor)

    def apply(db: Database, typed: Typed) -> str:
        cost = read_money(typed["cost"], line.currency)
        done, waits = propose(db, act, kind=typed["kind"], reason=typed["reason"], cost_minor=cost)
        return f"{done}. {waits}" if waits else done

    limits = limits_told(authorities())
    fields = concession_fields(f"12k, in {line.currency} · alone a year: {limits}")
    return asked.sheet(CONCESSION, "A concession", fields, apply)


def concession_fields(costs: str) -> tuple[Field, ...]:
    """What a concession asks; `costs` says what the amount may be."""
    return (
        Field("cost", "Costs us", hint=costs),
        Field("reason", "Why"),
        Field(
            *("kind", "Kind"),
            hint=", ".join(CONCESSION_KINDS),
            first="discount",
            known=CONCESSION_KINDS,
        ),
    )


def imposed_sheet(asked: Asked) -> FieldSheet:
    """What we change for them."""
    act = asked.act

    def apply(db: Database, typed: Typed) -> str:
        announced, begins = typed["announced"], typed["begins"]
        change = ImposedChange(
            imposed_change_id=new_id(),
            account_key=act.account_key,
            kind=_known(_CHANGES, typed["kind"]),
            what=typed["what"],
            announced_on=read_past_date(announced, act.today) if announced else act.today,
            effective_on=read_date(begins, act.today) if begins else None,
            author=act.actor,
        )
        return remember(db, act, change)

    fields = (
        Field("kind", "Kind", hint=", ".join(_CHANGES), first="price", known=_CHANGES),
        Field("what", "What changes", hint="prices +9 % for all plans"),
        Field("begins", "From when", "date"),
        Field("announced", "They heard on", "past date", is_folded=True),
    )
    return asked.sheet(IMPOSED, "What we change for them", fields, apply)


def exit_sheet(asked: Asked) -> FieldSheet:
    """Why they leave or left, as they say or as we found."""
    act = asked.act

    def apply(db: Database, typed: Typed) -> str:
        again = typed["again"]
        reason = ExitReason(
            exit_reason_id=new_id(),
            account_key=act.account_key,
            view=_known(_VIEWS, typed["view"]),
            reason=_known(_REASONS, typed["reason"]),
            detail=typed["detail"] or None,
            said=typed["said"] or None,
            contact_id=asked.contact(db, typed),
            competitor=typed["competitor"] or None,
            noted_on=act.today,
            win_back_on=read_date(again, act.today) if again else None,
            author=act.actor,
        )
        return remember(db, act, reason)

    fields = (
        Field("reason", "Why", hint=", ".join(_REASONS), known=_REASONS),
        Field("detail", "In particular", hint="champion left, too dear …", known=_ALL_DETAILS),
        Field("view", "Seen by", hint=", ".join(_VIEWS), first=_VIEWS[0], known=_VIEWS),
        Field("said", "In their words"),
        Field("again", "Ask again on", "date"),
        Field("competitor", "They go to", is_folded=True),
        asked.who(),
    )
    return asked.sheet(EXIT, "Why they leave or left", fields, apply)


def read_number(text: str) -> float:
    """A number as typed.

    Raises:
        UsageError: it is none.
    """
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise UsageError(f"Write a number, such as 14 or 2.5; not {text!r}.") from None


def _number(text: str) -> float | None:
    return read_number(text) if text else None


def _known(known: tuple[str, ...], typed: str) -> str:
    """One of the known words, whatever its case; else as typed, which is refused with reasons."""
    return next((one for one in known if one.casefold() == typed.casefold()), typed)
