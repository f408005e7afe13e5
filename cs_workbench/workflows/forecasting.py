"""What a person says about a renewal: a forecast, a commitment, a notice, how it ended."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.forecast_checks import Lack, commitment_lacks, forecast_lacks
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import (
    Commitment,
    Forecast,
    How,
    Notice,
    Outcome,
    Risk,
    supposed_risk,
)
from cs_workbench.core.ids import new_id
from cs_workbench.core.money import short
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, moment_on, write
from cs_workbench.store.health import load_score
from cs_workbench.store.pipeline import account_entries, read_entry
from cs_workbench.store.signals import list_signals
from cs_workbench.store.signers import signer_named, signers
from cs_workbench.store.statements import new_statement

Statement = Forecast | Commitment | Notice | Outcome


@dataclass(frozen=True)
class Speaker:
    """Who says it, on which day of the portfolio, and in which review if in one."""

    actor: str
    today: dt.date
    review_id: str | None = None

    def at(self) -> str:
        """The instant of saying: the portfolio's day at the clock's time."""
        return moment_on(self.today)


def find_renewal(
    db: Database,
    account_key: int,
    *,
    day: dt.date,
    policy: ForecastPolicy,
    end: dt.date | None = None,
) -> Entry:
    """The renewal of an account that is decided next; with `end`, the one that ends then.

    Raises:
        NotFoundError: there is none; the message says which there are.
    """
    entries = account_entries(db, account_key, day, policy)
    if end is not None:
        found = [one for one in entries if end in {one.renewal.end_date, one.filed_as}]
        if found:
            return found[0]
        there = ", ".join(one.renewal.end_date.isoformat() for one in entries) or "none"
        raise NotFoundError(f"No renewal ends on {end.isoformat()}. Ends: {there}.")
    open_ones = [one for one in entries if one.standing.is_open]
    ahead = open_ones or [one for one in entries if one.renewal.end_date >= day] or entries[-1:]
    if not ahead:
        raise NotFoundError(
            "This account has no renewal: no contract with an end, or none is imported."
        )
    return min(ahead, key=lambda one: one.renewal.deadline)


def new_forecast(speaker: Speaker, entry: Entry, **given: object) -> Forecast:
    """A forecast of a renewal with these fields; what is left out is not said."""
    base = Forecast(
        forecast_id=new_id(),
        account_key=entry.account.account_key,
        renewal_end=entry.filed_as,
        category="at risk",
        amount_minor=None,
        currency=entry.renewal.currency,
        probability_e4=None,
        author=speaker.actor,
        made_at=speaker.at(),
        review_id=speaker.review_id,
    )
    return base._replace(**given)  # type: ignore[arg-type]  # its fields


def new_commitment(
    db: Database, speaker: Speaker, entry: Entry, *, policy: ForecastPolicy, **given: object
) -> Commitment:
    """A commitment with these fields; `signer` is a contact's name, or a part of it.

    Raises:
        UsageError: nobody at the account is called so, or their role does not let them.
    """
    known = signers(db, entry.account.account_key)
    signer = signer_named(known, str(given.pop("signer", "")))
    if signer is None:
        there = ", ".join(one.name for one in known if one.left_on is None) or "none yet"
        raise UsageError(f"Name a contact of the account who gave it. Contacts: {there}.")
    if signer.role is not None and signer.role not in policy.signers:
        raise UsageError(
            f"{signer.name} is a {signer.role}; commitments come from: {', '.join(policy.signers)}."
        )
    base = Commitment(
        commitment_id=new_id(),
        account_key=entry.account.account_key,
        renewal_end=entry.filed_as,
        level="verbal",
        signer=signer.name,
        contact_id=signer.contact_id,
        given_on=speaker.today,
        evidence="",
        amount_minor=None,
        currency=entry.renewal.currency,
        term_months=None,
        author=speaker.actor,
        made_at=speaker.at(),
        signer_left_on=signer.left_on,
        review_id=speaker.review_id,
    )
    return base._replace(**given)  # type: ignore[arg-type]  # its fields


def new_notice(speaker: Speaker, entry: Entry, **given: object) -> Notice:
    """A notice with these fields; with `part_minor` it is of a part."""
    base = Notice(
        notice_id=new_id(),
        account_key=entry.account.account_key,
        renewal_end=entry.filed_as,
        received_on=speaker.today,
        given_by="",
        scope="all" if given.get("part_minor") is None else "part",
        part_minor=None,
        currency=entry.renewal.currency,
        document=None,
        author=speaker.actor,
        made_at=speaker.at(),
    )
    return base._replace(**given)  # type: ignore[arg-type]  # its fields


def new_outcome(speaker: Speaker, entry: Entry, **given: object) -> Outcome:
    """How a renewal ended, with these fields; one that `corrects` another says so."""
    how: How = "corrected" if given.get("corrects") else "signed"
    if given.get("ending") == "lost" and how == "signed":
        how = "notice" if entry.said.notice else "lapsed"
    base = Outcome(
        outcome_id=new_id(),
        account_key=entry.account.account_key,
        renewal_end=entry.filed_as,
        ending="won",
        how=how,
        closed_on=speaker.today,
        due_minor=entry.renewal.due_minor,
        renewed_minor=entry.renewal.due_minor,
        currency=entry.renewal.currency,
        author=speaker.actor,
        made_at=speaker.at(),
    )
    return base._replace(**given)  # type: ignore[arg-type]  # its fields


def risk_to_suppose(db: Database, account_key: int, day: dt.date) -> Risk | None:
    """The risk that open signals, or else what costs the score most, let one suppose."""
    signals = {one.kind for one in list_signals(db, today=day, account_key=account_key)}
    found = supposed_risk(signals)
    if found is not None:
        return found
    try:
        lines = load_score(db, account_key, day).contributions
    except NotFoundError:
        return None
    costly = [one for one in lines if one.points_e4 is not None and one.lost_e4 > 0]
    return supposed_risk({max(costly, key=lambda one: one.lost_e4).dimension}) if costly else None


def record_forecast(
    db: Database,
    speaker: Speaker,
    one: Forecast,
    *,
    policy: ForecastPolicy,
    besides: Callable[[str], Change] | None = None,
) -> str:
    """Write a forecast down; returns it in words.

    Args:
        db: the portfolio.
        speaker: who says it.
        one: what they say.
        policy: what a forecast has to say.
        besides: another change of the same act, made from these words.

    Raises:
        UsageError, ConflictError, NotFoundError: as `check_forecast`.
    """
    told = check_forecast(db, speaker, one, policy=policy)
    return say(db, speaker, one, told, *([besides(told)] if besides else []))


def check_forecast(db: Database, speaker: Speaker, one: Forecast, *, policy: ForecastPolicy) -> str:
    """Hold a forecast against the policy without writing it down; returns it in words.

    Raises:
        UsageError: the policy wants more; the message says what.
        ConflictError: the renewal is decided already.
        NotFoundError: there is no such renewal.
    """
    entry = _entry(db, one, speaker, policy)
    if not entry.standing.is_open:
        raise ConflictError(
            f"{entry.account.name}: this renewal is {entry.standing.state} already. "
            "`csw renewal close --correct` puts an outcome right."
        )
    refuse(forecast_lacks(one, entry.renewal, entry.said, day=speaker.today, policy=policy))
    return forecast_words(one, entry)


def record_commitment(
    db: Database, speaker: Speaker, one: Commitment, *, policy: ForecastPolicy
) -> str:
    """Write a commitment down; returns it in words.

    Raises:
        UsageError, NotFoundError: as `check_commitment`.
    """
    return say(db, speaker, one, check_commitment(db, speaker, one, policy=policy))


def check_commitment(
    db: Database, speaker: Speaker, one: Commitment, *, policy: ForecastPolicy
) -> str:
    """See that nothing lacks in a commitment, without writing it down; returns it in words.

    Raises:
        UsageError: something is missing; the message says what.
        NotFoundError: there is no such renewal.
    """
    entry = _entry(db, one, speaker, policy)
    refuse(commitment_lacks(one, day=speaker.today))
    money = "" if one.amount_minor is None else f" {short(one.amount_minor, one.currency)}"
    verb = "withdrawn" if one.level == "withdrawn" else f"{one.level}{money}"
    return f"commitment: {verb} by {one.signer} · {entry.account.name}"


def record_notice(db: Database, speaker: Speaker, one: Notice, *, policy: ForecastPolicy) -> str:
    """Write down that the customer gave notice; returns that in words.

    Raises:
        UsageError: something is missing or cannot be; the message says what.
        NotFoundError: there is no such renewal.
    """
    entry = _entry(db, one, speaker, policy)
    if one.received_on > speaker.today:
        raise UsageError(f"{with_weekday(one.received_on)} is still to come.")
    if not one.given_by.strip():
        raise UsageError("Say who gave notice.")
    if one.scope == "part":
        due = entry.renewal.due_minor
        if due is None:
            raise UsageError("Of a part: the price of what ends is not known; import it first.")
        if one.part_minor is None or not 0 < one.part_minor < due:
            raise UsageError(
                "Of a part: say how much ARR ends, more than 0 and less than the "
                f"{short(due, entry.renewal.currency)} that are due."
            )
    part = f" of {short(one.part_minor, one.currency)}" if one.part_minor is not None else ""
    late = ""
    last = entry.renewal.notice_date
    if last is not None and one.received_on > last:
        late = f", after the last day for it ({with_weekday(last)})"
    told = f"notice{part} received {with_weekday(one.received_on)}{late} · {entry.account.name}"
    return say(db, speaker, one, told)


def close_renewal(db: Database, speaker: Speaker, one: Outcome, *, policy: ForecastPolicy) -> str:
    """Write down how a renewal ended; returns that in words.

    Raises:
        UsageError: a correction without a reason, a day to come, or a loss that renews something.
        ConflictError: it is closed already, and this is no correction.
        NotFoundError: there is no such renewal, or nothing to correct.
    """
    entry = _entry(db, one, speaker, policy)
    before = entry.said.outcome
    if one.corrects is None and before is not None:
        raise ConflictError(
            f"{entry.account.name}: closed as {before.ending} on {with_weekday(before.closed_on)} "
            f"by {before.author}. A closed renewal is not restated; `--correct` adds a correction."
        )
    if one.corrects is not None and not (one.reason or "").strip():
        raise UsageError("Say why it is corrected.")
    if one.closed_on > speaker.today:
        raise UsageError(f"{with_weekday(one.closed_on)} is still to come.")
    if one.ending == "lost" and one.renewed_minor:
        raise UsageError("What is lost renews nothing; leave the amount out.")
    is_told = one.ending == "won" and one.renewed_minor is not None
    money = f" {short(one.renewed_minor, one.currency)}" if is_told else ""
    verb = "corrected: " if one.corrects else ""
    return say(db, speaker, one, f"{verb}{one.ending}{money} ({one.how}) · {entry.account.name}")


def forecast_words(one: Forecast, entry: Entry) -> str:
    """A forecast in one line: `forecast: at risk 412k 45 % · Kestrel Logistics GmbH`."""
    parts: list[str] = [one.category]
    if one.amount_minor is not None:
        parts.append(short(one.amount_minor, one.currency))
    if one.probability_e4 is not None:
        parts.append(f"{one.probability_e4 / 100:g} %")
    return f"forecast: {' '.join(parts)} · {entry.account.name}"


def say(db: Database, speaker: Speaker, one: Statement, summary: str, *besides: Change) -> str:
    """Insert what was said, with its author in the log, and other rows; returns `summary`."""
    with write(db) as connection:
        apply_changes(
            connection,
            actor=speaker.actor,
            summary=summary,
            changes=[new_statement(one, speaker.today), *besides],
        )
    return summary


def refuse(lacks: Sequence[Lack]) -> None:
    """Raise what is missing, if anything is.

    Raises:
        UsageError: all of it in one message.
    """
    if lacks:
        raise UsageError(" ".join(lack.told for lack in lacks))


def _entry(db: Database, one: Statement, speaker: Speaker, policy: ForecastPolicy) -> Entry:
    end = one.renewal_end
    entry = None if end is None else read_entry(db, one.account_key, end, speaker.today, policy)
    if entry is None:
        raise NotFoundError("This renewal is gone; nothing was changed. Refresh the list.")
    return entry
