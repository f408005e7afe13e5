"""Whether a model earned its place, in one sentence."""

from dataclasses import dataclass

from cs_workbench.churn.backtest import RIVAL, Backtest
from cs_workbench.churn.draws import Interval
from cs_workbench.churn.leaks import Alarm
from cs_workbench.churn.selection import FEWEST
from cs_workbench.churn.walking import MODEL
from cs_workbench.core.record_figures import short_fraction, spanned

FEWEST_TESTED = 10  # churned accounts among the rows predicted


@dataclass(frozen=True)
class Verdict:
    """Whether the model may be switched on, and why, in one sentence."""

    is_on: bool
    sentence: str


def too_few(events: int) -> Verdict:
    """Below the first step of the ladder."""
    who = "1 account has" if events == 1 else f"{events:,} accounts have"
    return Verdict(
        is_on=False,
        sentence=f"Too few to tell: {who} left in windows that have closed, and a model needs "
        f"{FEWEST}; the band around the base rate is shown instead.",
    )


def no_history(events: int) -> Verdict:
    """No two origins."""
    return Verdict(
        is_on=False,
        sentence=f"No verdict: {events:,} accounts have left, but too late in the history for a "
        "test on days that the model had not seen.",
    )


def verdict_of(found: Backtest, alarms: tuple[Alarm, ...]) -> Verdict:
    """On only if the interval of what it gains on health and calendar lies above zero."""
    model, rival = found.records[MODEL], found.records[RIVAL]
    gain = model.gain
    record = (
        f"AUC {spanned(model.auc.value, model.auc.low, model.auc.high)} "
        f"(health and calendar {short_fraction(rival.auc.value)}), "
        f"{found.events:,} churned accounts, {len(found.origins)} origins"
    )
    if alarms:
        return Verdict(
            is_on=False,
            sentence=f"Off until somebody has looked: {len(alarms)} "
            f"alarm{'s' if len(alarms) > 1 else ''} that the answer leaks into the data; without "
            f"what raised them: {record}.",
        )
    if found.events < FEWEST_TESTED:
        return Verdict(
            is_on=False,
            sentence=f"Too few to tell: only {found.events} accounts left after the first origin "
            f"({record}).",
        )
    if gain.low is not None and gain.low > 0 and (model.skill.value or 0) > 0:
        return Verdict(
            is_on=True,
            sentence=f"On: it saves {_percent(gain)} of the log loss of health and renewal "
            f"calendar together; {record}.",
        )
    worse = (gain.value or 0) <= 0
    how = "does not beat" if worse else "is not clearly better than"
    return Verdict(
        is_on=False,
        sentence=f"Off: it {how} health and renewal calendar together (log loss saved "
        f"{_percent(gain)}); {record}.",
    )


def _percent(one: Interval) -> str:
    parts = [one.value, one.low, one.high]
    value, low, high = (f"{100 * (part or 0):.1f}" for part in parts)
    return f"{value} % (90 % interval {low} to {high})"
