"""Reading all that the page of one account shows, as it was at one moment."""

import datetime as dt
from collections.abc import Sequence

from cs_workbench.core.account_page import (
    AccountPage,
    Family,
    PageHealth,
    PageSignal,
    PageSubscription,
    Problem,
    UsageHistory,
)
from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.agreements import as_agreed
from cs_workbench.core.last_contact import Since, tell_since
from cs_workbench.core.memory import Complaint
from cs_workbench.core.memory_timeline import memory_entries
from cs_workbench.core.page_memory import PageMemory
from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.core.renewals import NextRenewal, in_force, next_renewal
from cs_workbench.core.score_history import (
    ScoreDay,
    ScoreEvent,
    champion_left,
    events_of,
    scorecard_changes,
)
from cs_workbench.core.scorecards import POINT, Scorecard
from cs_workbench.core.timeline import TimelineEntry
from cs_workbench.core.usage_parts import wholes
from cs_workbench.errors import InputError, NotFoundError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_subscriptions import subscriptions_of
from cs_workbench.store.account_usage import load_usage
from cs_workbench.store.churn_ledger import said_of
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.health import StoredScore, load_score, load_scorecard, score_history
from cs_workbench.store.known import IS_TWO_WAY
from cs_workbench.store.page_memory import load_page_memory
from cs_workbench.store.page_people import (
    after,
    day_of,
    load_contacts,
    load_promises,
    two_way_values,
)
from cs_workbench.store.ratings import ratings_between
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.signals import list_signals
from cs_workbench.store.timeline import load_timeline

SHOWN_PROBLEMS = 3


def load_account_page(
    db: Database, account_key: int, *, today: dt.date, me: str = ""
) -> AccountPage:
    """Everything about one account.

    Raises:
        NotFoundError: there is no such account.
    """
    with snapshot(db):
        lines = account_lines(db, [account_key], today=today, me=me)
        if not lines:
            raise NotFoundError("This account is gone. Refresh the list.")
        return _page(db, lines[0], today)


def _page(db: Database, line: AccountLine, today: dt.date) -> AccountPage:
    key = line.account_key
    score = _score(db, key)
    memory = load_page_memory(db, key)
    contacts, promises = load_contacts(db, key, today), load_promises(db, key)
    usage = load_usage(db, key, today=today, first=_metrics(db, score))
    timeline = _merged(load_timeline(db, key, today=today), memory, today)
    subscriptions, renewal = _subscriptions(db, line, today)
    spoke_on = _spoke_on(db, key, today)
    known = (usage, contacts, promises)
    scores = _scores(db, key, today)
    since = spoke_on and _since(db, line, (spoke_on, today), known, timeline)
    row = db.connection.execute(
        "SELECT domain, started_on FROM account WHERE account_key = ?", (key,)
    ).fetchone()
    return AccountPage(
        line=line,
        today=today,
        domain=row["domain"],
        started_on=day_of(row["started_on"])
        or min((one.contract.start_date for one in subscriptions), default=None),
        health=None if score is None else _health(score),
        renewal=renewal,
        usage=wholes(usage),
        subscriptions=subscriptions,
        contacts=contacts,
        promises=promises,
        problems=_problems(db, key, memory.complaints, today),
        timeline=timeline,
        spoke_on=spoke_on,
        since=tell_since(since) if since else (),
        scores=scores,
        events=_events(contacts, timeline, scores),
        family=_family(db, key),
        ratings=ratings_between(db.connection, today, (key, key)).get(key, ()),
        signals=_signals(db, key, today),
        memory=memory,
        churn=said_of(db.connection, key),
    )


def _merged(
    timeline: Sequence[TimelineEntry], memory: PageMemory, today: dt.date
) -> tuple[TimelineEntry, ...]:
    """Newest first; what people wrote down stands above the other events of its day."""
    entries = [*memory_entries(memory, today), *timeline]
    entries.sort(key=lambda one: one.on, reverse=True)
    return tuple(entries)


