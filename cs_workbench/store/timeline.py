"""The timeline of an account, merged from everything that has a date."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from cs_workbench.core.timeline import (
    TimelineEntry,
    band_entry,
    change_entry,
    churn_entry,
    contact_entry,
    credit_entry,
    forecast_entry,
    invoice_entry,
    override_entry,
    promise_entries,
    rating_entry,
    survey_entry,
    ticket_closed_entry,
    ticket_entry,
    withdrawn_entry,
)
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Row


@dataclass(frozen=True)
class _Source:
    statement: str
    entries: Callable[[list[Row], dt.date], Iterable[TimelineEntry]]


def load_timeline(db: Database, account_key: int, *, today: dt.date) -> list[TimelineEntry]:
    """Everything up to today, newest first; of one day, what came last in its table first."""
    entries: list[TimelineEntry] = []
    for source in _SOURCES:
        rows = db.connection.execute(source.statement, (account_key,)).fetchall()
        entries.extend(entry for entry in source.entries(rows, today) if entry.on <= today)
    entries.reverse()
    entries.sort(key=attrgetter("on"), reverse=True)
    return entries


def _contacts(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for occurred_at, channel, direction, kind, sentiment, summary, author, person in rows:
        yield contact_entry(
            _day(occurred_at),
            channel=channel,
            direction=direction,
            kind=kind,
            person=person,
            sentiment=sentiment,
            summary=summary,
            author=author,
        )


def _tickets(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for ticket_id, subject, opened_at, closed_at, priority, complaint, csat in rows:
        opened_on = _day(opened_at)
        yield ticket_entry(
            opened_on,
            ticket_id=ticket_id,
            subject=subject,
            priority=priority,
            complaint=bool(complaint),
        )
        if closed_at:
            yield ticket_closed_entry(
                _day(closed_at),
                ticket_id=ticket_id,
                opened_on=opened_on,
                subject=subject,
                csat=csat,
            )


def _surveys(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for answered_on, kind, score, comment, person in rows:
        yield survey_entry(
            _day(answered_on), kind=kind, score=score, person=person, comment=comment
        )


def _promises(rows: list[Row], today: dt.date) -> Iterator[TimelineEntry]:
    for by, what, made_on, due_on, kept_on, state in rows:
        yield from promise_entries(
            by=by,
            what=what,
            made_on=_day(made_on),
            due_on=_day(due_on) if due_on else None,
            kept_on=_day(kept_on) if kept_on else None,
            state=state,
            today=today,
        )


def _invoices(rows: list[Row], today: dt.date) -> Iterator[TimelineEntry]:
    for invoice_id, amount_minor, currency, issued_on, due_on, paid_on in rows:
        if amount_minor < 0:
            yield credit_entry(
                _day(issued_on),
                invoice_id=invoice_id,
                amount_minor=amount_minor,
                currency=currency,
            )
            continue
        due, paid = _day(due_on) if due_on else None, _day(paid_on) if paid_on else None
        if due is not None and due < today and (paid is None or paid > due):
            yield invoice_entry(
                due,
                invoice_id=invoice_id,
                amount_minor=amount_minor,
                currency=currency,
                state="due",
            )
        if paid is not None:
            yield invoice_entry(
                paid,
                invoice_id=invoice_id,
                amount_minor=amount_minor,
                currency=currency,
                state="paid",
            )


def _churn(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for churned_on, reason, feedback, reactivation in rows:
        yield churn_entry(
            _day(churned_on), reason=reason, feedback=feedback, reactivation=bool(reactivation)
        )


def _forecasts(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    before: dict[str | None, str] = {}
    for opportunity_id, category, amount_minor, currency, narrative, author, made_at in rows:
        yield forecast_entry(
            _day(made_at),
            category=category,
            before=before.get(opportunity_id),
            amount_minor=amount_minor,
            currency=currency,
            narrative=narrative,
            author=author,
        )
        before[opportunity_id] = category


def _bands(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for (_, before, points_before), (as_of, band, points) in pairwise(map(tuple, rows)):
        if band != before:
            yield band_entry(
                _day(as_of), before=before, band=band, points_before=points_before, points=points
            )


def _overrides(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for band, points, reason, author, made_on, expires_on, withdrawn_on, by, has_next in rows:
        yield override_entry(
            _day(made_on),
            band=band,
            points=points,
            reason=reason,
            author=author,
            expires_on=_day(expires_on),
        )
        if withdrawn_on and not has_next:
            yield withdrawn_entry(_day(withdrawn_on), band=band, who=by)


def _ratings(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for rated, value, reason, author, rated_on in rows:
        yield rating_entry(_day(rated_on), rated=rated, value=value, reason=reason, author=author)


def _changes(rows: list[Row], _: dt.date) -> Iterator[TimelineEntry]:
    for on, summary, actor in rows:
        yield change_entry(_day(on), summary=summary, actor=actor)


def _day(text: str) -> dt.date:
    """The day of an ISO date or of a UTC instant."""
    return dt.date.fromisoformat(text[:10])


_SOURCES = (
    _Source(
        "SELECT as_of, band, points_e4 FROM score WHERE account_key = ? ORDER BY as_of", _bands
    ),
    _Source(
        "SELECT coalesce((SELECT max(effective_on) FROM change "
        "WHERE change.change_set_id = change_set.change_set_id), at), "
        "summary, actor FROM change_set WHERE cause IN ('person', 'undo', 'merge', "
        "'rekey') AND change_set_id IN (SELECT change_set_id FROM change "
        "WHERE entity = 'account' AND entity_id = CAST(? AS TEXT)) ORDER BY at, change_set_id",
        _changes,
    ),
    _Source(
        "SELECT v.band, v.points_e4, v.reason, coalesce(w.name, v.author), v.made_on, "
        "v.expires_on, v.withdrawn_on, coalesce(x.name, v.withdrawn_by), EXISTS (SELECT 1 "
        "FROM override n WHERE n.account_key = v.account_key AND n.made_on = v.withdrawn_on "
        "AND n.override_id > v.override_id) FROM override v "
        "LEFT JOIN person w ON w.person_id = v.author "
        "LEFT JOIN person x ON x.person_id = v.withdrawn_by "
        "WHERE v.account_key = ? ORDER BY v.made_on, v.override_id",
        _overrides,
    ),
    _Source(
        "SELECT r.rated, r.value, r.reason, coalesce(w.name, r.author), r.rated_on FROM rating r "
        "LEFT JOIN person w ON w.person_id = r.author WHERE r.account_key = ? "
        "ORDER BY r.rated_on, r.known_on, r.rating_id",
        _ratings,
    ),
    _Source(
        "SELECT invoice_id, amount_minor, currency, issued_on, due_on, paid_on FROM invoice "
        "WHERE account_key = ? ORDER BY issued_on, invoice_id",
        _invoices,
    ),
    _Source(
        "SELECT ticket_id, subject, opened_at, closed_at, priority, is_complaint, csat FROM ticket "
        "WHERE account_key = ? ORDER BY opened_at, ticket_id",
        _tickets,
    ),
    _Source(
        "SELECT answered_on, kind, score, comment, contact.name FROM survey_response AS answer "
        "LEFT JOIN contact USING (contact_id) WHERE answer.account_key = ? "
        "ORDER BY answered_on, response_id",
        _surveys,
    ),
    _Source(
        "SELECT promised_by, what, made_on, due_on, kept_on, state FROM promise "
        "WHERE account_key = ? ORDER BY made_on, promise_id",
        _promises,
    ),
    _Source(
        "SELECT churned_on, reason, feedback, is_reactivation FROM churn_event "
        "WHERE account_key = ? ORDER BY churned_on, churn_event_id",
        _churn,
    ),
    _Source(
        "SELECT opportunity_id, category, amount_minor, currency, narrative, author, made_at "
        "FROM forecast WHERE account_key = ? ORDER BY made_at, forecast_id",
        _forecasts,
    ),
    _Source(
        "SELECT occurred_at, channel, direction, kind, sentiment, summary, author, contact.name "
        "FROM touchpoint AS touch LEFT JOIN contact USING (contact_id) "
        "WHERE touch.account_key = ? ORDER BY occurred_at, touchpoint_id",
        _contacts,
    ),
)
