"""How far a customer's goal is reached, in their own measure."""

import datetime as dt

from cs_workbench.core.memory import Goal


def progress_e4(goal: Goal) -> int | None:
    """The way from baseline to target in 1/10,000, below 0 where it got worse; None: unknown.

    A goal to lower something is reached from above: 14 to 9 minutes at 11 is 60 %.
    """
    known = (goal.baseline, goal.target, goal.now_value)
    if goal.baseline is None or goal.target is None or goal.now_value is None:
        return None
    if goal.baseline == goal.target or None in known:
        return None
    share = (goal.now_value - goal.baseline) / (goal.target - goal.baseline)
    return min(10_000, round(share * 10_000))


def span_text(goal: Goal) -> str:
    """From where to where: `14 → 9 min`, `to 9 min`, or nothing."""
    unit = f" {goal.unit}" if goal.unit else ""
    if goal.target is None:
        return ""
    begun = f"{goal.baseline:g} → " if goal.baseline is not None else "to "
    return f"{begun}{goal.target:g}{unit}"


def standing_text(goal: Goal, today: dt.date) -> str:
    """Where it stands: `now 11`, `reached`, `12 d past its date`."""
    if goal.state != "open":
        return goal.state
    now = "" if goal.now_value is None else f"now {goal.now_value:g}"
    late = 0 if goal.due_on is None else (today - goal.due_on).days
    parts = (now, f"{late} d past its date" if late > 0 else "")
    return " · ".join(part for part in parts if part)
