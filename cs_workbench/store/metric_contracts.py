"""What is declared of usage metrics, held against the newest data and against the scorecard."""

import datetime as dt
from collections.abc import Mapping

from cs_workbench.core.findings import Finding
from cs_workbench.core.scorecards import Scorecard, ScoredMeasure
from cs_workbench.core.usage_measures import metrics_read
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import plain_rows
from cs_workbench.store.ruler import rulers
from cs_workbench.store.sqlite import Connection

EXAMPLES = 3
WEEKS = 5  # that are read: 28 days lie in at most so many
_DECLARED = """SELECT metric_id, name, unit, fresh_days, low, high, source FROM usage_metric
    ORDER BY name"""
_OTHER_UNITS = """SELECT name, unit, other_unit FROM usage_metric WHERE other_unit IS NOT NULL
    ORDER BY name"""
_OUTSIDE = " OR ".join(f"u.d{day} NOT BETWEEN :low AND :high" for day in range(7))
_BROKEN = f"""SELECT a.account_id FROM account a CROSS JOIN usage_week u
        ON u.account_key = a.account_key AND u.metric_id = :metric
        AND u.week BETWEEN :first AND :last
    WHERE {_OUTSIDE} GROUP BY a.account_key ORDER BY a.account_id"""
_LARGEST = 1e308
_DIRECTIONS = "SELECT name, higher_is_better FROM usage_metric"
_AS_THE_METRIC = frozenset({"usage metric", "usage level", "usage change"})  # more of it, more


def contract_findings(connection: Connection, as_of: dt.date) -> list[Finding]:
    """Metrics that are older than expected, or have values outside of what is plausible.

    Only the newest weeks are looked at. Where nothing was declared nothing is expected.
    """
    found = unit_findings(connection)
    last_days = {one.metric_id: one.last_day for one in rulers(connection, as_of)}
    for metric_id, name, unit, fresh, low, high, source in plain_rows(connection, _DECLARED, ()):
        last = last_days.get(metric_id)
        if last is None:
            continue
        age = (as_of - last).days
        if fresh is not None and age > fresh:
            where = f" Ask {source}, or import" if source else " Import"
            message = (
                f"{name} ends {age} days ago; it is expected within {fresh}.{where} newer usage."
            )
            found.append(Finding("metric-not-fresh", message, 1, (last.isoformat(),)))
        if low is None and high is None:
            continue
        accounts = _outside(connection, metric_id, last, (low, high))
        if accounts:
            of = f" {unit}" if unit else ""
            message = (
                f"{name} has values outside of {_range(low, high)}{of} a day in the last weeks. "
                "Correct the source and import it again, or declare another range."
            )
            examples = tuple(accounts[:EXAMPLES])
            found.append(Finding("metric-not-plausible", message, len(accounts), examples))
    return found


def unit_findings(connection: Connection) -> list[Finding]:
    """Metrics of which a later file declares another unit than the first did."""
    return [
        Finding(
            "metric-unit",
            f"{name} is kept in {unit or 'no declared unit'}; a later file declares {other}. "
            "Its values were taken as they are: import it again in the first unit, or under "
            "another name.",
            1,
            (other,),
        )
        for name, unit, other in plain_rows(connection, _OTHER_UNITS, ())
    ]


def scorecard_findings(connection: Connection, scorecard: Scorecard) -> list[Finding]:
    """Metrics that a scorecard names and the portfolio has not, or takes the other way round.

    Without any usage at all nothing is said: it may come.
    """
    declared = dict(plain_rows(connection, _DIRECTIONS, ()))
    if not declared:
        return []
    lines = [one for card in (scorecard, *scorecard.variants.values()) for one in card.measures]
    named = {name for one in lines for name in metrics_read(one.given)} - {"*"}
    found = []
    if unknown := sorted(named - declared.keys()):
        message = (
            "The scorecard names usage metrics that were never imported, so its measures of them "
            f"are missing for everybody. There are: {', '.join(sorted(declared))}. "
            "Correct the name, or import the metric."
        )
        found.append(Finding("metric-unknown", message, len(unknown), tuple(unknown[:EXAMPLES])))
    if turned := sorted({one.measure_id for one in lines if _is_turned(one, declared)}):
        message = (
            "Measures of the scorecard give points the other way round than is declared of their "
            "metric. Turn the map, or declare higher_is_better of the metric as it is."
        )
        found.append(Finding("metric-direction", message, len(turned), tuple(turned[:EXAMPLES])))
    return found


def _is_turned(line: ScoredMeasure, declared: Mapping[str, int]) -> bool:
    """Whether more of a metric is worse by the map and better as declared, or the reverse."""
    better = declared.get(str(line.given.get("metric") or ""))
    if better is None or line.source not in _AS_THE_METRIC:
        return False
    return line.worth.higher_is_better != bool(better)


def _outside(
    connection: Connection,
    metric_id: int,
    last: dt.date,
    limits: tuple[float | None, float | None],
) -> list[str]:
    week, _ = week_and_weekday(last)
    low, high = limits
    given = {
        "metric": metric_id,
        "first": week - WEEKS + 1,
        "last": week,
        "low": -_LARGEST if low is None else low,
        "high": _LARGEST if high is None else high,
    }
    return [row[0] for row in plain_rows(connection, _BROKEN, given)]


def _range(low: float | None, high: float | None) -> str:
    return f"{'…' if low is None else f'{low:g}'} to {'…' if high is None else f'{high:g}'}"
