"""Signals of people and promises: silence, champions, tickets, surveys, starts, deadlines."""

import datetime as dt
from collections.abc import Iterator

from cs_workbench.core.measures import Measured, days_since_use
from cs_workbench.core.signals.model import Severity, Signal, Situation, days, short_date


def find_silence(now: Situation) -> Iterator[Signal]:
    """No contact in which the customer took part, for longer than is usual for the segment."""
    facts = now.facts
    if "touchpoints" not in facts.portfolio.kinds:
        return
    since = _last_contact(now)
    limit = now.policy.silence(facts.segment)
    quiet = (now.as_of - since).days
    if quiet <= limit:
        return
    last = facts.last_two_way_on
    told = (
        f"no two-way contact on record for {days(quiet)}"
        if last is None
        else f"last two-way contact on {short_date(last)}, {days(quiet)} ago"
    )
    yield Signal(
        "silence",
        "two-way contact",
        "medium" if quiet > 2 * limit else "low",
        f"{told}; {days(limit)} are usual here",
        "they answer, call or meet us",
    )


def find_champion_gone(now: Situation) -> Iterator[Signal]:
    """The champion left or lost the role, and nobody has taken the place."""
    gone = [(one.gone_on(now.as_of), one) for one in now.facts.champions]
    days_of = [(on, one) for on, one in gone if on is not None]
    if not days_of or len(days_of) < len(gone):
        return
    on, last = max(days_of, key=lambda it: (it[0], it[1].contact_id))
    if (now.as_of - on).days > now.policy.champion_days:
        return
    yield Signal(
        "champion gone",
        last.contact_id,
        "high",
        f"champion {last.name} left on {short_date(on)}, nobody has the role since"
        if on == last.left_on
        else f"{last.name} is no longer champion since {short_date(on)}, and nobody else is",
        "another contact becomes champion",
    )


def find_urgent_breach(now: Situation) -> Iterator[Signal]:
    """Urgent tickets that wait too long for an answer, or for their end."""
    for ticket in now.facts.tickets:
        if ticket.priority != "urgent" or not ticket.is_open(now.as_of):
            continue
        waited = (now.as_of - ticket.opened_on).days
        answered = ticket.responded_on is not None and ticket.responded_on <= now.as_of
        if waited > now.policy.urgent_days:
            told, aim = f"open for {days(waited)}", f"at most {days(now.policy.urgent_days)}"
        elif waited > now.policy.answer_days and not answered:
            told, aim = f"no answer for {days(waited)}", f"at most {days(now.policy.answer_days)}"
        else:
            continue
        yield Signal(
            "urgent ticket breach",
            ticket.ticket_id,
            "high",
            f"urgent ticket {ticket.ticket_id} of {short_date(ticket.opened_on)}: {told}, {aim} "
            "is the aim",
            "the ticket is answered in time, or closed",
        )


def find_detractor(now: Situation) -> Iterator[Signal]:
    """The newest answer to "would you recommend us" is a detractor's, and nobody spoke since."""
    answers = [one for one in now.facts.answers if one.kind == "nps"]
    if not answers:
        return
    newest = max(one.answered_on for one in answers)
    worst = min(one.score for one in answers if one.answered_on == newest)
    if worst > now.policy.detractor_score:
        return
    spoke = now.facts.last_two_way_on
    if (now.as_of - newest).days > now.policy.detractor_days or (spoke and spoke > newest):
        return
    yield Signal(
        "survey detractor",
        f"nps {newest.isoformat()}",
        "high" if worst <= now.policy.detractor_score // 2 else "medium",
        f"{worst} of 10 on {short_date(newest)}, and no two-way contact since",
        "somebody speaks with them, or a newer answer is 7 or more",
    )


def find_bad_experience(now: Situation) -> Iterator[Signal]:
    """What went wrong through us lately and was not made good: one suggests recovery, two talk.

    An urgent ticket alone is told by its own kind.
    """
    bad = sorted(now.bad, key=lambda one: one.on)
    if not bad or [one.kind for one in bad] == ["urgent breach"]:
        return
    told = ", ".join(f"{one.kind} of {short_date(one.on)}" for one in bad[-3:])
    more = f" and {len(bad) - 3} more" if len(bad) > 3 else ""
    count = "1 bad experience" if len(bad) == 1 else f"{len(bad)} bad experiences"
    yield Signal(
        "bad experience",
        "not made good",
        "medium" if len(bad) == 1 else "high",
        f"{count} in 90 days, not made good: {told}{more}",
        "what happened is made good: solved, told, kept",
    )


