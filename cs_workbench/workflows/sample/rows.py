"""From an account's profile to the rows that its systems would export."""

import datetime as dt
import random
from collections.abc import Iterator

from cs_workbench.workflows.sample import voices, words
from cs_workbench.workflows.sample.contracts import with_history
from cs_workbench.workflows.sample.meetings import RISKS, WORDS, year_of_forecasts
from cs_workbench.workflows.sample.profile import (
    FIRST_DAY,
    HEADINGS,
    QUIET_SHARE,
    TODAY,
    WORK_SHARE,
    Mood,
    Profile,
    Row,
    Rows,
    level,
    terms,
)

PRICE_RISE = 1.05  # a year
CSAT: dict[Mood, tuple[int | None, ...]] = {
    "thriving": (4, 5, 5),
    "steady": (3, 4, 4, 5),
    "recovering": (3, 4, 4, 5),
    "wavering": (2, 3, 3, 4),
    "sinking": (1, 2, 2, 3),
    "silent": (None,),
    "gone": (1, 2, 3),
}
QUIET_DAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}


def account_rows(profile: Profile, seed: int) -> Rows:
    """All rows of the account, by kind; the same for the same seed, whatever else is generated."""
    rng = random.Random(f"{seed}/{profile.account_id}")
    contacts = list(_contacts(profile, rng))
    rows: Rows = {
        "accounts": [_account(profile)],
        "subscriptions": with_history(profile, list(_subscriptions(profile)), seed),
        "contacts": contacts,
        "usage": list(_usage(profile, rng)),
        "tickets": list(_tickets(profile, rng)),
        "surveys": list(_surveys(profile, rng)),
        "touchpoints": list(_touchpoints(profile, rng)),
        "churn_events": list(_churn(profile, rng)),
        "invoices": list(_invoices(profile, rng)),
        "promises": list(_promises(profile, rng)),
        "opportunities": [*_opportunities(profile, rng), *year_of_forecasts(profile, seed)],
    }
    told = {row["contact_id"] for row in profile.extra.get("contacts", [])}
    rows["contacts"] = [row for row in contacts if row["contact_id"] not in told]
    rows["invitations"] = []
    for kind in HEADINGS:
        rows[kind] += profile.extra.get(kind, [])
    rows["invitations"] += voices.invitations(rows["surveys"])
    return rows


def _account(profile: Profile) -> Row:
    return {
        "account_id": profile.account_id,
        "name": profile.name,
        "domain": profile.domain,
        "segment": profile.segment,
        "industry": profile.industry,
        "region": profile.region,
        "csm": profile.csm,
        "lifecycle_stage": profile.stage,
        "started_on": profile.started_on,
        "currency": profile.currency,
        "parent_account_id": profile.parent,
    }


def _subscriptions(profile: Profile) -> Iterator[Row]:
    every = terms(profile)
    for number, (first, last) in enumerate(every):
        years_ago = len(every) - 1 - number
        yield {
            "subscription_id": f"{profile.account_id}-S{number + 1}",
            "account_id": profile.account_id,
            "product": "Platform",
            "plan": profile.segment,
            "seats": max(3, round(profile.seats * 0.9**years_ago)),
            "arr": round(profile.arr / PRICE_RISE**years_ago * 0.97**years_ago),
            "currency": profile.currency,
            "start_date": first,
            "end_date": last,
            "term_months": 12,
            "notice_days": profile.notice_days,
            "auto_renew": int(profile.auto_renew),
            "cancelled_on": profile.cancelled_on if years_ago == 0 else None,
        }


def _contacts(profile: Profile, rng: random.Random) -> Iterator[Row]:
    named = {"champion": profile.champion, "decision maker": profile.decides}
    for number, role in enumerate(("champion", "decision maker", "user"), start=1):
        invented = f"{rng.choice(words.FIRST_NAMES)} {rng.choice(words.LAST_NAMES)}"
        yield {
            "contact_id": f"{profile.account_id}-C{number}",
            "account_id": profile.account_id,
            "name": named.get(role) or invented,
            "email": f"c{number}@{profile.domain}",
            "role": role,
            "title": rng.choice(words.TITLES[role]),
            "preferred_channel": rng.choice(("email", "email", "phone", "chat")),
            "opted_out": int(rng.random() < 0.03),
        }


