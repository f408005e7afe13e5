"""What people say about a renewal: forecasts, commitments, notices, and how it ended.

All of it is append-only: what changes is said anew, and the history stays.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final, Literal, NamedTuple

Category = Literal["closed", "commit", "likely", "at risk", "churn expected", "omitted"]
CATEGORIES: Final[tuple[Category, ...]] = (
    *("closed", "commit", "likely", "at risk", "churn expected", "omitted"),
)
Risk = Literal[
    "champion change",
    "low adoption",
    "budget",
    "competitor",
    "product gap",
    "support friction",
    "merger or reorganisation",
    "other",
]
RISKS: Final[tuple[Risk, ...]] = (
    *("champion change", "low adoption", "budget", "competitor", "product gap"),
    *("support friction", "merger or reorganisation", "other"),
)
Level = Literal["verbal", "written", "purchase order", "signed", "withdrawn"]
LEVELS: Final[tuple[Level, ...]] = ("verbal", "written", "purchase order", "signed", "withdrawn")
Scope = Literal["all", "part"]
Ending = Literal["won", "lost"]
How = Literal["signed", "renewed by silence", "in the contract", "lapsed", "notice", "corrected"]
HOWS: Final[tuple[How, ...]] = (
    *("signed", "renewed by silence", "in the contract", "lapsed", "notice", "corrected"),
)
# What an open signal, or else the part of the score that costs most, lets one suppose.
_SIGNS_OF_RISK: Final[tuple[tuple[str, Risk], ...]] = (
    ("champion gone", "champion change"),
    ("urgent ticket breach", "support friction"),
    ("usage shock", "low adoption"),
    ("usage drift", "low adoption"),
    ("usage silence", "low adoption"),
    ("onboarding stalled", "low adoption"),
    ("service", "support friction"),
    ("adoption", "low adoption"),
)
SENTENCES: Final = 3
_SENTENCE_END = re.compile(r"(?<=\w\w)[.!?…]+(?=\s|$)")


def supposed_risk(signs: Collection[str]) -> Risk | None:
    """The risk to suppose from kinds of open signals and a dimension of the score; None: none."""
    return next((risk for sign, risk in _SIGNS_OF_RISK if sign in signs), None)


class Forecast(NamedTuple):
    """A dated statement of a person about a renewal.

    Attributes:
        amount_minor: what it will be renewed at, in the smallest unit; None: what is due.
        probability_e4: in 1/10,000; None: the category's default.
        closes_on: by when the author expects the decision.
        missing_fact, missing_on: the one thing that is not known yet, and the day it will be.
        renew_today: from 1 to 10, would they renew today; `renew_ten` what would make it a 10.
        reason: why it differs from the forecast before.
    """

    forecast_id: str
    account_key: int
    renewal_end: dt.date | None
    category: Category
    amount_minor: int | None
    currency: str
    probability_e4: int | None
    author: str
    made_at: str
    closes_on: dt.date | None = None
    risk: str | None = None
    narrative: str | None = None
    reason: str | None = None
    missing_fact: str | None = None
    missing_on: dt.date | None = None
    renew_today: int | None = None
    renew_ten: str | None = None
    review_id: str | None = None

    @property
    def made_on(self) -> dt.date:
        """The day it was made."""
        return dt.date.fromisoformat(self.made_at[:10])


class Commitment(NamedTuple):
    """What the customer agreed to, with evidence; a newer one takes its place.

    Attributes:
        level: `withdrawn` where the customer took an earlier one back.
        signer: who gave it, and `signer_left_on` when they left, which makes it void.
        evidence: a text or the name of a file.
    """

    commitment_id: str
    account_key: int
    renewal_end: dt.date
    level: Level
    signer: str
    contact_id: str | None
    given_on: dt.date
    evidence: str
    amount_minor: int | None
    currency: str
    term_months: int | None
    author: str
    made_at: str
    signer_left_on: dt.date | None = None
    review_id: str | None = None

    @property
    def made_on(self) -> dt.date:
        """The day it was written down."""
        return dt.date.fromisoformat(self.made_at[:10])

    def is_void(self, day: dt.date) -> bool:
        """Whether it binds nobody: its signer has left, or it was taken back."""
        if self.level == "withdrawn":
            return True
        return self.signer_left_on is not None and self.signer_left_on <= day


class Notice(NamedTuple):
    """The customer's word that all or a part of it ends.

    Attributes:
        part_minor: the ARR that ends, where it is a part.
        document: a text or the name of a file.
    """

    notice_id: str
    account_key: int
    renewal_end: dt.date
    received_on: dt.date
    given_by: str
    scope: Scope
    part_minor: int | None
    currency: str
    document: str | None
    author: str
    made_at: str

    @property
    def made_on(self) -> dt.date:
        """The day it was written down."""
        return dt.date.fromisoformat(self.made_at[:10])


class Outcome(NamedTuple):
    """How a renewal ended; never altered, a correction is another row.

    Attributes:
        closed_on: the day on which it was decided, which may be before or after the end date.
        due_minor, renewed_minor: None where the price is not known.
        corrects: the row that this one puts right.
    """

    outcome_id: str
    account_key: int
    renewal_end: dt.date
    ending: Ending
    how: How
    closed_on: dt.date
    due_minor: int | None
    renewed_minor: int | None
    currency: str
    author: str
    made_at: str
    reason: str | None = None
    corrects: str | None = None

    @property
    def made_on(self) -> dt.date:
        """The day it was written down."""
        return dt.date.fromisoformat(self.made_at[:10])

    @property
    def expansion_minor(self) -> int | None:
        """What it was renewed for beyond what was due; None unless both are known."""
        return None if self._gain_minor is None else max(0, self._gain_minor)

    @property
    def contraction_minor(self) -> int | None:
        """What was due and not renewed, where some of it was; None unless both are known."""
        if self.ending == "lost":
            return 0
        return None if self._gain_minor is None else max(0, -self._gain_minor)

    @property
    def _gain_minor(self) -> int | None:
        if self.renewed_minor is None or self.due_minor is None:
            return None
        return self.renewed_minor - self.due_minor


class Said(NamedTuple):
    """All that is known to be said of one renewal on a day, newest of each kind."""

    forecast: Forecast | None = None
    commitment: Commitment | None = None
    notice: Notice | None = None
    outcome: Outcome | None = None


NOTHING_SAID: Final = Said()


def standing_commitment(given: Iterable[Commitment], day: dt.date) -> Commitment | None:
    """The newest commitment that is not void on the day; a withdrawal ends all before it."""
    for one in sorted(given, key=lambda one: (one.made_at, one.commitment_id), reverse=True):
        if one.level == "withdrawn":
            return None
        if not one.is_void(day):
            return one
    return None


def sentences(text: str) -> int:
    """How many sentences a text has; `T. Brandt` ends none."""
    clean = " ".join(text.split())
    if not clean:
        return 0
    ends = _SENTENCE_END.findall(clean)
    return len(ends) + (0 if clean[-1] in ".!?…" else 1)


def slips(history: Iterable[Forecast]) -> Mapping[str, int]:
    """By author, how often they moved the expected day of one renewal's decision to a later one."""
    found: dict[str, int] = {}
    before: dt.date | None = None
    for one in sorted(history, key=lambda one: (one.made_at, one.forecast_id)):
        if before is not None and one.closes_on is not None and one.closes_on > before:
            found[one.author] = found.get(one.author, 0) + 1
        before = one.closes_on or before
    return found
