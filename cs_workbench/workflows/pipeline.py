"""The pipeline as of a day: its renewals, its totals, what moved, and whose forecasts held."""

import datetime as dt
from dataclasses import dataclass, replace
from types import MappingProxyType

from cs_workbench.core.filters import EVERYTHING, Filter
from cs_workbench.core.forecast_moves import Move, Position, find_moves
from cs_workbench.core.forecast_policy import ForecastPolicy, calibrated
from cs_workbench.core.forecast_records import Judged, Record, outcomes_by_category, records
from cs_workbench.core.forecasts import Category
from cs_workbench.core.pipeline_entries import Entry, currencies
from cs_workbench.core.projections import Projection, project
from cs_workbench.core.retention_outlook import Retention, outlooks, project_retention
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.known import read_known
from cs_workbench.store.pipeline import PipelineQuery, read_entries, read_entries_before
from cs_workbench.store.retention_facts import contracts_at_both_ends
from cs_workbench.store.statements import ended, forecasts_of_ended
from cs_workbench.workflows.collecting import no_garbage_search
from cs_workbench.workflows.renewals import settle_renewals

WINDOW_DAYS = 120
RECORD_DAYS = 400  # how far back a person's record looks


@dataclass(frozen=True)
class Window:
    """Which renewals are looked at.

    Attributes:
        day: as known on this day.
        days: deadlines within so many days from it.
        narrowed: only of accounts that fit, as they are now.
    """

    day: dt.date
    days: int = WINDOW_DAYS
    narrowed: Filter = EVERYTHING

    @property
    def query(self) -> PipelineQuery:
        """The question as the store takes it."""
        return PipelineQuery(self.day, self.day + dt.timedelta(days=self.days), self.narrowed)


@dataclass(frozen=True)
class Pipeline:
    """The renewals of a window, as they stood.

    Attributes:
        policy: with the probabilities that were reckoned with.
        currency: of the totals; entries in others are listed but not in them.
    """

    window: Window
    policy: ForecastPolicy
    entries: tuple[Entry, ...]
    currency: str

    @property
    def counted(self) -> list[Entry]:
        """The entries in the currency of the totals."""
        return [one for one in self.entries if one.renewal.currency == self.currency]

    @property
    def totals(self) -> Projection:
        """Their figures."""
        return project([one.chance for one in self.counted])


def bring_up_to_date(db: Database, today: dt.date, policy: ForecastPolicy) -> None:
    """Derive and close what the data of now says; quick where nothing changed."""
    settle_renewals(db, today=today, policy=policy)


def read_pipeline(
    db: Database,
    window: Window,
    policy: ForecastPolicy,
    *,
    limit: int | None = None,
    own: bool = True,
) -> Pipeline:
    """The renewals of a window as known on its day.

    Args:
        db: the portfolio.
        window: which renewals, as known when.
        policy: the defaults.
        limit: only so many, by deadline.
        own: reckon with the team's own rates of that day, where there are enough outcomes.
    """
    with no_garbage_search():
        rated = own_rates(db, window.day, policy) if own else policy
        entries = read_entries(db, window.query, rated, limit=limit)
    names = currencies(entries)
    return Pipeline(window, rated, tuple(entries), names[0] if names else "")


def own_rates(db: Database, day: dt.date, policy: ForecastPolicy) -> ForecastPolicy:
    """The policy with the rates that the team's own outcomes by then give, where they suffice."""
    found: dict[Category, tuple[int, int]] = dict(outcomes_by_category(judged(db, day)))
    return replace(policy, default_e4=MappingProxyType(dict(calibrated(policy, found))))


def judged(db: Database, day: dt.date) -> list[Judged]:
    """Renewals that ended in the year before a day, with what was forecast of them until then."""
    ends = day - dt.timedelta(days=RECORD_DAYS), day + dt.timedelta(days=RECORD_DAYS)
    with snapshot(db) as connection:
        over = ended(connection, ends, day)
        histories = forecasts_of_ended(connection, ends, day) if over else {}
    return [
        Judged(by, [one for one in histories[key] if one.made_on <= outcome.closed_on], outcome)
        for key, (by, outcome) in over.items()
    ]


def author_records(db: Database, day: dt.date, policy: ForecastPolicy) -> list[Record]:
    """How good everybody's forecasts of the last year were, by what is known on a day."""
    return records(judged(db, day), policy)


@dataclass(frozen=True)
class Difference:
    """Two days of one window and what moved between them; `moves` add up to the difference."""

    before: Pipeline
    after: Pipeline
    moves: tuple[Move, ...]

    @property
    def delta_e4(self) -> int:
        """The difference of the weighted sums in 1/10,000 of the smallest unit."""
        return sum(one.delta_e4 for one in self.moves)


def compare(
    db: Database,
    window: Window,
    since: dt.date,
    policy: ForecastPolicy,
    *,
    now: Pipeline | None = None,
) -> Difference:
    """What moved since a day: the same window as it was seen from there."""
    with no_garbage_search():
        after = now or read_pipeline(db, window, policy)
        before = _before(db, after, since, policy)
        currency = after.currency or before.currency
        moves = find_moves(_positions(before, currency), _positions(after, currency))
    return Difference(before, after, tuple(moves))


def _before(db: Database, after: Pipeline, since: dt.date, policy: ForecastPolicy) -> Pipeline:
    window = replace(after.window, day=since)
    rated = own_rates(db, since, policy)
    entries = read_entries_before(db, window.query, rated, after.entries, after.window.day)
    names = currencies(entries)
    return Pipeline(window, rated, tuple(entries), names[0] if names else "")


def _positions(pipeline: Pipeline, currency: str) -> dict[tuple[int, dt.date], Position]:
    return {one.key: one.position for one in pipeline.entries if one.renewal.currency == currency}


def fiscal_year(day: dt.date, policy: ForecastPolicy) -> tuple[dt.date, dt.date]:
    """The last day before the fiscal year of a day, and its own last day."""
    month = policy.fiscal_month
    year = day.year if day.month >= month else day.year - 1
    one = dt.timedelta(days=1)
    return dt.date(year, month, 1) - one, dt.date(year + 1, month, 1) - one


def retention_outlook(db: Database, pipeline: Pipeline) -> Retention:
    """GRR and NRR of the fiscal year, with what its undecided renewals may still bring."""
    window, policy = pipeline.window, pipeline.policy
    opening, closing = fiscal_year(window.day, policy)
    entries = read_entries(db, PipelineQuery(window.day, closing, window.narrowed), policy)
    mine = [one for one in entries if one.renewal.currency == pipeline.currency]
    with snapshot(db) as connection:
        contracts = contracts_at_both_ends(
            connection,
            read_known(connection, window.day),
            (opening, closing),
            currency=pipeline.currency,
            wanted=window.narrowed,
        )
        return project_retention(outlooks(contracts, mine, closing))
