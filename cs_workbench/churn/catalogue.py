"""The features by name: what each is in a person's words, and how a model takes it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cs_workbench.churn.history import Floats

Scale = Literal["plain", "log"]
Words = Literal["ratio", "share", "count", "days", "weeks", "months", "score", "yes", "plain"]

MANY_TIMES = 3  # from which on a ratio is told as one


@dataclass(frozen=True)
class Feature:
    """One named column.

    Attributes:
        name: as in files and JSON.
        label: for a person.
        kind: the kind of data it needs.
        days: how far back it looks; 0: the whole history.
        scale: `log`: a model takes log(1 + value).
        words: how a value is told.
    """

    name: str
    label: str
    kind: str
    days: int
    scale: Scale
    words: Words

    def scaled(self, values: Floats) -> Floats:
        """The values as a model takes them; NaN stays."""
        return np.log1p(np.maximum(values, 0)) if self.scale == "log" else values

    def told(self, value: float) -> str:
        """A value for a person; `not known` for NaN."""
        if np.isnan(value):
            return "not known"
        match self.words:
            case "ratio":
                times = float(np.exp(value))
                return (
                    f"{times:.0f} times" if times >= MANY_TIMES else f"{100 * (times - 1):+.0f} %"
                )
            case "share":
                return f"{round(100 * value)} %"
            case "yes":
                return "yes" if value > 0 else "no"
            case "plain":
                return f"{value:.2f}"
            case "score" | "count":
                return f"{value:.0f}"
        unit = self.words if round(value) != 1 else self.words.removesuffix("s")
        return f"{value:.0f} {unit}"


FEATURES: tuple[Feature, ...] = (
    Feature("usage_change", "usage to 12 weeks before", "usage", 112, "plain", "ratio"),
    Feature("weeks_idle", "since last use", "usage", 728, "log", "weeks"),
    Feature("silence", "since a two-way contact", "touchpoints", 0, "log", "days"),
    Feature("champion_gone", "champion gone", "contacts", 365, "plain", "yes"),
    Feature("usage_level", "usage to own best", "usage", 364, "plain", "share"),
    Feature("tenure", "tenure", "accounts", 0, "log", "months"),
    Feature("nps", "last NPS answer", "surveys", 365, "plain", "score"),
    Feature("complaints", "complaints, 180 days", "tickets", 180, "log", "count"),
    Feature("seats_used", "seats used", "usage", 28, "plain", "share"),
    Feature("arr_change", "ARR to a year before", "subscriptions", 365, "plain", "ratio"),
    Feature("tickets", "tickets, 90 days", "tickets", 90, "log", "count"),
    Feature("invoice_late", "invoice late", "invoices", 0, "log", "days"),
    Feature("csat", "mean satisfaction, 180 days", "surveys", 180, "plain", "plain"),
    Feature("usage_trend", "usage to half a year before", "usage", 266, "plain", "ratio"),
    Feature("active_days", "days in use a week", "usage", 28, "plain", "plain"),
    Feature("breadth", "share of features in use", "usage", 364, "plain", "share"),
    Feature("other_usage_change", "other usage to 12 weeks before", "usage", 112, "plain", "ratio"),
    Feature("usage_volatility", "unevenness of usage", "usage", 84, "plain", "share"),
    Feature("usage_volume", "usage to the typical account", "usage", 28, "plain", "ratio"),
    Feature("threads", "people we talk with, 120 days", "touchpoints", 120, "log", "count"),
    Feature("promises_late", "our late promises", "promises", 0, "log", "count"),
    Feature("promises_open", "our open promises", "promises", 0, "log", "count"),
    Feature("urgent_open", "urgent tickets open", "tickets", 0, "log", "count"),
    Feature("response", "our first answer, 90 days", "tickets", 90, "log", "days"),
    Feature("ces", "last effort score", "surveys", 365, "plain", "score"),
    Feature("seats_change", "seats to a year before", "subscriptions", 365, "plain", "ratio"),
    Feature("price_change", "price a seat, last renewal", "subscriptions", 0, "plain", "ratio"),
    Feature("arr", "ARR to the typical account", "subscriptions", 0, "plain", "ratio"),
    Feature("left_before", "left and came back before", "churn_events", 0, "plain", "yes"),
    Feature("health_adoption", "health: adoption", "health", 0, "plain", "score"),
    Feature("health_engagement", "health: engagement", "health", 0, "plain", "score"),
    Feature("health_service", "health: service", "health", 0, "plain", "score"),
    Feature("health_voice", "health: voice", "health", 0, "plain", "score"),
    Feature("health_relationship", "health: relationship", "health", 0, "plain", "score"),
)
NAMES = tuple(one.name for one in FEATURES)
BY_NAME = {one.name: one for one in FEATURES}
DIMENSIONS = ("adoption", "engagement", "service", "voice", "relationship")

# The base of every model: health beside the renewal clock.
HEALTH = Feature("health", "health score", "health", 0, "plain", "score")
WEEKS_LEFT = Feature("weeks_left", "to the end of the term", "subscriptions", 0, "log", "weeks")
