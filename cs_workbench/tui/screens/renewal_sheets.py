"""What `f`, `c` and `N` ask of a renewal; what is typed is held against the policy at once."""

from collections.abc import Callable, Mapping
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import near_date, read_date, read_past_date
from cs_workbench.core.forecast_checks import (
    Lack,
    commitment_lacks,
    forecast_lacks,
)
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import (
    CATEGORIES,
    LEVELS,
    RISKS,
    Category,
    Commitment,
    Forecast,
)
from cs_workbench.core.pipeline import default_amount
from cs_workbench.core.pipeline_entries import Entry
from cs_workbench.core.typed_amounts import read_money, read_share, typed_money
from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.database import Database
from cs_workbench.store.signers import signers
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined
from cs_workbench.tui.screens.fields_form import Field, FieldSheet
from cs_workbench.tui.session import Session
from cs_workbench.workflows.drafts import COMMITMENT, FORECAST, NOTICE
from cs_workbench.workflows.forecasting import (
    Speaker,
    new_commitment,
    new_forecast,
    new_notice,
    record_commitment,
    record_forecast,
    record_notice,
    risk_to_suppose,
)

LETTERS: Final[dict[str, Category]] = {
    "c": "commit",
    "l": "likely",
    "a": "at risk",
    "x": "churn expected",
    "o": "omitted",
    "d": "closed",
}
Typed = Mapping[str, str]


def forecast_sheet(
    session: Session, entry: Entry, policy: ForecastPolicy, speaker: Speaker, category: str = ""
) -> FieldSheet:
    """A forecast: category and amount first, the rest as the policy wants it."""

    def apply(db: Database, typed: Typed) -> str:
        return record_forecast(db, speaker, read_forecast(entry, speaker, typed), policy=policy)

    def find(typed: Typed) -> list[Lack]:
        one = read_forecast(entry, speaker, typed)
        return forecast_lacks(one, entry.renewal, entry.said, day=speaker.today, policy=policy)

    return FieldSheet(
        form=FORECAST,
        subject=_subject(entry),
        title=joined(("Forecast", "bold"), " · ", entry.account.name),
        fields=_forecast_fields(session, entry, category),
        apply=apply,
        now=_now(entry, session),
        watch=_watch(find),
        missing=_missing(find),
        long="narrative",
    )


def _forecast_fields(session: Session, entry: Entry, category: str) -> tuple[Field, ...]:
    before, money = entry.said.forecast, entry.renewal.currency
    now = entry.standing
    amount = None if now.is_part else now.amount_minor
    risk, why = (before.risk or "", "") if before else ("", "")
    if not risk:
        key = entry.account.account_key
        risk = risk_to_suppose(session.db, key, session.today) or ""
        why = "supposed from signals and score; " if risk else ""
    return (
        Field("category", "Forecast", first=category, known=CATEGORIES, hint=_CATEGORY_HINT),
        Field("amount", "Amount", first=typed_money(amount, money), hint="412k, 1.5M"),
        Field("probability", "Probability", hint="percent; empty: the category's own"),
        Field("risk", "Risk", first=risk, known=RISKS, hint=f"{why}{_RISK_HINT}"),
        Field("narrative", "Why", hint="what is so, why, what we do: up to three sentences"),
        Field("missing", "Missing fact", hint="the one fact that is missing, for likely"),
        Field("missing_on", "known by", kind="date", first="+7"),
        Field("reason", "Change", is_folded=True, hint="why it differs from the last forecast"),
        Field("closes", "Decided by", kind="date", is_folded=True),
        Field("today", "Renew today?", is_folded=True, hint="from 1 to 10"),
        Field("ten", "to be a 10", is_folded=True, hint="what would make it a 10"),
    )


_RISK_HINT: Final = f"the one that matters most: {', '.join(RISKS)}"
_CATEGORY_HINT: Final = "c commit  l likely  a at risk  x churn expected  o omitted  d closed"


def read_forecast(entry: Entry, speaker: Speaker, typed: Typed) -> Forecast:
    """A forecast from what was typed.

    Raises:
        UsageError: something of it cannot be understood; the message says what.
    """
    given = {name: text.strip() for name, text in typed.items()}
    category, today = read_category(given["category"]), speaker.today
    amount = read_money(given["amount"], entry.renewal.currency)
    if amount is None:
        amount = default_amount(entry.renewal, entry.said.notice, category)
    known_by = given["missing_on"] if given["missing"] else ""
    return new_forecast(
        speaker,
        entry,
        category=category,
        amount_minor=amount,
        probability_e4=read_share(given["probability"]),
        risk=_one_of(given["risk"], RISKS, "risk"),
        narrative=given["narrative"] or None,
        reason=given["reason"] or None,
        closes_on=read_date(given["closes"], today) if given["closes"] else None,
        missing_fact=given["missing"] or None,
        missing_on=read_date(known_by, today) if known_by else None,
        renew_today=_number(given["today"], "Would they renew today: from 1 to 10."),
        renew_ten=given["ten"] or None,
    )


def read_category(text: str) -> Category:
    """A category by its letter, its name or the beginning of it.

    Raises:
        UsageError: it is none.
    """
    if text.casefold() in LETTERS:
        return LETTERS[text.casefold()]
    found = _one_of(text, CATEGORIES, "category")
    if found is None:
        raise UsageError(f"Choose a category: {_CATEGORY_HINT}.")
    return next(one for one in CATEGORIES if one == found)


