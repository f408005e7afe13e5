"""A renewal on a day: what is due, what is expected of it, and what about it is late."""

import datetime as dt
from typing import Final, Literal, NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.forecast_checks import fields_lacking
from cs_workbench.core.forecast_policy import FULL, ForecastPolicy
from cs_workbench.core.forecasts import Category, Ending, How, Notice, Said
from cs_workbench.core.renewal_terms import Renewal

State = Literal["upcoming", "due", "in grace", "won", "lost"]
Section = Literal["late", "near", "gate", "later", "closed"]
SECTIONS: Final[dict[Section, str]] = {
    "late": "commit by: passed, or within 7 d",
    "near": "deadline in 60 d or less",
    "gate": "90 d or less: “likely” must name the one missing fact and its date",
    "later": "later",
    "closed": "closed",
}
SOON: Final = 7
NEAR: Final = 60
OPEN: Final[frozenset[State]] = frozenset({"upcoming", "due", "in grace"})


class Decided(NamedTuple):
    """How a renewal ended by what is written down, whoever closes it."""

    ending: Ending
    how: How
    renewed_minor: int | None


class Standing(NamedTuple):
    """What is reckoned with on a day.

    Attributes:
        category: None where nobody has forecast it; it counts as at risk.
        amount_minor: what it is expected to be renewed at, None where nobody knows, with
            `probability_e4` in 1/10,000.
        why: what the category comes from.
        is_part: of a part of what is open the price is not known, and nobody said an amount of it.
    """

    state: State
    category: Category | None
    amount_minor: int | None
    probability_e4: int
    why: Literal["forecast", "notice", "outcome", "contract", "nobody"]
    is_part: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.state in OPEN

    @property
    def weighted_e4(self) -> int | None:
        """Amount times probability, in 1/10,000 of the smallest unit; None: not known."""
        return None if self.amount_minor is None else self.amount_minor * self.probability_e4


def decide(
    renewal: Renewal, notice: Notice | None, day: dt.date, grace_days: int
) -> Decided | None:
    """How a renewal has ended by a day, as contracts, notices and the calendar say it.

    What follows in the contracts renews it; what is cancelled, or followed by nothing for longer
    than the days of grace, is lost; a notice date that passed in silence renews an auto-renew.
    """
    if renewal.renewed_on is not None:
        return Decided("won", "in the contract", renewal.renewed_minor)
    if renewal.is_cancelled:
        return Decided("lost", "notice", 0)
    if (day - renewal.end_date).days > grace_days:
        return Decided("lost", "lapsed" if notice is None else "notice", 0)
    last = renewal.notice_date
    if not renewal.auto_renew or last is None or last >= day:
        return None
    if notice is not None and notice.received_on <= last:
        if notice.scope == "all":
            return None
        return Decided("won", "renewed by silence", left_to_renew(renewal, notice))
    return Decided("won", "renewed by silence", left_to_renew(renewal, None))


def left_to_renew(renewal: Renewal, notice: Notice | None) -> int | None:
    """What is due without what is cancelled, or given notice of in part; None: not known."""
    if renewal.due_minor is None:
        return None
    left = renewal.due_minor - (renewal.cancelled_minor or 0)
    if not left and renewal.unpriced and not renewal.is_cancelled:
        return None  # what goes on has no known price
    if notice is None or notice.part_minor is None:
        return left
    return min(left, max(0, renewal.due_minor - notice.part_minor))


def default_amount(renewal: Renewal, notice: Notice | None, category: Category) -> int | None:
    """What is forecast where nothing else is typed: what is left to renew, nothing if omitted.

    None where that is not known, or only of a part, which is not to be said of all.
    """
    if category == "omitted":
        return 0
    return None if renewal.is_partly_priced else left_to_renew(renewal, notice)


def standing(renewal: Renewal, said: Said, day: dt.date, policy: ForecastPolicy) -> Standing:
    """What is reckoned with: an outcome, then what the contracts say, a notice, the forecast."""
    outcome, notice = said.outcome, said.notice
    if outcome is not None:
        if outcome.ending == "won":
            return Standing("won", "closed", outcome.renewed_minor, FULL, "outcome")
        return Standing("lost", "churn expected", 0, 0, "outcome")
    decided = decide(renewal, notice, day, policy.renewal.grace_days)
    if decided is not None:
        if decided.ending == "won":
            return Standing("won", "closed", decided.renewed_minor, FULL, "contract")
        return Standing("lost", "churn expected", 0, 0, "contract")
    return _expected(renewal, state_on(renewal, day), said, policy)