def _usage(profile: Profile, rng: random.Random) -> Iterator[Row]:
    begin = max(FIRST_DAY, profile.started_on + dt.timedelta(days=3))
    silent = profile.silent_from or TODAY
    end = min(silent, TODAY, profile.cancelled_on or TODAY)
    actions = profile.segment != "smb"
    drift = 0.0
    for ordinal in range(begin.toordinal(), end.toordinal()):
        day = dt.date.fromordinal(ordinal)
        drift = 0.9 * drift + rng.gauss(0, 0.012)
        people = profile.seats_used * level(profile, day) * (1 + drift)
        quiet = day.weekday() >= 5 or (day.month, day.day) in QUIET_DAYS
        share = (QUIET_SHARE if quiet else WORK_SHARE) * max(0.2, 1 + rng.gauss(0, 0.06))
        yield _used(profile, day, "active_users", round(people * share))
        yield _used(profile, day, "active_users_28d", max(0, round(people)))
        if actions:
            yield _used(profile, day, "key_actions", round(people * share * 4.2))


def _used(profile: Profile, day: dt.date, metric: str, value: int) -> Row:
    return {"account_id": profile.account_id, "date": day, "metric": metric, "value": value}


def _tickets(profile: Profile, rng: random.Random) -> Iterator[Row]:
    first = max(FIRST_DAY, profile.started_on)
    last = profile.cancelled_on or TODAY - dt.timedelta(days=2)
    days = (last - first).days
    wanted = round(profile.tickets_a_year * days / 365 + rng.uniform(-0.5, 0.5))
    for number in range(max(0, wanted)):
        opened = _clock(first + dt.timedelta(days=rng.randrange(max(1, days))), rng)
        opened += dt.timedelta(hours=voices.HOURS_AWAY.get(profile.region, 0))
        answered = opened + dt.timedelta(minutes=round(rng.expovariate(1 / 140)) + 4)
        closed = answered + dt.timedelta(hours=round(rng.expovariate(1 / 30)) + 1)
        stuck = profile.mood == "sinking" and (TODAY - opened.date()).days < 40
        is_open = stuck or closed.date() >= TODAY
        driver = rng.choice(sorted(words.SUBJECTS))
        yield {
            "ticket_id": f"{profile.account_id}-T{number + 1}",
            "account_id": profile.account_id,
            "opened_at": _instant(opened),
            "first_response_at": _instant(answered) if answered.date() < TODAY else None,
            "closed_at": None if is_open else _instant(closed),
            "priority": rng.choices(("low", "normal", "high", "urgent"), (3, 6, 2, 0.4))[0],
            "driver": driver,
            "channel": rng.choice(("email", "chat", "phone")),
            "reopened_count": int(rng.random() < 0.08),
            "is_complaint": int(rng.random() < 0.03),
            "csat": rng.choice(CSAT[profile.mood]) if not is_open and rng.random() < 0.6 else None,
            "subject": rng.choice(words.SUBJECTS[driver]),
            **voices.asked_of_them(profile, number),
        }


def _surveys(profile: Profile, rng: random.Random) -> Iterator[Row]:
    if profile.nps is None:
        return
    day = max(FIRST_DAY, profile.started_on) + dt.timedelta(days=30 + rng.randrange(40))
    number = 0
    while day < (profile.cancelled_on or TODAY):
        number += 1
        score = min(10, max(0, profile.nps + rng.choice((-1, 0, 0, 1))))
        tone = "good" if score >= 9 else "middling" if score >= 7 else "bad"
        yield {
            "response_id": f"{profile.account_id}-R{number}",
            "account_id": profile.account_id,
            "contact_id": f"{profile.account_id}-C{rng.choice((1, 1, 2))}",
            "answered_at": day,
            "kind": "nps",
            "score": score,
            "comment": voices.comment(profile, tone, number) if rng.random() < 0.6 else None,
        }
        day += dt.timedelta(days=80 + rng.randrange(30))


def _touchpoints(profile: Profile, rng: random.Random) -> Iterator[Row]:
    """Two-way contacts back from the last one, and mails of ours in between."""
    last = (profile.cancelled_on or TODAY) - dt.timedelta(days=profile.last_contact)
    number = 0
    for day in _days_back(last, max(FIRST_DAY, profile.started_on), profile.contact_every, rng):
        number += 1
        inbound = rng.random() < 0.4
        channel = "email" if inbound else rng.choice(("call", "call", "meeting"))
        texts = words.REPLIES if inbound else words.TALKS
        direction = "inbound" if inbound else "outbound"
        yield _touch(profile, rng, day, number) | {
            "channel": channel,
            "direction": direction,
            "kind": "check-in",
            "sentiment": rng.choice(_sentiments(profile)) if channel != "email" else None,
            "summary": rng.choice(texts),
        }
        if rng.random() < 0.6 and day - dt.timedelta(days=6) > profile.started_on:
            number += 1
            yield _touch(profile, rng, day - dt.timedelta(days=5), number) | {
                "channel": "email",
                "direction": "outbound",
                "kind": "tip",
                "sentiment": None,
                "summary": rng.choice(words.MAILS),
            }


