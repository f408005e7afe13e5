"""What is behind each number of the Portfolio screen, and what it means."""

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.loyalty_summary import STANDINGS
from cs_workbench.core.metrics.key_figures import figure_words
from cs_workbench.core.metrics.policy import policy_words
from cs_workbench.core.metrics.results import Members
from cs_workbench.core.metrics.words import label_of, part_of_bridge
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.number_list import Named
from cs_workbench.tui.widgets.portfolio_lines import (
    COHORT,
    HEALTH,
    bridge_lines,
    cohort_lines,
    curve_line,
    figure_heads,
    figure_line,
    health_lines,
    loyalty_line,
    unread_line,
)
from cs_workbench.workflows.kpis import KPIS
from cs_workbench.workflows.portfolio import PortfolioView

WHOLE: Final = "whole book"
BLANK: Final = Named("", NOTHING)
MAY_COST: Final = "Whom our loyalty may cost us"
BEGAN: Final = (
    "Accounts that first paid in this quarter. Each cell is the share of them still there so many "
    "quarters later; what has not happened yet is empty. The list has what each pays now, of what "
    "it paid first."
)
SCORED: Final = (
    "Customers of the whole book on the last scored day of the month, by band. The list has the "
    "points of each on that day, of 100; those of whom too little was known stand at the end."
)


def about(view: PortfolioView, width: int) -> Content:
    """Of what part and which days it tells, whether those are over or closed, and the policy."""
    period, part = view.sheet.period, view.wanted.part
    whole = WHOLE if part is None else f"{part.by} {part.name}"
    is_open = period.end < view.period.end
    state = " · closed" if view.sheet.closed else " · open" if is_open else ""
    told = joined(" ", (whole, "bold"), f" · {period.first} to {period.end}{state}")
    return spread(told, joined((f" {view.policy.label}", "dim"), " "), width)


def figures_of(view: PortfolioView, width: int, glyphs: Glyphs) -> Iterator[Named]:
    """Key figures, the bridge, and whom our loyalty may cost us."""
    sheet, currency = view.sheet, view.sheet.currency
    yield Named("", figure_heads(width))
    for one in sheet.kpis:
        yield Named(one.metric.key, figure_line(one, width, glyphs))
    if not view.is_whole:
        there = {one.metric.key for one in sheet.kpis}
        yield from (Named("", unread_line(key)) for key in KPIS if key not in there)
    bridge = sheet.bridge
    if bridge is not None:
        yield BLANK
        yield Named("", joined(("ARR bridge", "bold"), (f" · {currency}", "dim")))
        yield from bridge_lines(bridge, width, currency)
    if sheet.loyalty is not None:
        yield BLANK
        yield Named("", joined((MAY_COST, "bold"), (f" · as of {sheet.loyalty.as_of}", "dim")))
        for standing in STANDINGS:
            yield Named(standing, loyalty_line(sheet.loyalty, standing))


def beside(view: PortfolioView, width: int, glyphs: Glyphs, *, lettered: bool) -> Iterator[Named]:
    """Cohorts, how long accounts stay, health by month, and which churn to trust."""
    yield from cohort_lines(view.cohorts, width, lettered=lettered)
    yield from (Named("", line) for line in curve_line(view.curve).wrap(width))
    yield BLANK
    if view.is_whole:
        yield from health_lines(view.health, width, glyphs)
    else:
        yield Named("", joined(("Health", "bold"), (" · reading …", "dim")))
    yield BLANK
    yield from (Named("", line) for line in safe(view.sheet.trust, "dim").wrap(width))


def behind(view: PortfolioView, chosen: str) -> tuple[str, Members, bool]:
    """The name of a number, the accounts behind it, and whether what they gave is money."""
    sheet = view.sheet
    for one in sheet.kpis:
        if one.metric.key == chosen:
            return label_of(chosen), one.metric.members.by_account(), one.metric.of == "money"
    if sheet.loyalty is not None and chosen in sheet.loyalty.standings:
        return chosen, sheet.loyalty.standings[chosen], False
    if chosen in sheet.ends:
        return chosen, sheet.ends[chosen], True
    if chosen.startswith(COHORT):
        return chosen, view.began.get(chosen.removeprefix(COHORT), Members()), True
    bridge = sheet.bridge
    return part_of_bridge(chosen), bridge.members[chosen] if bridge else Members(), True


def told_of(view: PortfolioView, chosen: str) -> list[str]:
    """What a number is and how it is counted, as sentences."""
    ours = view.sheet.loyalty
    if ours is not None and chosen in ours.standings:
        return [f"{STANDINGS[chosen].capitalize()}.", *ours.mean.flags]
    if chosen.startswith(COHORT):
        return [BEGAN, "", *policy_words(view.policy)]
    if chosen.startswith(HEALTH):
        return [SCORED]
    kpi = next((one for one in view.sheet.kpis if one.metric.key == chosen), None)
    return [*([] if kpi is None else figure_words(kpi)), *policy_words(view.policy)]
