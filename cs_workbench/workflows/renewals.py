"""Bring the renewals up to date: derive them from the contracts, close what has ended."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import Notice, Outcome
from cs_workbench.core.ids import id_of
from cs_workbench.core.pipeline import decide
from cs_workbench.core.renewal_history import KnownRenewal, renewal_history
from cs_workbench.core.renewal_terms import end_meant, filed_as
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.store.database import Database, moment_on, snapshot, write
from cs_workbench.store.known_contracts import known_contracts
from cs_workbench.store.outcomes import Undecided, save_outcomes, spans_of_renewals, undecided
from cs_workbench.store.renewals import (
    Mark,
    accounts_with_contracts,
    changed_since,
    derived_until,
    file_forecasts,
    keep_mark,
    loose_forecasts,
    newest,
    replace_renewals,
    said_ends,
)

CHUNK = 300  # accounts; holds the write lock for some 20 ms
SPAN = 2_000  # accounts whose renewals are closed together: they are held in memory
_WIDEST = 600  # keys that one read may span
NIGHTLY = "nightly job"
RULES = 2  # how renewals follow from contracts; when that changes, all are derived anew


@dataclass(frozen=True)
class Settled:
    """What was done: accounts derived anew, and renewals closed by how they ended."""

    accounts: int
    closed: dict[str, int]


def settle_renewals(
    db: Database, *, today: dt.date, policy: ForecastPolicy, at: str | None = None
) -> Settled:
    """Derive the renewals whose contracts changed, and close those that have ended by today.

    Closing is final: what an outcome says is never restated, whatever later files bring. Running
    again changes nothing.

    Args:
        db: the portfolio.
        today: the day that is looked from.
        policy: when a renewal is decided.
        at: the instant (UTC) of the closing; by default that day at the clock's time.
    """
    accounts = derive_renewals(db, today=today, policy=policy.renewal)
    closed: Counter[str] = Counter()
    moment = at or moment_on(today)
    with snapshot(db) as connection:
        spans = list(spans_of_renewals(connection, SPAN))
    for span in spans:
        with snapshot(db) as connection:
            open_ones = undecided(connection, today, span)
        made = list(_outcomes(open_ones, (today, moment), policy))
        for first in range(0, len(made), 1_000):
            with write(db) as connection:
                save_outcomes(connection, made[first : first + 1_000])
        closed.update(one.how for one in made)
    return Settled(accounts, dict(closed))


def derive_renewals(db: Database, *, today: dt.date, policy: RenewalPolicy) -> int:
    """Derive the renewals of all accounts whose contracts changed; returns of how many."""
    digest = hashlib.sha256(repr((RULES, policy)).encode()).hexdigest()[:16]
    before = derived_until(db)
    until = today if before is None else max(today, before.until)
    with snapshot(db) as connection:
        mark = newest(connection, until, digest)
        if mark == before:
            return 0
        is_new = before is None or before.policy != digest
        keys = (
            accounts_with_contracts(connection)
            if is_new or before is None
            else changed_since(connection, before, until, grace_days=policy.grace_days)
        )
    for chunk in _chunks(keys):
        _derive(db, chunk, mark, policy)
    with write(db) as connection:
        keep_mark(connection, mark)
    return len(keys)


def _derive(db: Database, keys: Sequence[int], mark: Mark, policy: RenewalPolicy) -> None:
    span = keys[0], keys[-1]
    wanted = set(keys)
    rows: list[tuple[int, dt.date, KnownRenewal]] = []
    filed: list[tuple[str, dt.date]] = []
    with snapshot(db) as connection:
        contracts = known_contracts(connection, span)
        said = said_ends(connection, span)
        loose = loose_forecasts(connection, span)
    for key in wanted & contracts.keys():
        history = renewal_history(contracts[key], until=mark.until, policy=policy)
        mine = list(_filed(loose.get(key, ()), history))
        filed.extend(mine)
        ends = said.get(key, set()) | {end for _, end in mine}
        moved = filed_as((one.renewal.end_date for one in history if not one.known_to), ends)
        rows.extend(
            (key, moved.get(one.renewal.end_date, one.renewal.end_date), one) for one in history
        )
    with write(db) as connection:
        replace_renewals(connection, keys, sorted(rows, key=lambda row: row[0]))
        file_forecasts(connection, filed)


def _filed(
    loose: Iterable[tuple[str, dt.date | None, dt.date]], history: Sequence[KnownRenewal]
) -> Iterator[tuple[str, dt.date]]:
    """Which renewal each imported forecast is about."""
    ends = {one.renewal.end_date for one in history}
    for forecast_id, closes, made in loose:
        end = end_meant(ends, made_on=made, closes_on=closes)
        if end is not None:
            yield forecast_id, end


def _outcomes(
    open_ones: Iterable[Undecided], on: tuple[dt.date, str], policy: ForecastPolicy
) -> Iterator[Outcome]:
    today, now = on
    grace = policy.renewal.grace_days
    for one in open_ones:
        decided = decide(one.renewal, one.notice, today, grace)
        if decided is None:
            continue
        renewal = one.renewal
        yield Outcome(
            outcome_id=_id(one, today),
            account_key=one.account_key,
            renewal_end=one.filed_as,
            ending=decided.ending,
            how=decided.how,
            closed_on=_closed_on(one, decided.how, today, grace),
            due_minor=renewal.due_minor,
            renewed_minor=decided.renewed_minor,
            currency=renewal.currency,
            author=NIGHTLY,
            made_at=now,
        )


def _closed_on(one: Undecided, how: str, today: dt.date, grace: int) -> dt.date:
    """The day on which it was decided, as far as the contracts say it; never a day ahead."""
    renewal, notice = one.renewal, one.notice
    if how == "in the contract":
        return min(today, one.known_from)
    if how == "renewed by silence" and renewal.notice_date is not None:
        return min(today, renewal.notice_date + dt.timedelta(days=1))
    if how == "notice":
        return min(today, _given(notice) or one.known_from)
    return min(today, renewal.end_date + dt.timedelta(days=grace + 1))


def _given(notice: Notice | None) -> dt.date | None:
    return None if notice is None else notice.received_on


def _id(one: Undecided, today: dt.date) -> str:
    """The same for the same renewal closed on the same day, so that a file can be built anew."""
    name = f"{one.account_key}\0{one.filed_as}\0{one.renewal.currency}".encode()
    number = int.from_bytes(hashlib.blake2b(name, digest_size=9).digest())
    return id_of(dt.datetime.combine(today, dt.time(), dt.UTC), number)


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Accounts in order, few at a time and near to one another."""
    first = 0
    for place in range(1, len(keys) + 1):
        is_end = place == len(keys)
        if is_end or place - first >= CHUNK or keys[place] - keys[first] > _WIDEST:
            yield keys[first:place]
            first = place