def _touch(profile: Profile, rng: random.Random, day: dt.date, number: int) -> Row:
    return {
        "touchpoint_id": f"{profile.account_id}-N{number}",
        "account_id": profile.account_id,
        "contact_id": f"{profile.account_id}-C{rng.choice((1, 1, 2, 3))}",
        "occurred_at": _instant(_clock(day, rng)),
        "author": profile.csm,
    }


def _sentiments(profile: Profile) -> tuple[int, ...]:
    return (
        (4, 4, 5)
        if profile.mood == "thriving"
        else (2, 3, 3)
        if profile.mood == "sinking"
        else (3, 4)
    )


def _churn(profile: Profile, rng: random.Random) -> Iterator[Row]:
    if profile.cancelled_on is None:
        return
    reason = rng.choice(words.REASONS)
    yield {
        "churn_event_id": f"{profile.account_id}-X1",
        "account_id": profile.account_id,
        "churned_on": profile.cancelled_on,
        "reason": reason,
        "feedback": words.FAREWELLS[reason],
        "refund": 0,
        "currency": profile.currency,
    }


def _invoices(profile: Profile, rng: random.Random) -> Iterator[Row]:
    for number, row in enumerate(_subscriptions(profile), start=1):
        issued = row["start_date"]
        assert isinstance(issued, dt.date)
        if issued < FIRST_DAY:
            continue
        due = issued + dt.timedelta(days=30)
        late = rng.randrange(20, 40) if profile.mood == "sinking" else rng.randrange(-20, 6)
        paid = due + dt.timedelta(days=late)
        yield {
            "invoice_id": f"{profile.account_id}-I{number}",
            "account_id": profile.account_id,
            "amount": row["arr"],
            "currency": profile.currency,
            "issued_on": issued,
            "due_on": due,
            "paid_on": paid if paid < TODAY else None,
        }


def _promises(profile: Profile, rng: random.Random) -> Iterator[Row]:
    if profile.mood in {"gone", "silent"}:
        return
    texts = {"us": words.PROMISES_BY_US, "customer": words.PROMISES_BY_THEM}
    for number, by in enumerate(rng.choices(("us", "customer"), k=rng.randrange(3)), start=1):
        made = max(profile.started_on, TODAY - dt.timedelta(days=rng.randrange(3, 150)))
        due = made + dt.timedelta(days=14)
        kept = due - dt.timedelta(days=rng.randrange(0, 8))
        is_kept = due < TODAY
        yield {
            "promise_id": f"{profile.account_id}-P{number}",
            "account_id": profile.account_id,
            "contact_id": f"{profile.account_id}-C1",
            "promised_by": by,
            "what": rng.choice(texts[by]),
            "owner": profile.csm if by == "us" else None,
            "made_on": made,
            "due_on": due,
            "kept_on": max(kept, made) if is_kept else None,
            "state": "kept" if is_kept else "open",
        }


def _opportunities(profile: Profile, rng: random.Random) -> Iterator[Row]:
    """The CSM's forecast for a renewal in the next 120 days."""
    days = (profile.end_date - TODAY).days
    told = bool(profile.extra.get("opportunities"))
    if told or not 0 <= days <= 120 or profile.mood in {"gone", "silent"}:
        return
    category, probability = {
        "thriving": ("commit", 0.95),
        "steady": ("likely", 0.75),
        "recovering": ("likely", 0.75),
        "wavering": ("at risk", 0.45),
        "sinking": ("churn expected", 0.15),
    }[profile.mood]
    weak = category in {"at risk", "churn expected"}
    # Every fourth is left open, as in any export: the gate asks for it.
    why = random.Random(f"{profile.account_id}/why").randrange(len(WORDS) + 1) if weak else -1
    is_told = 0 <= why < len(WORDS)
    yield {
        "opportunity_id": f"{profile.account_id}-O1",
        "account_id": profile.account_id,
        "category": category,
        "amount": profile.arr,
        "currency": profile.currency,
        "probability": probability,
        "closes_on": profile.end_date,
        "risk_category": RISKS[why] if is_told else None,
        "narrative": WORDS[why] if is_told else None,
        "author": profile.csm,
        "made_at": _instant(_clock(TODAY - dt.timedelta(days=rng.randrange(2, 20)), rng)),
    }


def _days_back(last: dt.date, first: dt.date, every: int, rng: random.Random) -> Iterator[dt.date]:
    day = last
    while day >= first:
        yield day
        day -= dt.timedelta(days=max(2, round(every * rng.uniform(0.6, 1.4))))


def _clock(day: dt.date, rng: random.Random) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8 + rng.randrange(9), rng.randrange(60)), dt.UTC)


def _instant(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