def _family(db: Database, account_key: int) -> Family:
    row = db.connection.execute(
        "SELECT account_id, name FROM account "
        "WHERE account_key = (SELECT parent_key FROM account WHERE account_key = ?)",
        (account_key,),
    ).fetchone()
    (children,) = db.connection.execute(
        "SELECT count(*) FROM account WHERE parent_key = ? AND merged_into IS NULL", (account_key,)
    ).fetchone()
    if row is None:
        return Family(children=children)
    return Family(row["account_id"], row["name"], children)


def _score(db: Database, account_key: int) -> StoredScore | None:
    try:
        return load_score(db, account_key)
    except NotFoundError:
        return None


def _scores(db: Database, account_key: int, today: dt.date) -> tuple[ScoreDay, ...]:
    found = [one for one in score_history(db, account_key) if one.as_of <= today]
    cards = {digest: _card(db, digest) for digest in {one.scorecard_hash for one in found}}
    return tuple(
        ScoreDay(
            one.as_of,
            one.points_e4,
            one.band,
            None if card is None else (card.yellow_from, card.green_from),
            one.scorecard_hash if card is None else card.origin,
        )
        for one in found
        for card in (cards[one.scorecard_hash],)
    )


def _card(db: Database, digest: str) -> Scorecard | None:
    """A scorecard of then; None where this version of the program can no longer read it."""
    try:
        return load_scorecard(db.connection, digest)
    except InputError:
        return None


def _events(
    contacts: Sequence[PageContact],
    timeline: Sequence[TimelineEntry],
    scores: Sequence[ScoreDay],
) -> tuple[ScoreEvent, ...]:
    left = [
        champion_left(one.left_on, one.name)
        for one in contacts
        if one.left_on is not None and one.role == "champion"
    ]
    found = (*left, *scorecard_changes(scores), *events_of(timeline))
    return tuple(sorted(found, key=lambda one: one.on, reverse=True))


def _signals(db: Database, account_key: int, today: dt.date) -> tuple[PageSignal, ...]:
    open_ones = [
        PageSignal(
            signal_id=one.signal_id,
            kind=one.kind,
            severity=one.severity,
            is_opportunity=one.is_opportunity,
            evidence=one.evidence,
            resolves_when=one.resolves_when,
            opened_on=one.opened_on,
            snoozed_until=one.snoozed_until,
        )
        for one in list_signals(db, today=today, account_key=account_key, everything=True)
        if one.resolved_on is None
    ]
    return tuple(sorted(open_ones, key=lambda one: not one.speaks(today)))


def _metrics(db: Database, score: StoredScore | None) -> list[str]:
    """The usage metrics that scores read, by preference, then what the last refresh chose."""
    row = db.connection.execute(
        "SELECT json_extract(report, '$.metric') FROM refresh_run WHERE report IS NOT NULL "
        "ORDER BY run_id DESC LIMIT 1"
    ).fetchone()
    chosen = [] if row is None or row[0] is None else [str(row[0])]
    return [*(score.scorecard.metrics if score else ()), *chosen]


def _health(score: StoredScore) -> PageHealth:
    return PageHealth(
        as_of=score.as_of,
        band=score.band,
        points_e4=score.points_e4,
        dimensions=score.scorecard.dimensions,
        contributions=score.contributions,
    )


def _subscriptions(
    db: Database, line: AccountLine, today: dt.date
) -> tuple[tuple[PageSubscription, ...], NextRenewal | None]:
    """Those in force first, with the terms that hold today, then by start, newest first.

    And the next decision, as the list has it.
    """
    day = line.as_of or today
    rules = rules_on(db.connection, day)
    contracts = subscriptions_of(db.connection, line.account_key)
    agreed = as_agreed(contracts, today, grace_days=rules.grace_days)
    scored = as_agreed(contracts, day, grace_days=rules.grace_days)
    plans = dict(
        db.connection.execute(
            "SELECT subscription_id, plan FROM subscription WHERE account_key = ?",
            (line.account_key,),
        )
    )
    running = {one.subscription_id: one for one in agreed if in_force(one, today)}
    found = []
    for one in sorted(contracts, key=lambda one: one.start_date, reverse=True):
        name = one.subscription_id
        now = running.get(name, one)._replace(start_date=one.start_date)
        found.append(PageSubscription(now, plans[name], name in running))
    renewal = next_renewal(scored, day, segment=line.segment, policy=rules)
    return tuple(sorted(found, key=lambda one: not one.in_force)), renewal


