"""What is remembered of an account, as lines: goals, complaints, concessions, what we imposed."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core import memory
from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.complaints import lateness, untold
from cs_workbench.core.dates import near_date
from cs_workbench.core.goals import span_text, standing_text
from cs_workbench.core.measure_words import plural
from cs_workbench.core.money import short_told
from cs_workbench.core.page_memory import PageMemory
from cs_workbench.core.page_people import PagePromise
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import between, spread

DOT: Final = joined((" · ", "dim"))
LABEL: Final = 10
Line = tuple[str, Content]


def open_memory(page: AccountPage, width: int) -> Iterator[Line]:
    """What waits for somebody, each line with its label; nothing where nothing waits."""
    held, room = page.memory, width - LABEL
    for one in held.open_complaints:
        yield "Complaint", _complaint(one, held, page.today, room)
    for incident in held.untold_incidents:
        late = joined(("! ", LATE_STYLE), incident.what, ("  not told yet", "bold"))
        yield "Incident", fitted(late, room)
    for number, goal in enumerate(_open_goals(held), start=1):
        yield f"Goal {number}", _goal(goal, held, page.today, room)
    for concession in held.concessions:
        if concession.state in {"proposed", "approved"}:
            yield "Concess.", _concession(concession, room)
    for request in held.untold_requests:
        told = joined((request.state, "bold"), f" {request.what}", ("  tell them", "bold"))
        yield "Request", fitted(told, room)


def goals_pane(page: AccountPage, width: int) -> list[Content]:
    """Everything about what they want: why they use us, goals, pain, wishes, how close they are."""
    held, room = page.memory, width - LABEL
    lines = [*_profile(page, room)]
    lines += [(f"Goal {n}", _goal(one, held, page.today, room)) for n, one in _numbered(held)]
    lines += [("Pain", _pain(one, page.today, room)) for one in held.pains]
    lines += [("Request", _request(one, page.today, room)) for one in held.requests]
    lines += [("Gave", _concession(one, room)) for one in held.concessions]
    lines += [("From us", _imposed(one, page.today, wide=True)) for one in held.imposed]
    lines += [("Left for", _exit(one, room)) for one in held.exits]
    if not lines:
        return [joined(("nothing written down yet · e sets fields, l logs", "dim"))]
    return labelled(lines)


def labelled(lines: list[Line]) -> list[Content]:
    """Lines behind their labels; a label is said once for those that follow one another."""
    shown: list[Content] = []
    before = ""
    for label, line in lines:
        head = ("" if label == before else label).ljust(LABEL)
        shown.append(joined((head, "dim"), line))
        before = label
    return shown


def from_us(page: AccountPage, *, wide: bool) -> Iterator[Content]:
    """Promises of ours that are late, as loud as can be, then what we did to them lately.

    Where there is little room, how many promises and of what kind the changes are.
    """
    days = [(one, _late(one, page.today)) for one in page.promises if one.by_us]
    late = [(promise.what, beyond) for promise, beyond in days if beyond > 0]
    if wide:
        for what, beyond in late:
            yield joined(f"{what} promised, ", (f"{beyond} d late", LATE_STYLE))
    elif late:
        told = f"! {plural(len(late), 'promise')} {max(beyond for _, beyond in late)} d late"
        yield joined((told, LATE_STYLE))
    for one in page.memory.imposed_lately(page.today):
        yield _imposed(one, page.today, wide=wide)


def _late(promise: PagePromise, today: dt.date) -> int:
    return 0 if promise.due_on is None else (today - promise.due_on).days


def _profile(page: AccountPage, room: int) -> Iterator[Line]:
    known = page.memory.profile
    if known.value_driver:
        yield "Value", fitted(safe(known.value_driver), room)
    facts = between(
        (
            joined(("fit ", "dim"), known.fit) if known.fit else NOTHING,
            safe("advisory board") if known.advisory_board else NOTHING,
            joined(("advocacy ", "dim"), known.advocacy) if known.advocacy else NOTHING,
            joined(("prefers ", "dim"), known.preferred_channel)
            if known.preferred_channel
            else NOTHING,
        ),
        DOT,
    )
    if facts:
        yield "They are", fitted(facts, room)
    for label, value in known.custom:
        yield "Fields", fitted(joined((f"{label} ", "dim"), value), room)


def _open_goals(held: PageMemory) -> list[memory.Goal]:
    return [one for one in reversed(held.goals) if one.state == "open"]


def _numbered(held: PageMemory) -> list[tuple[int, memory.Goal]]:
    closed = [one for one in held.goals if one.state != "open"]
    return list(enumerate([*_open_goals(held), *closed], start=1))


def _goal(goal: memory.Goal, held: PageMemory, today: dt.date, room: int) -> Content:
    left = between((safe(goal.what), joined((span_text(goal), "bold"))), safe(" "))
    if goal.confirmed_on is None:
        confirmed = joined(("not confirmed", "bold"))
    else:
        name = held.names.get(goal.confirmed_by or "", "")
        confirmed = joined(("confirmed by ", "dim"), name) if name else safe("confirmed")
    right = between((safe(standing_text(goal, today)), confirmed), DOT)
    return spread(left, joined("  ", right), room)


def _complaint(one: memory.Complaint, held: PageMemory, today: dt.date, room: int) -> Content:
    steps = held.steps.get(one.complaint_id, ())
    late = lateness(one, steps, today)
    silent = "" if not untold(steps[-1:]) else "not told"
    right = between(
        (
            joined((one.state, "bold")),
            safe(one.owner),
            joined((late or silent, LATE_STYLE if late else "bold")),
        ),
        DOT,
    )
    mark = joined(("! ", LATE_STYLE)) if late else NOTHING
    return spread(joined(mark, (one.severity, "bold"), " ", one.what), joined("  ", right), room)


def _concession(one: memory.Concession, room: int) -> Content:
    cost = short_told(one.cost_minor, one.currency)
    left = joined(f"{one.kind} {cost}", (": ", "dim"), one.reason)
    right = joined("  ", (one.outcome or one.state, "bold" if one.state == "proposed" else "dim"))
    return spread(left, right, room)


def _imposed(one: memory.ImposedChange, today: dt.date, *, wide: bool) -> Content:
    day = one.effective_on or one.announced_on
    when = "from" if day > today else "since"
    what = one.what if wide else one.kind
    return joined(what, (f" {when} {near_date(day, today)}", "dim"))


def _pain(one: memory.PainPoint, today: dt.date, room: int) -> Content:
    when = near_date(one.solved_on or one.said_on, today)
    state = f"solved {when}" if one.solved_on else f"since {when}"
    return spread(safe(one.what), joined((f"  {state}", "dim")), room)


def _request(one: memory.ProductRequest, today: dt.date, room: int) -> Content:
    if one.told_on is not None:
        told = f"told {near_date(one.told_on, today)}"
    else:
        told = "" if one.state == "open" else "not told"
    right = between((safe(one.state), joined((told, "dim"))), DOT)
    return spread(safe(one.what), joined("  ", right), room)


def _exit(one: memory.ExitReason, room: int) -> Content:
    what = between((safe(one.reason), safe(one.detail)), joined((", ", "dim")))
    said = joined((" “", "dim"), one.said, ("”", "dim")) if one.said else NOTHING
    return fitted(joined((f"{one.view} ", "dim"), what, said), room)
