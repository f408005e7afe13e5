"""The preview's lines on signals, people, promises and the forecast; the unknown has no line."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from cs_workbench.core.plurals import counted
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, day_text, joined, money_text, safe
from cs_workbench.tui.widgets.lines import between

if TYPE_CHECKING:
    from cs_workbench.core.account_preview import AccountPreview, OpenSignal, SaidForecast
    from cs_workbench.core.page_people import PageContact, PagePromise

LABEL: Final = 10
GAP: Final = safe("   ")
ROLES: Final = ("champion", "decision maker")


def signal_line(known: "AccountPreview", width: int) -> Content:
    """The most severe signal in its words, and the kinds of the others; nothing without one."""
    if not known.signals:
        return NOTHING
    first, *others = known.signals
    head = joined((first.kind, "bold" if first.is_severe else ""), ": ")
    least = safe(f"+ {len(others)} more", "dim") if others else NOTHING
    room = width - LABEL - head.cell_length
    told = safe(first.evidence)
    if told.cell_length + GAP.cell_length + least.cell_length > room:
        told = told.truncate(max(1, room - GAP.cell_length - least.cell_length), ellipsis=True)
    room -= told.cell_length + GAP.cell_length
    return _labelled("Signals", between((joined(head, told), _kinds(others, least, room)), GAP))


def _kinds(others: "Sequence[OpenSignal]", least: Content, room: int) -> Content:
    """By name if there is room for all of them, else how many."""
    counts = Counter(one.kind for one in others)
    named = [kind if count == 1 else f"{kind} ({count})" for kind, count in counts.items()]
    whole = safe(f"+ {', '.join(named)}", "dim") if named else NOTHING
    return whole if whole.cell_length <= room else least


def related_lines(known: "AccountPreview", today: dt.date) -> Iterator[Content]:
    """At most three lines."""
    if known.contacts:
        yield _labelled("People", _people(known, today))
    ours = [one for one in known.promises if one.by_us]
    theirs = [one for one in known.promises if not one.by_us]
    if ours or theirs:
        label = "We owe" if ours else "They owe"
        first = _promised(ours or theirs, today)
        second = NOTHING
        if ours and theirs:
            second = joined(("They owe  ", "dim"), _promised(theirs, today))
        yield _labelled(label, between((first, second), GAP))
    if known.forecast:
        yield _labelled("Forecast", _forecast(known.forecast, today))


def _people(known: "AccountPreview", today: dt.date) -> Content:
    by_role = {one.role: one for one in reversed(known.contacts)}
    parts = [joined((f"{role} ", "dim"), _person(by_role.get(role), today)) for role in ROLES]
    threads = known.threads(today)
    parts.append(safe(f"{counted(threads, 'thread')}"))
    first = by_role.get("champion") or by_role.get("decision maker") or known.contacts[0]
    if first.preferred_channel:
        parts.append(joined(("prefers ", "dim"), first.preferred_channel))
    return between(parts, GAP)


def _person(one: "PageContact | None", today: dt.date) -> Content:
    if one is None:
        return joined(("none known", "dim"))
    if one.last_on is None:
        return joined(one.name, (", never spoke", "dim"))
    return joined(one.name, (f", {(today - one.last_on).days} d silent", "dim"))


def _promised(promises: "list[PagePromise]", today: dt.date) -> Content:
    """The most urgent, and how many more."""
    one = promises[0]
    more = joined((f" + {len(promises) - 1} more", "dim")) if promises[1:] else NOTHING
    if one.due_on is None:
        return joined(one.what, more)
    late = (today - one.due_on).days
    due = joined((f" (due {day_text(one.due_on, today)}", "dim"))
    if late > 0:
        style = LATE_STYLE if one.by_us else ""
        return joined(one.what, due, ", ", (f"late {late} d", style), (")", "dim"), more)
    return joined(one.what, due, (")", "dim"), more)


def _forecast(said: "SaidForecast", today: dt.date) -> Content:
    parts = [safe(said.category)]
    if said.amount_minor is not None:
        parts[0] = joined(said.category, " ", money_text(said.amount_minor, said.currency))
    if said.probability_e4 is not None:
        parts.append(safe(f"p {said.probability_e4 // 100} %"))
    parts.append(joined(said.author, (f", {day_text(said.made_on, today)}", "dim")))
    if said.narrative:
        parts.append(safe(f"“{said.narrative}”"))
    return between(parts, joined((" · ", "dim")))


def _labelled(label: str, text: Content) -> Content:
    return joined((label.ljust(LABEL), "dim"), text)
