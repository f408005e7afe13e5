"""What a customer may see of their own page: what they have, goals, promises of both sides.

No score, band, forecast, sentiment, role or concession, and nobody else's name.
"""

from collections.abc import Iterator

from textual.content import Content

from cs_workbench.core.account_page import AccountPage, tenure
from cs_workbench.core.dates import near_date
from cs_workbench.core.goals import span_text
from cs_workbench.core.page_people import PagePromise
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread


def customer_lines(page: AccountPage, width: int) -> list[Content]:
    """The page for a width."""
    return [fitted(line, width) for line in _lines(page, width)]


def _lines(page: AccountPage, width: int) -> Iterator[Content]:
    yield joined((page.line.name, "bold"))
    if page.started_on is not None:
        yield joined(("working together for ", "dim"), tenure(page.started_on, page.today))
    yield NOTHING
    yield joined(("What you have", "bold"))
    for one in page.subscriptions:
        if one.in_force:
            seats = "" if one.contract.seats is None else f"{one.contract.seats} seats"
            end = one.contract.end_date
            until = "" if end is None else f"to {near_date(end, page.today)}"
            yield spread(safe(one.name or "subscription"), safe(f"{seats}  {until}"), width)
    yield NOTHING
    yield joined(("Your goals", "bold"))
    goals = [one for one in reversed(page.memory.goals) if one.state in {"open", "reached"}]
    for goal in goals:
        now = "" if goal.now_value is None else f"now {goal.now_value:g}"
        state = "reached" if goal.state == "reached" else now
        yield spread(joined(goal.what, (f"  {span_text(goal)}", "bold")), safe(state), width)
    if not goals:
        yield joined(("none agreed yet", "dim"))
    for title, by_us in (("We promised", True), ("You promised", False)):
        yield NOTHING
        yield joined((title, "bold"))
        found = [one for one in page.promises if one.by_us is by_us]
        yield from (_promise(one, page, width) for one in found)
        if not found:
            yield joined(("nothing open", "dim"))


def _promise(one: PagePromise, page: AccountPage, width: int) -> Content:
    due = "" if one.due_on is None else f"by {near_date(one.due_on, page.today)}"
    return spread(safe(one.what), safe(due), width)
