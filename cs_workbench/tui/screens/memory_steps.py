"""What `e` writes down of an account beside judgements, and what becomes of what stands there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic

from textual.app import App
from textual.content import Content

from cs_workbench.core.goals import span_text, standing_text
from cs_workbench.core.memory import (
    Concession,
    ExitReason,
    Goal,
    ImposedChange,
    PainPoint,
    ProductRequest,
)
from cs_workbench.core.memory_words import cut, tell, tell_concession
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.kept import K, contact_names, read_kept, row_id
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.screens.fields_form import Field, FieldsForm, FieldSheet
from cs_workbench.tui.screens.memory_sheets import (
    Asked,
    Typed,
    concession_sheet,
    exit_sheet,
    goal_sheet,
    imposed_sheet,
    pain_sheet,
    read_number,
    request_sheet,
)
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.session import Session
from cs_workbench.workflows.conceding import decide, give, note_outcome
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.wishing import (
    close_goal,
    confirm_goal,
    decide_request,
    measure_goal,
    solve_pain,
    tell_request,
)

_NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class Step:
    """What can become of a row: done at once, or after a form.

    Attributes:
        fields: what the form asks; none: nothing is asked.
        do: does it, with what was typed; returns that in words.
    """

    key: str
    label: str
    do: Callable[[Database, Typed], str]
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[K]):
    """One kind of what is written down.

    Attributes:
        key, label: its line of the menu.
        title: above the rows that stand there already.
        sheet: the form of a new one.
        steps: what can become of a row; none: it stands there no more.
        told: a row in some words.
    """

    key: str
    label: str
    title: str
    row: type[K]
    sheet: Callable[[Asked], FieldSheet]
    steps: Callable[[Asked, K], Sequence[Step]]
    told: Callable[[Asked, K], Content]


async def write_down(app: App[Any], session: Session, act: Act, kind: Kind[Any]) -> str | None:
    """Write a new one down, or say what became of one that stands there; returns what was done.

    Raises:
        WorkbenchError: the account is gone, or the row is settled by now.
    """
    asked = Asked(session, act)
    rows = [
        one for one in read_kept(session.db, kind.row, act.account_key) if kind.steps(asked, one)
    ]
    place = _NEW
    if rows:
        chosen = await app.push_screen_wait(_rows_menu(asked, kind, rows))
        if chosen is None:
            return None
        place = chosen.value
    if place == _NEW:
        return await app.push_screen_wait(FieldsForm(session, kind.sheet(asked)))
    return await _take(app, asked, kind, rows[int(place)])


async def _take(app: App[Any], asked: Asked, kind: Kind[K], row: K) -> str | None:
    """Ask what became of a row, and note it."""
    steps = kind.steps(asked, row)
    choices = [Choice(one.key, safe(one.label), str(place)) for place, one in enumerate(steps)]
    chosen = await app.push_screen_wait(Menu(kind.told(asked, row), choices))
    if chosen is None:
        return None
    step = steps[int(chosen.value)]
    if not step.fields:
        with open_database(asked.session.db.path) as db:
            return step.do(db, {})
    sheet = FieldSheet(
        form=step.label,
        subject=f"{asked.act.account_key}/{row_id(row)}",
        title=joined((step.label, "bold")),
        now=kind.told(asked, row),
        fields=step.fields,
        apply=lambda db, typed: step.do(db, {key: text.strip() for key, text in typed.items()}),
    )
    return await app.push_screen_wait(FieldsForm(asked.session, sheet))


def _goal_steps(asked: Asked, goal: Goal) -> list[Step]:
    act = asked.act
    if goal.state != "open":
        return []

    def now(db: Database, typed: Typed) -> str:
        return measure_goal(db, act, goal, read_number(typed["value"]))

    def closed(state: str) -> Callable[[Database, Typed], str]:
        return lambda db, _: close_goal(db, act, goal, state)

    who = tuple(contact_names(asked.session.db, act.account_key).values())
    return [
        Step(
            "n", "Where it stands now", now, (Field("value", "Now", hint=goal.unit or "a number"),)
        ),
        Step(
            *("c", "The customer confirmed it"),
            lambda db, typed: confirm_goal(db, act, goal, typed["by"]),
            (Field("by", "Who did", hint="which contact", known=who),),
        ),
        Step("r", "Reached", closed("reached")),
        Step("m", "Missed", closed("missed")),
        Step("d", "Dropped", closed("dropped")),
    ]


def _goal_told(asked: Asked, goal: Goal) -> Content:
    parts = (cut(goal.what), span_text(goal), standing_text(goal, asked.act.today))
    return safe(" · ".join(part for part in parts if part))


def _pain_steps(asked: Asked, pain: PainPoint) -> list[Step]:
    if pain.solved_on is not None:
        return []
    return [Step("s", "It hurts no longer", lambda db, _: solve_pain(db, asked.act, pain))]


def _request_steps(asked: Asked, request: ProductRequest) -> list[Step]:
    act = asked.act

    def decided(state: str) -> Callable[[Database, Typed], str]:
        return lambda db, _: decide_request(db, act, request, state)

    if request.state in {"shipped", "declined"} and request.told_on is not None:
        return []
    states = (("p", "planned"), ("s", "shipped"), ("d", "declined"))
    steps = [
        Step(key, f"Product decided: {state}", decided(state))
        for key, state in states
        if state != request.state
    ]
    if request.told_on is None:
        tell = Step("t", "The customer was told", lambda db, _: tell_request(db, act, request))
        steps.insert(0, tell)
    return steps


def _request_told(asked: Asked, request: ProductRequest) -> Content:
    del asked
    told = "" if request.told_on or request.state == "open" else ", they were not told"
    return joined((f"{request.state}{told}: ", "dim"), cut(request.what))


def _concession_steps(asked: Asked, one: Concession) -> list[Step]:
    act, ref = asked.act, one.concession_id
    outcome = Step(
        *("o", "What came of it"),
        lambda db, typed: note_outcome(db, act, ref, typed["outcome"]),
        (Field("outcome", "What came of it"),),
    )
    if one.state == "proposed":
        return [
            Step("a", "Approved", lambda db, _: decide(db, act, ref, state="approved")),
            Step("d", "Declined", lambda db, _: decide(db, act, ref, state="declined")),
        ]
    if one.state == "approved":
        return [
            Step("g", "They received it today", lambda db, _: give(db, act, ref, None)),
            outcome,
        ]
    return [outcome] if one.state == "given" and one.outcome is None else []


def _nothing(asked: Asked, row: ImposedChange | ExitReason) -> list[Step]:
    del asked, row
    return []


def _what(asked: Asked, row: PainPoint | ImposedChange | ExitReason) -> Content:
    del asked
    return safe(tell(row))


def _conceded(asked: Asked, one: Concession) -> Content:
    del asked
    return joined(tell_concession(one), (f" · {cut(one.reason)}", "dim"))


def _rows_menu(asked: Asked, kind: Kind[K], rows: Sequence[K]) -> Menu:
    choices = [Choice("n", safe("A new one"), _NEW)]
    choices += [
        Choice(str(place) if place < 10 else "", kind.told(asked, row), str(place - 1))
        for place, row in enumerate(rows, start=1)
    ]
    return Menu(joined((kind.title, "bold")), choices)


KINDS: Final[Sequence[Kind[Any]]] = (
    Kind("g", "Goals: what they want to reach", "Goals", Goal, goal_sheet, _goal_steps, _goal_told),
    Kind("h", "What hurts them", "What hurts", PainPoint, pain_sheet, _pain_steps, _what),
    Kind(
        *("t", "Requests of the product, and telling them", "Product requests", ProductRequest),
        *(request_sheet, _request_steps, _request_told),
    ),
    Kind(
        *("$", "Concessions: what we give up for them", "Concessions", Concession),
        *(concession_sheet, _concession_steps, _conceded),
    ),
    Kind(
        *("i", "What we change for them: price, product …", "Changes", ImposedChange),
        *(imposed_sheet, _nothing, _what),
    ),
    Kind("x", "Why they leave or left", "Exit reasons", ExitReason, exit_sheet, _nothing, _what),
)
