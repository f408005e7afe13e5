"""How the figures of the Portfolio screen are drawn, for every width."""

from collections.abc import Iterator, Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.health_summaries import HealthSummary
from cs_workbench.core.loyalty_summary import LoyaltySummary
from cs_workbench.core.metrics.cohorts import CohortTable
from cs_workbench.core.metrics.key_figures import Kpi
from cs_workbench.core.metrics.revenue import Bridge
from cs_workbench.core.metrics.survival import Survival
from cs_workbench.core.metrics.words import (
    label_of,
    part_of_bridge,
    shown_interval,
    shown_target,
    shown_value,
)
from cs_workbench.core.money import short
from cs_workbench.tui.formats import BAND_STYLES, NOTHING, joined, run_on, safe
from cs_workbench.tui.widgets.number_list import Named

LABEL: Final = 24
AIM: Final = 17  # cells of a target and how it is met
STATES: Final = {"met": "green", "missed": "red", "unsure": "yellow", "unknown": "unknown"}
SAID: Final = {"met": "met", "missed": "missed", "unsure": "maybe", "unknown": "open"}
_BARS: Final = {"whole": ("", "█"), "up": ("+", "▓"), "down": ("-", "▒")}
COHORT, HEALTH = "cohort of ", "health on "  # what the names of such lines begin with
SHADES: Final = " ░▒▓█"
LETTERED_SHADES: Final = " .:+#"


def figure_line(kpi: Kpi, width: int, glyphs: Glyphs) -> Content:
    """`GRR 96.8 % ● met 90.0 %* n 126 87.4 to 99.2 ↑ 95.1 %`; what does not fit leaves."""
    metric = kpi.metric
    parts = [
        safe(f"{label_of(metric.key):<{LABEL}.{LABEL}}"),
        safe(f"{shown_value(metric, kpi.currency):>9}", "bold"),
        _arrow(kpi, glyphs),
        _aim(kpi, glyphs),
        safe(f"{metric.n:>6,}", "dim"),
        safe(f"{shown_interval(metric, kpi.currency):>14}", "dim"),
        _before(kpi),
    ]
    return _fitting(parts, width)


def unread_line(key: str) -> Content:
    """The place of a figure that is still being read."""
    return safe(f"{label_of(key):<{LABEL}.{LABEL}} {'reading …':>9}", "dim")


def figure_heads(width: int) -> Content:
    """The heads over such lines."""
    heads = (
        f"{'Figure':<{LABEL}}",
        f"{'Value':>9}",
        " ",
        f"{'Target':<{AIM}}",
        f"{'n':>6}",
        f"{'95 %':>14}",
        "Before",
    )
    return _fitting([safe(head, "dim") for head in heads], width)


def _fitting(parts: Sequence[Content], width: int) -> Content:
    """The parts side by side; what does not fit leaves."""
    kept: list[Content] = []
    room = width
    for part in parts:
        if part.cell_length > room:
            break
        kept += [part, safe(" ")]
        room -= part.cell_length + 1
    return run_on(kept[:-1])


def _aim(kpi: Kpi, glyphs: Glyphs) -> Content:
    if kpi.target is None or kpi.state is None:
        return safe(" " * AIM)
    band = STATES[kpi.state]
    sign = next(sign for name, sign in glyphs.bands.items() if name == band)
    star = "*" if kpi.target.provisional else ""
    aim = shown_target(kpi.target.value, kpi.metric) + star
    style = next(style for name, style in BAND_STYLES.items() if name == band)
    return joined((sign, style), f" {SAID[kpi.state]:<7}", (f"{aim:>8}", "dim"))


def _arrow(kpi: Kpi, glyphs: Glyphs) -> Content:
    """Up or down from the period before."""
    before, value = kpi.before[-1] if kpi.before else None, kpi.metric.value
    if before is None or value is None:
        return safe(" ")
    return safe(glyphs.up if value > before else glyphs.down if value < before else glyphs.flat)