def commitment_sheet(
    session: Session, entry: Entry, policy: ForecastPolicy, speaker: Speaker
) -> FieldSheet:
    """What the customer agreed to."""
    money = entry.renewal.currency

    def read(db: Database, typed: Typed) -> Commitment:
        given = {name: text.strip() for name, text in typed.items()}
        return new_commitment(
            db,
            speaker,
            entry,
            policy=policy,
            level=_one_of(given["level"], LEVELS, "level") or "verbal",
            signer=given["signer"],
            given_on=read_past_date(given["on"] or "today", speaker.today),
            evidence=given["evidence"],
            amount_minor=read_money(given["amount"], money),
            term_months=_number(given["term"], "A term is 1 to 120 months."),
        )

    def find(typed: Typed) -> list[Lack]:
        if not typed["signer"].strip():
            return [Lack("signer", "Name who gave it.")]
        return commitment_lacks(read(session.db, typed), day=speaker.today)

    return FieldSheet(
        form=COMMITMENT,
        subject=_subject(entry),
        title=joined(("Commitment", "bold"), " · ", entry.account.name),
        fields=_commitment_fields(session, entry),
        apply=lambda db, typed: record_commitment(db, speaker, read(db, typed), policy=policy),
        now=_now(entry, session),
        watch=_watch(find),
        missing=_missing(find),
        long="evidence",
    )


def _commitment_fields(session: Session, entry: Entry) -> tuple[Field, ...]:
    known = tuple(one.name for one in signers(session.db, entry.account.account_key))
    due = typed_money(entry.renewal.due_minor, entry.renewal.currency)
    return (
        Field("level", "Level", first="verbal", known=LEVELS, hint=" · ".join(LEVELS)),
        Field("signer", "Given by", known=known, hint="a contact whose role may commit"),
        Field("evidence", "Evidence", hint="their words, or the name of a file"),
        Field("amount", "Amount", first=due),
        Field("on", "Given on", kind="past date", first="today"),
        Field("term", "Months", is_folded=True, hint="for how long"),
    )


def notice_sheet(
    session: Session, entry: Entry, policy: ForecastPolicy, speaker: Speaker
) -> FieldSheet:
    """That notice was received."""

    def apply(db: Database, typed: Typed) -> str:
        given = {name: text.strip() for name, text in typed.items()}
        one = new_notice(
            speaker,
            entry,
            received_on=read_past_date(given["on"] or "today", speaker.today),
            given_by=given["by"],
            part_minor=read_money(given["part"], entry.renewal.currency),
            document=given["document"] or None,
        )
        return record_notice(db, speaker, one, policy=policy)

    known = tuple(one.name for one in signers(session.db, entry.account.account_key))
    fields = (
        Field("on", "Received", kind="past date", first="today"),
        Field("by", "From", known=known, hint="who gave notice"),
        Field("part", "Only", hint="the ARR that ends, if it is not all of it: 100k"),
        Field("document", "Document", hint="the letter: a file's name, or its words"),
    )
    return FieldSheet(
        form=NOTICE,
        subject=_subject(entry),
        title=joined(("Notice received", "bold"), " · ", entry.account.name),
        fields=fields,
        apply=apply,
        now=_now(entry, session),
        long="document",
    )


SHEETS: Final[Mapping[str, Callable[[Session, Entry, ForecastPolicy, Speaker], FieldSheet]]] = {
    "forecast": forecast_sheet,
    "commitment": commitment_sheet,
    "notice": notice_sheet,
}


def _subject(entry: Entry) -> str:
    """Under which drafts are kept: accounts by key, as all forms do."""
    return str(entry.account.account_key)


def _now(entry: Entry, session: Session) -> Content:
    now, renewal = entry.standing, entry.renewal
    return joined(
        ("now  ", "dim"),
        (now.category or "no forecast", "bold"),
        f" {entry.amount_told} {now.probability_e4 // 100} % · deadline ",
        near_date(renewal.deadline, session.today),
        f" in {entry.days(session.today)} d",
    )


Find = Callable[[Typed], list[Lack]]


def _watch(find: Find) -> Callable[[Typed], Content]:
    """What is missing, in words; what cannot be understood yet is told as that is."""

    def told(typed: Typed) -> Content:
        try:
            lacks = find(typed)
        except WorkbenchError as problem:
            return joined(("… ", "dim"), (problem, "dim"))
        if not lacks:
            return NOTHING
        return joined(("! ", LATE_STYLE), " ".join(lack.told for lack in lacks))

    return told


def _missing(find: Find) -> Callable[[Typed], str | None]:
    """The field of the form that lacks something first."""

    def field(typed: Typed) -> str | None:
        try:
            lacks = find(typed)
        except WorkbenchError:
            return None
        return next((_FIELDS.get(lack.field, lack.field) for lack in lacks), None)

    return field


# Where a form calls a field otherwise than the forecast does.
_FIELDS: Final = {
    "missing_fact": "missing",
    "closes_on": "closes",
    "renew_today": "today",
    "renew_ten": "ten",
    "given_on": "on",
    "commitment": "category",
}


def _one_of(text: str, choices: tuple[str, ...], what: str) -> str | None:
    """The choice that a text is the beginning of; None for nothing.

    Raises:
        UsageError: it begins none, or several.
    """
    wanted = text.casefold()
    if not wanted:
        return None
    found = [one for one in choices if one.startswith(wanted)]
    exact = [one for one in found if one == wanted]
    if exact or len(found) == 1:
        return (exact or found)[0]
    raise UsageError(f"{text!r} is no {what}. There are: {', '.join(choices)}.")


def _number(text: str, told: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 4:
        raise UsageError(told)
    return int(text)
