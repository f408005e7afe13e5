"""What the churn model says of an account, as lines: the probability and what it is made of."""

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.churn_said import ChurnSaid, percent
from cs_workbench.core.dates import near_date
from cs_workbench.core.money import short
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread

VALUE: Final = 14
POINTS: Final = 13  # " +12.3 points"
LEAST: Final = 0.0005
DRIVERS: Final = 3


def churn_lines(page: AccountPage, width: int) -> list[Content]:
    """The lines for a width."""
    said = page.churn
    if said is None:
        text = (
            "No churn model speaks of this account. `csw churn readiness` says what your history "
            "can teach, `csw churn train` makes a model, and a model that has earned it can be "
            "switched on."
        )
        return joined((text, "dim")).wrap(max(1, width))
    return list(_lines(page, said, width))


def leaves_text(said: ChurnSaid) -> Content:
    """The probability that it leaves, with the interval that holds 80 % of cases."""
    span = f"({percent(said.low)} to {percent(said.high)})"
    return joined((f"leaves {percent(said.probability)}", "bold"), f"  {span}")


def model_line(page: AccountPage) -> list[Content]:
    """In a line what the model says, by when, and what moves it most; nothing without a model."""
    said = page.churn
    if said is None:
        return []
    moved = [f"{one.label} {one.value}".strip() for one in said.parts[:DRIVERS]]
    until = near_date(said.window_to, page.today)
    return [joined(leaves_text(said), f" by {until}", (f": {', '.join(moved)}", "dim"))]


def _lines(page: AccountPage, said: ChurnSaid, width: int) -> Iterator[Content]:
    loss = short(said.expected_loss_minor, said.currency)
    yield joined(
        (percent(said.probability), "bold"),
        f" to leave by {near_date(said.window_to, page.today)}",
        (f"  {percent(said.low)} to {percent(said.high)}, 80 % interval", "dim"),
    )
    yield joined(("expected loss ", "dim"), loss, (said.of_arr, "dim"))
    yield NOTHING
    yield spread(joined(("a typical account", "dim")), safe(percent(said.typical), "dim"), width)
    shown = [part for part in said.parts if abs(said.points(part)) >= LEAST]
    for part in shown:
        points = said.points(part)
        value = safe(part.value, "dim").truncate(VALUE, ellipsis=False, pad=True)
        left = joined(fitted(safe(part.label), max(8, width - VALUE - POINTS - 2)), "  ", value)
        yield spread(left, safe(f"{100 * points:+.1f} points", "bold" if points > 0 else ""), width)
    if others := len(said.parts) - len(shown):
        rest = said.probability - said.typical - sum(map(said.points, shown))
        told = f"{others} more, each hardly anything"
        yield spread(safe(told, "dim"), safe(f"{100 * rest:+z.1f} points", "dim"), width)
    yield spread(joined(("this account", "bold")), safe(percent(said.probability), "bold"), width)
    yield NOTHING
    told = (
        f"as of {near_date(said.as_of, page.today)}, model {said.model[:12]}; never part of the "
        "health score"
    )
    yield from joined((told, "dim")).wrap(max(1, width))
