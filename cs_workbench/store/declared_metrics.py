"""What is declared of usage metrics."""

from dataclasses import dataclass
from typing import Any

from cs_workbench.store.database import Database

_ALL = """SELECT metric_id, name, label, unit, rollup, higher_is_better, source, fresh_days, low,
    high, kind, per_seat, quota FROM usage_metric ORDER BY name"""


@dataclass(frozen=True, slots=True)
class DeclaredMetric:
    """A usage metric as it is declared; the fields as in `UsageMetric`."""

    metric_id: int
    name: str
    label: str
    unit: str
    rollup: str
    higher_is_better: bool
    source: str | None
    fresh_days: int | None
    low: float | None
    high: float | None
    kind: str
    per_seat: bool
    quota: float | None


def declared_metrics(db: Database) -> list[DeclaredMetric]:
    """All of them, by name."""
    return [DeclaredMetric(**_plain(dict(row))) for row in db.connection.execute(_ALL)]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    flags = ("higher_is_better", "per_seat")
    return {name: bool(value) if name in flags else value for name, value in row.items()}
