"""Metrics in words: their names, what they are, and their values as people read them."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.money import short, to_major
from cs_workbench.core.reports import Cell, Figure

if TYPE_CHECKING:  # numpy comes with it
    from cs_workbench.core.metrics.revenue import Bridge


class Word(NamedTuple):
    """The name of a metric, and one sentence on what it is."""

    label: str
    meaning: str


WORDS: Mapping[str, Word] = {
    "grr": Word("GRR", "ARR kept of each opening account, growth left out, over opening ARR"),
    "nrr": Word("NRR", "what opening accounts pay at the end over what they paid at the start"),
    "gross_churn": Word("Gross revenue churn", "1 - GRR"),
    "net_churn": Word("Net revenue churn", "1 - NRR; below zero where growth outweighs losses"),
    "crr": Word("CRR", "opening customers still there at the end, over opening customers"),
    "crr_under_12": Word(
        "CRR, under 12 months", "CRR of customers younger than a year at the start"
    ),
    "crr_over_12": Word(
        "CRR, 12 months and over", "CRR of customers of a year or more at the start"
    ),
    "ccr": Word("CCR", "1 - CRR: simple churn, logo churn"),
    "churn_simple": Word("Churn, simple", "opening customers lost over opening customers"),
    "churn_adjusted": Word("Churn, adjusted", "all lost over the mean of both ends"),
    "churn_predictive": Word("Churn, predictive", "lost per customer-day times the days"),
    "gross_renewal_rate": Word("Gross renewal rate", "ARR renewed, at most what was due, over due"),
    "logo_renewal_rate": Word("Logo renewal rate", "renewals won over renewals due"),
    "on_time_renewal_rate": Word("On-time renewal rate", "agreed by the end date over due"),
    "clv": Word("CLV, simple", "monthly revenue of an account times margin over churn, capped"),
    "clv_cohort": Word("CLV, of cohorts", "what accounts have paid by age, times margin"),
    "repeat_purchase_rate": Word("Repeat purchase rate", "accounts that bought again over buyers"),
    "purchase_cycle": Word("Purchase cycle", "median days from one purchase to the next"),
    "existing_share": Word("Revenue from existing", "closing ARR from opening customers over all"),
    "nps": Word("NPS", "promoters less detractors, latest answer of each person in 90 days"),
    "first_response": Word("First response", "median hours to the first answer"),
    "tat": Word("Turnaround", "median hours from opening to closing a ticket"),
    "tat_met": Word("Turnaround in target", "tickets closed within the target of their priority"),
    "fcr": Word("First-contact resolution", "tickets resolved at first contact over closed ones"),
    "conversion_rate": Word("Conversion", "outreaches answered within 14 days over delivered"),
    "drop_rate": Word("Drop rate", "contacts that unsubscribed over outreaches delivered"),
    "actions_per_engagement": Word(
        "Actions per engagement", "usage a day after a contact less before, less the peers' drift"
    ),
    "seat_use": Word("Seats used", "people active in 28 days over contracted seats"),
    "stickiness": Word("Stickiness", "mean daily actives over monthly actives"),
    "time_to_value": Word("Time to value", "median days from first payment to first use"),
    "our_loyalty": Word(
        "Our loyalty", "plain mean of our loyalty to each customer, 0 to 100, whatever it pays"
    ),
}
# Where less is better.
LOW_IS_GOOD = frozenset(
    {
        *("gross_churn", "net_churn", "ccr", "churn_simple", "churn_adjusted", "churn_predictive"),
        *("first_response", "tat", "drop_rate", "time_to_value"),
    }
)

BRIDGE_WORDS: Mapping[str, str] = {
    "opening": "opening",
    "new": "+ new",
    "expansion": "+ expansion",
    "escalators": "  of that escalators",
    "reactivation": "+ reactivation",
    "contraction": "- contraction",
    "churn": "- churn",
    "unpriced": "± prices not comparable",
    "closing": "= closing",
}


def bridge_words(bridge: "Bridge") -> Iterator[tuple[str, str]]:
    """Each part of the bridge with what is written before its amount, without an empty one."""
    for name, words in BRIDGE_WORDS.items():
        if name != "unpriced" or bridge.unpriced:
            yield name, words


def part_of_bridge(name: str) -> str:
    """A part's name as people read it: `churn`, `prices not comparable`."""
    return BRIDGE_WORDS[name].lstrip("+-±= ")


_FORMS = {"share": "0.0 %", "days": '0 "d"', "hours": '0.0 "h"', "score": "+0;-0;0"}


def label_of(key: str) -> str:
    """A metric's name as people read it."""
    return WORDS[key].label if key in WORDS else key


def part_name(name: str | None) -> str:
    """A part of the book as people read it; None: its accounts tell nothing of what parts it."""
    return name or "not told"


def shown_value(metric: Metric, currency: str | None) -> str:
    """The value, rounded once: `72.0 %`, `412k USD`, `30 d`; `--` where it is unknown."""
    return _shown(metric.value, metric, currency)


def shown_target(value: Fraction | None, metric: Metric, currency: str | None = None) -> str:
    """Another value of the same metric; a target's amount is in major units, without currency."""
    if currency is None and metric.unit == "money":
        return "--" if value is None else f"{float(value):,.0f}"
    return _shown(value, metric, currency)


def figure_of(value: Fraction | None, metric: Metric, currency: str | None) -> Cell:
    """A value of the metric for a table: as it is shown, and as a number; `--` is unknown."""
    text = _shown(value, metric, currency)
    if value is None:
        return text
    if metric.unit == "money":
        form = f'#,##0.00 "{currency}"' if currency else "#,##0.00"
        return Figure(float(to_major(round(value), currency or "USD")), form, text)
    return Figure(float(value), _FORMS.get(metric.unit, "0.0"), text)


def shown_interval(metric: Metric, currency: str | None) -> str:
    """Both limits, empty where none can be given."""
    if metric.interval is None:
        return ""
    low, high = (
        "…" if limit is None else _bare(_shown(Fraction(limit), metric, currency))
        for limit in metric.interval
    )
    return f"{low} to {high}"


def shown_parts(metric: Metric, currency: str | None) -> str:
    """Numerator and denominator of a quotient, empty for what comes out of a formula."""
    if metric.by == "formula" or not metric.denominator:
        return ""
    above, below = (_part(one, metric, currency) for one in (metric.numerator, metric.denominator))
    return f"{above} / {below}"


def _part(value: Fraction | int, metric: Metric, currency: str | None) -> str:
    if metric.of == "money":
        return amount(round(value), currency)
    return f"{round(value):,}" if Fraction(value).denominator == 1 else f"{float(value):,.1f}"


def amount(minor: int, currency: str | None) -> str:
    """Money to the smallest coin, with separators; without its currency."""
    return f"{to_major(minor, currency or 'USD'):,}"


def _shown(value: Fraction | None, metric: Metric, currency: str | None) -> str:
    if value is None:
        return "--"
    if metric.unit == "share":
        return f"{100 * float(value):.1f} %"
    if metric.unit == "money":
        return f"{short(round(value), currency or 'USD')} {currency or ''}".rstrip()
    if metric.unit == "days":
        return f"{float(value):.0f} d"
    if metric.unit == "hours":
        return f"{float(value):.1f} h"
    if metric.unit == "score":
        return f"{float(value):+.0f}"
    return f"{float(value):.1f}"


def _bare(text: str) -> str:
    return text.removesuffix(" %")
