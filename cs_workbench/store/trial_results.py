"""What came of the accounts that were eligible for a playbook."""

import datetime as dt
from collections.abc import Iterator, Mapping

from cs_workbench.core.money import to_major
from cs_workbench.core.playbooks.model import Outcome
from cs_workbench.core.plays.effects import PlayCounts, TrialResult
from cs_workbench.core.renewals import arr_on
from cs_workbench.store.account_subscriptions import accounts_of_several, agreed_subscriptions
from cs_workbench.store.known import plain_rows
from cs_workbench.store.play_facts import MeasureReader
from cs_workbench.store.sqlite import Connection

SLACK = 14  # days; a score this long before the end of the window still stands for it
_TRIALS = """SELECT t.account_key, t.eligible_on, t.segment, t.tenure_days, t.band, t.arr_minor,
        t.currency, t.outcome_value,
        EXISTS (SELECT 1 FROM play p WHERE p.account_key = t.account_key
            AND p.playbook_id = t.playbook_id AND p.started_on BETWEEN t.eligible_on
            AND date(t.eligible_on, :window)),
        (SELECT s.points_e4 / 10000.0 FROM score s WHERE s.account_key = t.account_key
            AND s.as_of BETWEEN date(t.eligible_on, :window, :slack)
            AND date(t.eligible_on, :window) ORDER BY s.as_of DESC LIMIT 1),
        (SELECT s.contributions || char(10) || s.scorecard_hash FROM score s
            WHERE s.account_key = t.account_key
            AND s.as_of BETWEEN date(t.eligible_on, :window, :slack)
            AND date(t.eligible_on, :window) ORDER BY s.as_of DESC LIMIT 1),
        (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE sum(c.arr_minor) END
            FROM subscription c
            WHERE c.account_key = t.account_key AND NOT c.is_trial AND c.currency = t.currency
            AND c.start_date <= date(t.eligible_on, :window)
            AND (c.end_date IS NULL OR c.end_date >= date(t.eligible_on, :window))
            AND (c.cancelled_on IS NULL OR c.cancelled_on > date(t.eligible_on, :window)))
    FROM trial t WHERE t.playbook_id = :playbook_id AND t.version = :version
        AND date(t.eligible_on, :window) <= :today
    ORDER BY t.trial_id"""
_COUNTS = """SELECT
    (SELECT count(*) FROM trial t WHERE t.playbook_id = :playbook_id AND t.version = :version),
    (SELECT count(*) FROM trial t WHERE t.playbook_id = :playbook_id AND t.version = :version
        AND t.is_held_out),
    count(*) FILTER (WHERE p.suggested_on IS NOT NULL), count(p.started_on),
    count(*) FILTER (WHERE p.state = 'completed'), count(*) FILTER (WHERE p.state = 'abandoned')
    FROM play p WHERE p.playbook_id = :playbook_id AND p.version = :version"""
_STEPS = """SELECT s.step_id, count(*), avg(julianday(s.done_on) - julianday(coalesce(
            (SELECT max(b.done_on) FROM play_step b WHERE b.play_id = s.play_id
                AND b.rowid < s.rowid), p.started_on)))
    FROM play_step s JOIN play p USING (play_id)
    WHERE p.playbook_id = :playbook_id AND p.version = :version AND s.state = 'done'
    GROUP BY s.step_id"""


def play_counts(connection: Connection, playbook_id: str, version: int) -> PlayCounts:
    """How many accounts were eligible, and what became of the plays."""
    given = {"playbook_id": playbook_id, "version": version}
    return PlayCounts(*next(plain_rows(connection, _COUNTS, given)))


def step_times(
    connection: Connection, playbook_id: str, version: int
) -> Mapping[str, tuple[int, float]]:
    """By step, how often it was done, and in how many days on average."""
    given = {"playbook_id": playbook_id, "version": version}
    return {
        name: (count, days or 0.0) for name, count, days in plain_rows(connection, _STEPS, given)
    }


def versions_tried(connection: Connection) -> list[tuple[str, int]]:
    """Every playbook and version of which there are trials or plays."""
    rows = plain_rows(
        connection,
        "SELECT playbook_id, version FROM trial UNION SELECT playbook_id, version FROM play "
        "ORDER BY 1, 2",
        (),
    )
    return [(playbook_id, version) for playbook_id, version in rows]


def trial_results(
    connection: Connection, playbook_id: str, version: int, outcome: Outcome, today: dt.date
) -> Iterator[TrialResult]:
    """The trials whose window is over."""
    given = {
        "playbook_id": playbook_id,
        "version": version,
        "window": f"+{outcome.within_days} days",
        "slack": f"-{SLACK} days",
        "today": today.isoformat(),
    }
    reader = MeasureReader(connection)
    several = accounts_of_several(connection)
    for row in plain_rows(connection, _TRIALS, given).fetchall():
        key, day, segment, tenure, band, arr, currency, before, treated, score, latest, kept = row
        if key in several and kept is not None:
            over = dt.date.fromisoformat(day) + dt.timedelta(days=outcome.within_days)
            kept = arr_on(agreed_subscriptions(connection, key, over), over).get(currency, 0)
        if outcome.measure == "score":
            after = score
        elif outcome.measure == "retained ARR":
            before, after = 1.0, None if not arr or kept is None else min(1.0, kept / arr)
        else:
            after = reader.read(latest).get(outcome.measure)
        yield TrialResult(
            account_key=key,
            eligible_on=dt.date.fromisoformat(day),
            is_treated=bool(treated),
            segment=segment,
            tenure_days=tenure,
            band=band,
            arr=None if arr is None else float(to_major(arr, currency)),
            before=before,
            after=after,
        )