def _before(kpi: Kpi) -> Content:
    before = kpi.before[-1] if kpi.before else None
    if before is None:
        return NOTHING
    return joined((shown_target(before, kpi.metric, kpi.currency), "dim"))


def bridge_lines(bridge: Bridge, width: int, currency: str | None) -> Iterator[Named]:
    """The waterfall, a bar a line: where it begins and ends, and its amount; signs, not colour."""
    steps = bridge.steps()
    top = max(1, *(one.high for one in steps))
    room = max(4, width - LABEL - 12)
    for name, minor, low, high, kind in steps:
        begin, end = room * low // top, room * high // top
        sign, drawn = _BARS[kind]
        bar = " " * begin + drawn * max(1 if minor else 0, end - begin)
        amount = f"{sign}{short(minor, currency or 'USD')}"
        told = f"{part_of_bridge(name):<{LABEL}}"
        yield Named(name, joined(told, (f"{amount:>10}", "bold"), "  ", (bar[:room], "dim")))


def loyalty_line(ours: LoyaltySummary, standing: str) -> Content:
    """How many have a standing: whom our loyalty may cost us."""
    count = len(ours.standings[standing].keys)
    return joined(f"{standing:<{LABEL}}", (f"{count:>10,}", "bold"))


def cohort_lines(table: CohortTable, width: int, *, lettered: bool) -> Iterator[Named]:
    """The heat map: percent with a shade, newest cohorts last; older ages leave as it narrows."""
    told = f" · % of accounts still there, by {table.span}"
    yield Named("", joined(("Cohorts", "bold"), (told, "dim")))
    if not table.rows:
        yield Named("", safe("No account has had a contract yet.", "dim"))
        return
    ages = range(min(table.ages, max(1, (width - 14) // 5)))
    heads = "".join(f"{table.span[0] + str(age):>5}" for age in ages)
    yield Named("", safe(f"{'began':<8}{'n':>4} {heads}", "dim"))
    shades = LETTERED_SHADES if lettered else SHADES
    for row in table.rows:
        cells = []
        for age in ages:
            share = row.share(age, "accounts")
            if share is None:
                cells.append("     ")
                continue
            shade = shades[min(4, max(0, int(share * 5)))]
            cells.append(f"{shade}{100 * share:>3.0f} ")
        line = joined(f"{row.name:<8}", (f"{row.accounts:>4} ", "dim"), "".join(cells))
        yield Named(COHORT + row.name, line)


def curve_line(curve: Survival) -> Content:
    """How long accounts stay, in words."""
    if not curve.n:
        return NOTHING
    middle = "not half have left" if curve.median is None else f"half left within {curve.median} d"
    year = f"{100 * curve.at(365):.0f} % are there after a year"
    return safe(f"{curve.events} of {curve.n} have left; {middle}; {year}.", "dim")


def health_lines(health: HealthSummary | None, width: int, glyphs: Glyphs) -> Iterator[Named]:
    """Health of the whole book over time: a bar a month, each band with its sign and count."""
    told = " · whole book by band and month"
    yield Named("", joined(("Health", "bold"), (told, "dim")))
    if health is None:
        yield Named("", safe("Nothing is scored yet: r on the first screen.", "dim"))
        return
    room = max(8, width - 28)
    for span, spread in health.history:
        if span.as_of is None or spread is None or not spread.accounts:
            continue
        cells = _bars([spread.bands.get(band, 0) for band in BANDS], room)
        bar = [
            (glyphs.bands[band] * cell, BAND_STYLES[band])
            for band, cell in zip(BANDS, cells, strict=True)
        ]
        counts = " ".join(f"{glyphs.bands[band]}{spread.bands.get(band, 0)}" for band in BANDS)
        line = joined(f"{span.last:%b %y} ", *bar, "  ", (counts, "dim"))
        yield Named(HEALTH + span.as_of.isoformat(), line)


def _bars(counts: Sequence[int], room: int) -> list[int]:
    total = sum(counts) or 1
    return [room * count // total for count in counts]
