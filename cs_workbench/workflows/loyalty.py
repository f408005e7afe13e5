"""Score our loyalty to every customer as of a day, and explain it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median

from cs_workbench.config import config_path
from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.health import (
    Contribution,
    HealthScore,
    decode_contributions,
    explain_score,
    score_health,
    stored_form,
)
from cs_workbench.core.loyalty import (
    BAD_DAYS,
    BadExperience,
    LoyaltyFacts,
    bad_lately,
    loyalty_outcomes,
    read_loyalty_card,
)
from cs_workbench.core.loyalty_summary import LoyaltySummary, Scored, summarise_loyalty
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.service_policy import ServicePolicy
from cs_workbench.core.turnaround import ServiceTicket, elapsed
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.database import Database, snapshot, write
from cs_workbench.store.loyalty import (
    LOOKS_BACK,
    Deeds,
    StoredLoyalty,
    card_text,
    customers,
    last_scores,
    newest_loyalty,
    read_bad,
    read_deeds,
    save_loyalty,
    scored_revenue,
)
from cs_workbench.store.service_tickets import read_service_tickets, start_days
from cs_workbench.workflows.serving import service_policy
from cs_workbench.workflows.text_files import text_of

LOYAL_AFTER = 730  # days as a customer from which they are loyal to us
CHUNK = 1_000  # accounts whose scores are made and written together
LOW_E4 = 500_000  # below so much we are not


@dataclass(frozen=True, slots=True)
class LoyaltyLine:
    """An account with our loyalty to it.

    Attributes:
        lines: what the score is made of.
        standing: `neglected and valuable`, `loyal and squeezed`, or empty.
    """

    account: AccountLine
    stored: StoredLoyalty
    lines: tuple[Contribution, ...]
    standing: str


def loyalty_card() -> Scorecard:
    """The user's own `loyalty.toml` beside `config.toml`, else the one that comes along.

    Raises:
        InputError: the file cannot be read, or is no loyalty scorecard.
    """
    own = config_path().parent / "loyalty.toml"
    shipped = Path(str(files("cs_workbench"))) / "scorecards" / "loyalty.toml"
    path = own if own.exists() else shipped
    return read_loyalty_card(text_of(path, "loyalty scorecard"), str(path))


def score_loyalty(db: Database, *, as_of: dt.date) -> int:
    """Score our loyalty to every customer as of a day, and keep it; returns for how many.

    Running again changes nothing.

    Raises:
        InputError: the scorecard or the service policy cannot be read.
    """
    card = loyalty_card()
    with snapshot(db):
        keys = sorted(customers(db.connection))
        deeds = read_deeds(db.connection, as_of)
    for first in range(0, len(keys), CHUNK):
        part = keys[first : first + CHUNK]
        with snapshot(db):
            done = _read_done(db, as_of, deeds, span=(part[0], part[-1]))
        rows = [
            (key, as_of.isoformat(), *stored_form(card, _score(card, done.facts_of(key))))
            for key in part
        ]
        with write(db) as connection:
            save_loyalty(connection, (card.digest, card.text), rows)
    return len(keys)


def _score(card: Scorecard, facts: LoyaltyFacts) -> HealthScore:
    return score_health(card, loyalty_outcomes(card, facts))


def read_loyalty_facts(db: Database, as_of: dt.date) -> Mapping[int, LoyaltyFacts]:
    """By account, what we did, as known on a day; accounts with nothing at all are left out."""
    done = _read_done(db, as_of, read_deeds(db.connection, as_of))
    return {key: done.facts_of(key) for key in done.accounts()}


def _read_done(
    db: Database, as_of: dt.date, deeds: Deeds, *, span: tuple[int, int] | None = None
) -> "_Done":
    """Tickets, of all accounts or a span of them, to the other deeds."""
    now = dt.datetime.combine(as_of + dt.timedelta(1), dt.time(), dt.UTC)
    since = as_of - dt.timedelta(LOOKS_BACK)
    tickets: dict[int, list[ServiceTicket]] = defaultdict(list)
    for one in read_service_tickets(db, since=since, until=now, span=span):
        tickets[one.account_key].append(one)
    return _Done(tickets, deeds, (as_of, now, service_policy(as_of)))


@dataclass(frozen=True, slots=True)
class _Done:
    """What we did for all accounts; of each it is given away once, and not held any longer."""

    tickets: dict[int, list[ServiceTicket]]
    deeds: Deeds
    given: tuple[dt.date, dt.datetime, ServicePolicy]

    def accounts(self) -> set[int]:
        """The accounts of which there is anything."""
        deeds = self.deeds
        keys = {*self.tickets, *deeds.promises, *deeds.feedback, *deeds.owner_changes, *deeds.bad}
        return keys | {*deeds.gives, *deeds.asks}

    def facts_of(self, key: int) -> LoyaltyFacts:
        """What we did for one account."""
        return _facts(key, self.tickets.pop(key, []), self.deeds, self.given)


def bad_experiences(db: Database, as_of: dt.date) -> dict[int, tuple[BadExperience, ...]]:
    """By account, what went wrong of late and was not made good, as known on a day."""
    now = dt.datetime.combine(as_of + dt.timedelta(1), dt.time(), dt.UTC)
    since, policy = as_of - dt.timedelta(BAD_DAYS), service_policy(as_of)
    with snapshot(db) as connection:
        bad = read_bad(connection, as_of)
        urgent = read_service_tickets(db, since=since, until=now, priority="urgent")
    for one in urgent:
        if (
            elapsed(one, one.closed_at or now, policy)
            > policy.target(one.driver, one.priority).resolution
        ):
            bad[one.account_key].append(_breach(one))
    return {
        key: lately
        for key, found in bad.items()
        if (lately := bad_lately(LoyaltyFacts(as_of, bad=tuple(found))))
    }


def list_loyalty(
    db: Database, *, today: dt.date, account_key: int | None = None
) -> list[LoyaltyLine]:
    """The newest scores with what they are made of, the lowest first; unknown ones last."""
    found = list(_with_standing(db, newest_loyalty(db, account_key), today))
    keys = [one.account_key for one, _ in found]
    accounts = {one.account_key: one for one in account_lines(db, keys, today=today, me="")}
    cards = {
        digest: read_loyalty_card(card_text(db, digest), "the stored scorecard")
        for digest in {one.scorecard_hash for one, _ in found}
    }
    lines = [
        LoyaltyLine(
            account=accounts[one.account_key],
            stored=one,
            lines=explain_stored(cards[one.scorecard_hash], one),
            standing=said,
        )
        for one, said in found
    ]
    return sorted(lines, key=_order)


def loyalty_summary(
    db: Database, *, today: dt.date, keys: Collection[int] | None = None
) -> LoyaltySummary | None:
    """The newest scores of all customers, or of some, as one; None before the first scoring.

    What is valuable is told by the whole book, also for a part of it.
    """
    newest, scored = dt.date.min, list[Scored]()
    for one, said in _with_standing(db, newest_loyalty(db), today):
        newest = max(newest, one.as_of)
        if keys is None or one.account_key in keys:
            scored.append(Scored(one.account_key, _known_points(one), said))
    return summarise_loyalty(newest, scored) if newest > dt.date.min else None


def loyalty_in(
    db: Database, period: Period, *, keys: Collection[int] | None = None
) -> Metric | None:
    """The mean of the last scoring within a period, of all who were customers then, or of some.

    None where nobody was scored.
    """
    scored = [
        Scored(one.account_key, _known_points(one), standing="")
        for one in last_scores(db, period.first, period.end)
        if keys is None or one.account_key in keys
    ]
    return summarise_loyalty(period.end, scored).mean if scored else None


def _known_points(stored: StoredLoyalty) -> int | None:
    return None if stored.band == "unknown" else stored.points_e4


def _with_standing(
    db: Database, stored: Iterable[StoredLoyalty], today: dt.date
) -> Iterator[tuple[StoredLoyalty, str]]:
    """The scores of customers, each with its standing; those of former ones are left out."""
    revenue = scored_revenue(db)
    known = [amount for amount in revenue.values() if amount is not None]
    middle = median(known) if known else 0
    started = start_days(db)
    for one in stored:
        if (key := one.account_key) in revenue:
            amount = revenue[key]
            is_valuable = amount is not None and amount >= middle
            yield one, standing(one, started.get(key), today, is_valuable=is_valuable)


def explain_stored(card: Scorecard, stored: StoredLoyalty) -> tuple[Contribution, ...]:
    """The lines of a stored score."""
    outcomes, points = decode_contributions(stored.contributions)
    return explain_score(card, outcomes, points)


def standing(
    stored: StoredLoyalty, started: dt.date | None, today: dt.date, *, is_valuable: bool
) -> str:
    """Whether somebody has a reason to complain of us in silence."""
    if stored.points_e4 is None or stored.points_e4 >= LOW_E4 or stored.band == "unknown":
        return ""
    if started is not None and (today - started).days >= LOYAL_AFTER:
        return "loyal and squeezed"
    return "neglected and valuable" if is_valuable else ""


def _order(line: LoyaltyLine) -> tuple[bool, int, int]:
    known = line.stored.band != "unknown"
    return not known, line.stored.points_e4 or 0, -(line.account.arr_minor or 0)


def _facts(
    key: int,
    tickets: list[ServiceTicket],
    deeds: Deeds,
    given: tuple[dt.date, dt.datetime, ServicePolicy],
) -> LoyaltyFacts:
    as_of, now, policy = given
    met: list[tuple[dt.date, bool]] = []
    bad = deeds.bad.pop(key, [])
    for one in tickets:
        target = policy.target(one.driver, one.priority)
        is_late = elapsed(one, one.closed_at or now, policy) > target.resolution
        if one.closed_at is not None or is_late:
            met.append(((one.closed_at or now - dt.timedelta(1)).date(), not is_late))
        if is_late and one.priority == "urgent":
            bad.append(_breach(one))
    owners = deeds.owner_changes.pop(key, [] if key in deeds.owned else None)
    again = [one.opened_at.date() for one in tickets for _ in range(one.asked_again)]
    return LoyaltyFacts(
        as_of=as_of,
        promises=tuple(deeds.promises.pop(key, ())),
        tickets=tuple(met),
        feedback=tuple(deeds.feedback.pop(key, ())),
        asked_again=tuple(again) if deeds.counts_asked else None,
        owner_changes=None if owners is None else tuple(owners),
        bad=tuple(bad),
        gives=tuple(deeds.gives.pop(key, ())),
        asks=tuple(deeds.asks.pop(key, ())),
    )


def _breach(ticket: ServiceTicket) -> BadExperience:
    """An urgent ticket beyond its target; it is made good when it is closed."""
    closed = None if ticket.closed_at is None else ticket.closed_at.date()
    return BadExperience(ticket.opened_at.date(), "urgent breach", closed)


def score_text(score: HealthScore | StoredLoyalty) -> str:
    """The score in whole points; `unknown` where too little is known."""
    if score.points_e4 is None or score.band == "unknown":
        return "unknown"
    return str(score.points_e4 // 10_000)
