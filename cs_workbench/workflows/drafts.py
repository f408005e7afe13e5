"""What a person typed and never set, told at the next start."""

from typing import Final

from cs_workbench.store.database import Database
from cs_workbench.store.drafts import Draft, waiting_drafts
from cs_workbench.store.next_steps import read_next_steps

NEXT_STEP: Final = "next step"  # the forms under which drafts are kept
OVERRIDE: Final = "override"
LOG: Final = "log"
INCIDENT: Final = "incident"
COMPLAINT: Final = "complaint"
PROMISE: Final = "promise"
GOAL: Final = "goal"
PAIN: Final = "pain point"
REQUEST: Final = "product request"
CONCESSION: Final = "concession"
IMPOSED: Final = "imposed change"
EXIT: Final = "exit reason"
FIELDS_FORM: Final = "fields"
FORECAST: Final = "forecast"
COMMITMENT: Final = "commitment"
NOTICE: Final = "notice"
REVIEW_STEP: Final = "review step"
REVIEW_ESCALATION: Final = "review escalation"
REVIEW_CONCESSION: Final = "review concession"
_RATING: Final = "rating "
NAMED = 3

_WRITTEN: Final = {
    LOG: ("contact", "l", "summary"),
    INCIDENT: ("incident", "l", "what"),
    COMPLAINT: ("step of a complaint", "e", "note"),
    PROMISE: ("promise", "P", "what"),
    GOAL: ("goal", "e", "what"),
    PAIN: ("pain point", "e", "what"),
    REQUEST: ("product request", "e", "what"),
    CONCESSION: ("concession", "e", "reason"),
    IMPOSED: ("imposed change", "e", "what"),
    EXIT: ("exit reason", "e", "said"),
    FORECAST: ("forecast", "f on 3 Renewals", "narrative"),
    COMMITMENT: ("commitment", "c on 3 Renewals", "evidence"),
    REVIEW_STEP: ("next step", "n in the review", "what"),
    REVIEW_ESCALATION: ("escalation", "e in the review", "what"),
    REVIEW_CONCESSION: ("concession", "$ in the review", "reason"),
    NOTICE: ("notice", "N on 3 Renewals", "document"),
}


def rating_form(rated: str) -> str:
    """The form of a rating of one thing."""
    return f"{_RATING}{rated}"


def tell_drafts(db: Database, actor: str) -> str:
    """The newest of what the actor typed but never set, in words; empty where there is nothing."""
    drafts = [(draft, what) for draft in waiting_drafts(db, actor) if (what := _what(draft))]
    if not drafts:
        return ""
    newest, (name, key, field) = drafts[0]
    keys = [int(one) for one in newest.subject.split(",")]
    accounts = read_next_steps(db, keys)
    if not accounts:
        return ""
    named = ", ".join(account.name for account in accounts[:NAMED])
    more = f" and {len(accounts) - NAMED} more" if len(accounts) > NAMED else ""
    others = f" {len(drafts) - 1} more wait." if len(drafts) > 1 else ""
    typed = (newest.fields.get(field, ""), *newest.fields.values())
    text = next((one.strip() for one in typed if one.strip()), "")
    return f"Not set yet: {name} “{text}” for {named}{more}. {key} there restores it.{others}"


def _what(draft: Draft) -> tuple[str, str, str] | None:
    """What it is, the key that opens its form, and the field that tells it; None if unknown."""
    if draft.form == NEXT_STEP:
        return "next step", "n", "text"
    if draft.form == OVERRIDE:
        return "override", "e", "reason"
    if draft.form in _WRITTEN:
        return _WRITTEN[draft.form]
    if draft.form.startswith(_RATING):
        return "rating", "e", "reason"
    return None