def _expected(renewal: Renewal, state: State, said: Said, policy: ForecastPolicy) -> Standing:
    """What is expected of an undecided renewal."""
    notice, forecast = said.notice, said.forecast
    left, is_part = left_to_renew(renewal, notice), renewal.is_partly_priced
    is_newer = notice is not None and (forecast is None or forecast.made_at <= notice.made_at)
    if notice is not None and notice.scope == "all" and is_newer:
        rate = policy.probability("churn expected")
        known = left if left is not None or forecast is None else forecast.amount_minor
        return Standing(state, "churn expected", known, rate, "notice", is_part)
    if forecast is None:
        return Standing(state, None, left, policy.probability(None), "nobody", is_part)
    amount = left if forecast.amount_minor is None else forecast.amount_minor
    is_part = is_part and forecast.amount_minor is None
    if is_newer and amount is not None and left is not None:
        amount = min(amount, left)
    rate = policy.probability(forecast.category, forecast.probability_e4)
    return Standing(state, forecast.category, amount, rate, "forecast", is_part)


def state_on(renewal: Renewal, day: dt.date) -> State:
    """Where an undecided renewal is on its way."""
    if day <= renewal.deadline:
        return "upcoming"
    return "due" if day <= renewal.end_date else "in grace"


def section_of(renewal: Renewal, said: Said, now: Standing, day: dt.date) -> Section:
    """Under which part of the clock it stands."""
    if not now.is_open:
        return "closed"
    days = (renewal.deadline - day).days
    if (renewal.commit_by - day).days <= SOON and said.commitment is None:
        return "late"
    if days <= NEAR:
        return "near"
    return "gate" if days <= 90 else "later"


def is_overdue(renewal: Renewal, said: Said, now: Standing, day: dt.date) -> bool:
    """Whether a commitment should be there and is not, whatever the score."""
    return now.is_open and said.commitment is None and renewal.commit_by < day


def gate_finding(
    renewal: Renewal, said: Said, now: Standing, day: dt.date, policy: ForecastPolicy
) -> str | None:
    """Why a renewal does not pass the gate, in words; None where it does or is not there yet."""
    if not now.is_open or (renewal.deadline - day).days > policy.gate_days:
        return None
    if now.category is None:
        return "no forecast"
    forecast = said.forecast
    if now.category in policy.gate_allows:
        return _unsaid(now.category, said, now, policy)
    if now.category in policy.gate_if_missing:
        if forecast is None or not forecast.missing_fact or forecast.missing_on is None:
            return f"{now.category} names no missing fact and its date"
        if forecast.missing_on < day:
            return f"{now.category}: the missing fact was due and is not there"
        return None
    return f"{now.category} is not for {policy.gate_days} days before the deadline"


def _unsaid(category: Category, said: Said, now: Standing, policy: ForecastPolicy) -> str | None:
    """What a forecast that a file brought leaves open; nothing that is typed does."""
    if said.forecast is None or now.why != "forecast":
        return None
    lacking = fields_lacking(said.forecast, said, policy.required.get(category, ()))
    return f"{category} lacks {', '.join(lacking)}".replace("_", " ") if lacking else None


def is_stale(said: Said, now: Standing, day: dt.date, policy: ForecastPolicy) -> bool:
    """Whether the forecast of an undecided renewal is older than the policy wants."""
    if not now.is_open or said.forecast is None:
        return False
    return (day - said.forecast.made_on).days > policy.stale_days


def disagreement(
    now: Standing, band: Band | None, leaves_e4: int | None, policy: ForecastPolicy
) -> str | None:
    """Why another judgement contradicts the forecast, in words; None where none does.

    Args:
        now: what the CSM forecasts.
        band: the computed score's, which speaks where there is no model.
        leaves_e4: the model's probability that the account leaves, in 1/10,000.
        policy: from which difference on they disagree.
    """
    if not now.is_open or now.category is None or now.why != "forecast":
        return None
    if leaves_e4 is not None:
        stays = FULL - leaves_e4
        if abs(stays - now.probability_e4) < policy.disagree_e4:
            return None
        says = now.probability_e4 // 100
        return f"the model says {round(stays / 100)} % stay, the forecast {says} %"
    if band == "red" and now.category == "commit":
        return "commit, and the score is red"
    if band == "green" and now.category in {"at risk", "churn expected"}:
        return f"{now.category}, and the score is green"
    return None
