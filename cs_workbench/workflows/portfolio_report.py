"""The portfolio as a report for a board: each number with its policy and the list behind it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.health_summaries import HealthSummary
from cs_workbench.core.loyalty_summary import STANDINGS, LoyaltySummary
from cs_workbench.core.metrics.key_figures import Kpi
from cs_workbench.core.metrics.policy import policy_words
from cs_workbench.core.metrics.revenue import Bridge
from cs_workbench.core.metrics.words import (
    WORDS,
    bridge_words,
    figure_of,
    label_of,
    part_of_bridge,
    shown_interval,
    shown_parts,
    shown_target,
    shown_value,
)
from cs_workbench.core.money import short_told, to_major
from cs_workbench.core.reports import Cell, Report, Section, Table
from cs_workbench.exporters.svg import Bar, heat_map, stacked_bars, step_curve, waterfall
from cs_workbench.store.database import Database
from cs_workbench.workflows.metrics import names_of
from cs_workbench.workflows.portfolio import PortfolioView

SAID = {"met": "met", "missed": "missed", "unsure": "missed, too few to tell", "unknown": "unknown"}
MOST_ACCOUNTS = 40  # a page; the rest by csw metrics --accounts
MOST_AGES = 16


def portfolio_report(db: Database, view: PortfolioView) -> Report:
    """Key figures, bridge, churn, cohorts, health, and behind each number its accounts."""
    period = view.sheet.period
    part = view.wanted.part
    whole = "the whole book" if part is None else f"{part.by} {part.name}"
    about = (
        f"{period.first} to {period.end}, {whole}, as known on {view.sheet.as_of}.",
        f"Amounts in {view.sheet.currency or 'no common currency'}.",
        f"Policy {view.policy.label}.",
        *((closed.words,) if (closed := view.sheet.closed) else ()),
    )
    return Report("Portfolio", about, tuple(_sections(db, view)))


def _sections(db: Database, view: PortfolioView) -> Iterator[Section]:
    yield _figures(view)
    if view.sheet.bridge is not None:
        yield _bridge(view.sheet.bridge, view.sheet.currency or "USD")
    yield Section("Which churn to trust", (view.sheet.trust,))
    yield _cohorts(view)
    yield _curve(view)
    if view.sheet.loyalty is not None:
        yield _loyalty(db, view.sheet.loyalty)
    if view.health is not None:
        yield _health(view.health)
    for kpi in view.sheet.kpis:
        yield _behind(db, view, kpi)
    yield Section("The policy", policy_words(view.policy), anchor="policy")


def _figures(view: PortfolioView) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for one in view.sheet.kpis:
        target = one.target
        aim = "" if target is None else shown_target(target.value, one.metric)
        star = " (provisional)" if target is not None and target.provisional else ""
        before = one.before[-1] if one.before else None
        rows.append(
            (
                label_of(one.metric.key),
                figure_of(one.metric.value, one.metric, one.currency),
                aim + star,
                "" if one.state is None else SAID[one.state],
                figure_of(before, one.metric, one.currency),
                shown_interval(one.metric, one.currency),
                one.metric.n,
            )
        )
    headings = ("Figure", "Value", "Target", "Says", "Before", "95 %", "n")
    links = tuple(one.metric.key for one in view.sheet.kpis)
    table = Table(headings, tuple(rows), "Each figure leads to what is behind it.", links)
    return Section("Key figures", table=table)


def _bridge(bridge: Bridge, currency: str) -> Section:
    amounts = bridge.plain()
    bars = [
        Bar(part_of_bridge(name), low, high, kind, short_told(amount, currency))
        for name, amount, low, high, kind in bridge.steps()
    ]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (words.strip(), to_major(amounts[name], currency)) for name, words in bridge_words(bridge)
    )
    chart = waterfall(bars, title="ARR bridge")
    return Section("ARR bridge", table=Table(("Part", currency), rows), charts=(chart,))


def _cohorts(view: PortfolioView) -> Section:
    table = view.cohorts
    ages = range(min(table.ages, MOST_AGES))
    rows = [
        (row.name, str(row.accounts), [row.share(age, "accounts") for age in ages])
        for row in table.rows
    ]
    chart = heat_map(
        rows, [f"{table.span[0]}{age}" for age in ages], title="Accounts still there, by quarter"
    )
    sentence = (
        "Percent of the accounts that began in a quarter and are still there so many quarters "
        "later. What has not happened yet is empty."
    )
    cells = tuple(
        (name, int(n), *(None if one is None else round(100 * one) for one in shares))
        for name, n, shares in rows
    )
    headings = ("Began", "n", *(f"{table.span[0]}{age}" for age in ages))
    return Section("Cohorts", (sentence,), Table(headings, cells), (chart,))


def _curve(view: PortfolioView) -> Section:
    curve = view.curve
    points = list(zip(curve.times, curve.shares, curve.lows, curve.highs, strict=True))
    middle = "not half of them yet" if curve.median is None else f"half within {curve.median} days"
    text = f"Of {curve.n} accounts that ever paid {curve.events} have left: {middle}."
    chart = step_curve(
        points, title="Accounts still there by days since the first payment", unit="days"
    )
    return Section("How long accounts stay", (text,), charts=(chart,))


def _health(health: HealthSummary) -> Section:
    columns: list[tuple[str, list[tuple[str, float]]]] = []
    rows: list[tuple[Cell, ...]] = []
    for span, spread in health.history:
        if spread is None or not spread.accounts:
            continue
        counts = [spread.bands.get(band, 0) for band in BANDS]
        label = f"{span.last:%b %y}"
        columns.append(
            (label, [(band, n / spread.accounts) for band, n in zip(BANDS, counts, strict=True)])
        )
        rows.append((label, *counts))
    chart = stacked_bars(columns, title="Customers by health band, in percent, by month")
    table = Table(("Month", *BANDS), tuple(rows))
    return Section("Health over time", ("Customers of the whole book by band.",), table, (chart,))


def _loyalty(db: Database, ours: LoyaltySummary) -> Section:
    """Those who have a reason to complain of us in silence; the mean is a key figure."""
    found = [
        (key, points, standing)
        for standing, members in ours.standings.items()
        for key, points in sorted(
            zip(members.keys, members.numerators, strict=True), key=lambda one: one[1]
        )[:MOST_ACCOUNTS]
    ]
    names = names_of(db, [key for key, _, _ in found])
    rows = tuple((_name(names, key), points, standing) for key, points, standing in found)
    text = tuple(f"{name.capitalize()}: {meaning}." for name, meaning in STANDINGS.items())
    table = Table(("Account", "Our loyalty", "Standing"), rows) if rows else None
    return Section("Whom our loyalty may cost us", text, table)


def _behind(db: Database, view: PortfolioView, kpi: Kpi) -> Section:
    metric, currency = kpi.metric, kpi.currency
    parts = shown_parts(metric, currency)
    meaning = WORDS[metric.key].meaning
    text = [f"{meaning[:1].upper()}{meaning[1:]}."]
    value = shown_value(metric, currency)
    text.append(f"{value} = {parts}, n {metric.n:,}." if parts else f"{value}, n {metric.n:,}.")
    text += metric.flags
    text.append(f"Policy {view.policy.label}.")
    members = metric.members.by_account()
    below = members.denominators or [0] * len(members.keys)
    rows = sorted(
        zip(members.keys, members.numerators, below, strict=True),
        key=lambda one: (one[1] - one[2], -one[2]),
    )
    if len(rows) > MOST_ACCOUNTS:
        text.append(
            f"The first {MOST_ACCOUNTS} of {len(rows):,} are listed; "
            "csw metrics --accounts has all."
        )
    shown = rows[:MOST_ACCOUNTS]
    names = names_of(db, [key for key, _, _ in shown])
    cells = tuple(
        (
            _name(names, key),
            _amount(above, metric.of, currency),
            _amount(beneath, metric.of, currency),
        )
        for key, above, beneath in shown
    )
    table = Table(("Account", "Above the line", "Below"), cells) if cells else None
    return Section(f"Behind {label_of(metric.key)}", tuple(text), table, anchor=metric.key)


def _amount(value: int, of: str, currency: str | None) -> Decimal | int:
    return to_major(value, currency) if of == "money" and currency else value


def _name(names: Mapping[int, tuple[str, str]], key: int) -> str:
    return names.get(key, (str(key), str(key)))[1]