def find_stalled_onboarding(now: Situation) -> Iterator[Signal]:
    """A new customer who was not met, does not use it, or does not get beyond onboarding."""
    facts, policy = now.facts, now.policy
    begun, stage = facts.started_on, facts.lifecycle_stage
    if begun is None or begun > now.as_of:
        return
    tenure = (now.as_of - begun).days
    if stage not in {"onboarding", None} or (stage is None and tenure > policy.onboarding_days):
        return
    told: tuple[str, Severity, str, str] | None = None
    if tenure > policy.first_use_days and _is_idle(now):
        told = "no use", "high", _idle_since(now), "they use it again"
    elif tenure > policy.onboarding_days:
        told = (
            "overdue",
            "medium",
            f"at most {days(policy.onboarding_days)} is the aim",
            ("the stage is no longer onboarding"),
        )
    elif tenure > policy.kickoff_days and _was_never_met(now):
        told = (
            "no kickoff",
            "medium",
            "no kickoff: they took part in no contact yet",
            ("a first call or meeting takes place"),
        )
    if told is not None:
        reason, severity, why, ends = told
        evidence = f"{days(tenure)} since the start on {short_date(begun)}; {why}"
        yield Signal("onboarding stalled", reason, severity, evidence, ends)


def find_open_deadline(now: Situation) -> Iterator[Signal]:
    """The day by which a commitment was wanted is over, and there is none."""
    renewal = now.facts.renewal
    if renewal is None or now.facts.is_committed or now.as_of < renewal.commit_by:
        return
    if renewal.renews_by_itself(now.as_of):
        return
    left = (renewal.deadline - now.as_of).days
    what = {"notice": "last day to give notice", "procurement": "their purchasing has to start"}
    why = what.get(renewal.deadline_by, "last day of the term")
    when = f"in {days(left)}" if left > 0 else "today" if left == 0 else f"{days(-left)} ago"
    yield Signal(
        "deadline without commitment",
        f"term to {renewal.end_date.isoformat()}",
        "high" if left <= now.policy.deadline_days else "medium",
        f"deadline {short_date(renewal.deadline)} ({why}) {when}; a commitment was wanted by "
        f"{short_date(renewal.commit_by)}, there is none",
        "a commitment is recorded, or the term renews",
    )


def _last_contact(now: Situation) -> dt.date:
    """The last two-way contact, or the first day on which one could have been recorded."""
    facts = now.facts
    if facts.last_two_way_on is not None:
        return facts.last_two_way_on
    begun = facts.portfolio.begins.get("touchpoints", now.as_of)
    return max(begun, facts.started_on) if facts.started_on else begun


def _was_never_met(now: Situation) -> bool:
    """Whether the records of contacts reach back to the start, and hold none with them."""
    facts = now.facts
    recorded = facts.portfolio.begins.get("touchpoints")
    if recorded is None or facts.started_on is None or recorded > facts.started_on:
        return False
    return facts.last_two_way_on is None


def _is_idle(now: Situation) -> bool:
    """Whether usage is known of others, and this account has had none for a while."""
    facts = now.facts
    until = facts.portfolio.usage_until
    if until is None or (now.as_of - until).days > now.policy.stale_days:
        return False
    if facts.usage.get(facts.portfolio.main_metric or "") is None:
        return True
    idle = days_since_use(facts, {"metric": ""})
    return isinstance(idle, Measured) and idle.value > now.policy.idle_days


def _idle_since(now: Situation) -> str:
    last = _last_use(now)
    return "no use yet" if last is None else f"last use on {short_date(last)}"


def _last_use(now: Situation) -> dt.date | None:
    series = now.facts.usage.get(now.facts.portfolio.main_metric or "")
    return None if series is None else series.last_used