def _problems(
    db: Database, account_key: int, complaints: Sequence[Complaint], today: dt.date
) -> tuple[Problem, ...]:
    """The last three tickets and complaints; open ones before closed ones."""
    rows = db.connection.execute(
        "SELECT ticket_id, subject, priority, is_complaint, opened_at, closed_at FROM ticket "
        "WHERE account_key = ? AND opened_at < ? "
        "ORDER BY closed_at IS NOT NULL, opened_at DESC, ticket_id LIMIT ?",
        (account_key, after(today), SHOWN_PROBLEMS),
    )
    found = [
        Problem(
            ticket_id=row["ticket_id"],
            subject=row["subject"],
            priority=row["priority"],
            is_complaint=bool(row["is_complaint"]),
            opened_on=dt.date.fromisoformat(row["opened_at"][:10]),
            closed_on=day_of(row["closed_at"]),
        )
        for row in rows
    ]
    found += [
        Problem(
            ticket_id=one.complaint_id,
            subject=one.what,
            priority=one.severity,
            is_complaint=True,
            opened_on=one.arrived_on,
            closed_on=one.closed_on,
        )
        for one in complaints
        if one.arrived_on <= today
    ]
    found.sort(key=lambda one: one.opened_on, reverse=True)
    found.sort(key=lambda one: one.closed_on is not None)
    return tuple(found[:SHOWN_PROBLEMS])


def _since(
    db: Database,
    line: AccountLine,
    span: tuple[dt.date, dt.date],
    known: tuple[Sequence[UsageHistory], Sequence[PageContact], Sequence[PagePromise]],
    timeline: Sequence[TimelineEntry],
) -> Since:
    """What is known of the days after the first of the span, up to its second."""
    on, today = span
    usage, contacts, promises = known
    bounds = (line.account_key, after(on), after(today))
    tickets, urgent, complaints = db.connection.execute(
        "SELECT count(*), coalesce(sum(priority = 'urgent'), 0), coalesce(sum(is_complaint), 0) "
        "FROM ticket WHERE account_key = ? AND opened_at >= ? AND opened_at < ?",
        bounds,
    ).fetchone()
    (unanswered,) = db.connection.execute(
        "SELECT count(*) FROM touchpoint WHERE account_key = ? AND occurred_at >= ? "
        "AND occurred_at < ?",
        bounds,
    ).fetchone()
    return Since(
        on=on,
        today=today,
        usage=usage[0] if usage else None,
        tickets=tickets,
        urgent=urgent,
        complaints=complaints,
        contacts=contacts,
        promises=promises,
        answers=[entry for entry in timeline if entry.kind == "survey" and entry.on > on],
        unanswered=unanswered,
        then=_points_about(db, line.account_key, on),
        now=None if line.points_e4 is None else line.points_e4 // POINT,
    )


def _spoke_on(db: Database, account_key: int, today: dt.date) -> dt.date | None:
    row = db.connection.execute(
        f"SELECT max(occurred_at) FROM touchpoint t WHERE account_key = :key "
        f"AND occurred_at < :tomorrow AND {IS_TWO_WAY}",
        two_way_values(account_key, today),
    ).fetchone()
    return day_of(row[0])


def _points_about(db: Database, account_key: int, day: dt.date) -> int | None:
    """The whole score of that day or of the two weeks before it."""
    row = db.connection.execute(
        "SELECT points_e4 FROM score WHERE account_key = ? AND as_of BETWEEN ? AND ? "
        "ORDER BY as_of DESC LIMIT 1",
        (account_key, (day - dt.timedelta(14)).isoformat(), day.isoformat()),
    ).fetchone()
    return None if row is None or row[0] is None else row[0] // POINT
