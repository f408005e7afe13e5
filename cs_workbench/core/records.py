"""What can be imported: the kinds of record, their fields, and what one row becomes.

The names of the fields are the headings of native CSV files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.account_matching import AccountNames

Value = str | int | float | None
FieldType = Literal[
    "text", "id", "date", "instant", "money", "integer", "flag", "choice", "currency", "rate"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        name: as native headings and mappings write it.
        type: how its text is read.
        column: the column that keeps it.
        required: a row without it is rejected, unless its mapping lets it be unknown.
        choices: the words allowed, for `choice`.
        low, high: the bounds of a number, inclusive.
        empty: what an empty cell means, where it is not "unknown".
    """

    name: str
    type: FieldType
    column: str
    required: bool = False
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    empty: Value = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its table, its key, its fields."""

    name: str
    table: str
    key: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def has_contact(self) -> bool:
        """Whether its rows are with a contact; a contact itself is none."""
        return self.key != "contact_id" and any(one.name == "contact_id" for one in self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields that every row must have."""
        return tuple(field.name for field in self.fields if field.required)


@dataclass(frozen=True, slots=True)
class Record:
    """One good row, in our terms.

    Attributes:
        key: its id.
        account_id: as the file names the account; the key itself for an account.
        values: in the order of the columns that the reader of the file states.
        line: where the row begins in its file.
        text: the row as it stands there.
        parent_id: as the file names the account's parent; empty where the row says that it has
            none, None where the file says nothing.
        names: what else tells the account; None where the file says nothing of it.
        custom: of an account, the values of a team's own fields, as the file's reader states them.
        people: who of the account took part, by names or addresses; empty where nobody is named.
    """

    key: str
    account_id: str
    values: tuple[Value, ...]
    line: int
    text: str
    parent_id: str | None = None
    names: AccountNames | None = None
    custom: tuple[Value, ...] = ()
    people: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not imported, and why."""

    line: int
    column: str
    reason: str
    text: str


def _field(
    name: str,
    kind: FieldType = "text",
    column: str = "",
    *,
    required: bool = False,
    low: int | None = None,
    high: int | None = None,
) -> Field:
    return Field(name, kind, column or name, required=required, low=low, high=high)


def _flag(name: str) -> Field:
    return Field(name, "flag", name, empty=0)


def _choice(name: str, *choices: str, required: bool = False) -> Field:
    return Field(name, "choice", name, required=required, choices=choices)


def _count(name: str, empty: Value = None) -> Field:
    return Field(name, "integer", name, low=0, empty=empty)


_ACCOUNT = Field("account_id", "id", "account_key", required=True)
_ACCOUNT_IF_KNOWN = Field("account_id", "id", "account_key")
_CURRENCY = Field("currency", "currency", "currency")
_CONTACT = Field("contact_id", "id", "contact_id")

PARENT = "parent_account_id"
STAGES = ("onboarding", "adopting", "mature", "renewing", "churned", "won back")
ROLES = ("champion", "sponsor", "decision maker", "user", "detractor")
CATEGORIES = ("closed", "commit", "likely", "at risk", "churn expected", "omitted")
PRIORITIES = ("low", "normal", "high", "urgent")


def _kind(name: str, table: str, key: str, *fields: Field) -> Kind:
    return Kind(name, table, key, (Field(key, "id", key, required=True), *fields))


# In the order in which files are read: a row's account must be there before it.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "accounts",
            "account",
            "account_id",
            _field("name", required=True),
            *map(_field, ("domain", "segment", "industry", "region", "csm")),
            _choice("lifecycle_stage", *STAGES),
            _field("started_on", "date"),
            _CURRENCY,
            _field("has_churned", "flag"),
            _field(PARENT, "id", "parent_key"),
        ),
        _kind(
            "subscriptions",
            "subscription",
            "subscription_id",
            _ACCOUNT,
            *map(_field, ("product", "plan")),
            _count("seats"),
            _field("arr", "money", "arr_minor", required=True, low=0),
            _CURRENCY,
            _field("start_date", "date", required=True),
            _field("end_date", "date"),
            _field("term_months", "integer", low=1),
            _count("notice_days", 0),
            _flag("auto_renew"),
            _flag("is_trial"),
            _field("cancelled_on", "date"),
            _field("signed_on", "date"),
            _field("discount", "rate", "discount_e4"),
        ),
        _kind(
            "contacts",
            "contact",
            "contact_id",
            _ACCOUNT,
            _field("name", required=True),
            _field("email"),
            _choice("role", *ROLES),
            *map(_field, ("title", "preferred_channel")),
            _flag("opted_out"),
            _field("left_on", "date"),
        ),
        _kind(
            "tickets",
            "ticket",
            "ticket_id",
            _ACCOUNT,
            _field("opened_at", "instant", required=True),
            _field("first_response_at", "instant"),
            _field("closed_at", "instant"),
            _choice("priority", *PRIORITIES, required=True),
            *map(_field, ("driver", "channel")),
            _count("reopened_count", 0),
            _count("reassigned_count", 0),
            _count("asked_again_count", 0),
            _count("waiting_minutes", 0),
            _flag("is_complaint"),
            _flag("is_escalated"),
            _field("csat", "integer", low=1, high=5),
            _field("subject"),
        ),
        _kind(
            "surveys",
            "survey_response",
            "response_id",
            _ACCOUNT,
            _CONTACT,
            _field("answered_at", "date", "answered_on", required=True),
            _choice("kind", "nps", "csat", "ces", required=True),
            _field("score", "integer", required=True, low=0, high=10),
            _field("comment"),
        ),
        _kind(
            "invitations",
            "survey_invitation",
            "invitation_id",
            _ACCOUNT,
            _CONTACT,
            _choice("kind", "nps", "csat", "ces", required=True),
            _field("sent_on", "date", required=True),
        ),
        _kind(
            "mentions",
            "mention",
            "mention_id",
            _ACCOUNT_IF_KNOWN,
            _field("source", required=True),
            _field("said_on", "date", required=True),
            _field("text", required=True),
            *map(_field, ("said_by", "url")),
            _field("sentiment", "integer", low=1, high=5),
            Field("severity", "choice", "severity", choices=PRIORITIES, empty="normal"),
        ),
        _kind(
            "touchpoints",
            "touchpoint",
            "touchpoint_id",
            _ACCOUNT,
            _CONTACT,
            _field("occurred_at", "instant", required=True),
            _field("channel", required=True),
            _choice("direction", "inbound", "outbound", required=True),
            _field("kind"),
            _field("sentiment", "integer", low=1, high=5),
            *map(_field, ("summary", "note", "author")),
        ),
        _kind(
            "churn_events",
            "churn_event",
            "churn_event_id",
            _ACCOUNT,
            _field("churned_on", "date", required=True),
            *map(_field, ("reason", "feedback")),
            _field("refund", "money", "refund_minor", low=0),
            _CURRENCY,
            _flag("is_reactivation"),
        ),
        _kind(
            "invoices",
            "invoice",
            "invoice_id",
            _ACCOUNT,
            _field("amount", "money", "amount_minor", required=True),
            _CURRENCY,
            _field("issued_on", "date", required=True),
            _field("due_on", "date"),
            _field("paid_on", "date"),
        ),
        _kind(
            "promises",
            "promise",
            "promise_id",
            _ACCOUNT,
            _CONTACT,
            _choice("promised_by", "us", "customer", required=True),
            _field("what", required=True),
            _field("owner"),
            _field("made_on", "date", required=True),
            _field("due_on", "date"),
            _field("kept_on", "date"),
            Field(
                "state",
                "choice",
                "state",
                choices=("open", "kept", "broken", "renegotiated"),
                empty="open",
            ),
            _field("evidence"),
        ),
        _kind(
            "opportunities",
            "forecast",
            "opportunity_id",
            _ACCOUNT,
            _choice("category", *CATEGORIES, required=True),
            _field("amount", "money", "amount_minor", low=0),
            _CURRENCY,
            _field("probability", "rate", "probability_e4"),
            _field("closes_on", "date"),
            *map(_field, ("risk_category", "narrative", "next_step", "author")),
            _field("made_at", "instant"),
            _field("reason"),
        ),
        Kind(
            "usage",
            "usage_week",
            "account_id",
            (
                Field("account_id", "id", "account_key", required=True),
                _field("date", "date", required=True),
                _field("metric", required=True),
                _field("value", "integer", required=True),
            ),
        ),
    )
}
