"""What became of what customers want: goals, pain points and product requests."""

import datetime as dt
from dataclasses import replace

from cs_workbench.core.goals import span_text
from cs_workbench.core.memory import Goal, PainPoint, ProductRequest
from cs_workbench.core.memory_words import cut
from cs_workbench.store.database import Database
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import find_contact, revise


def measure_goal(
    db: Database, act: Act, goal: Goal, value: float, on: dt.date | None = None
) -> str:
    """Say where a goal stands, as measured that day or today; returns that in words.

    Raises:
        UsageError: the value is no number.
    """
    after = replace(goal, now_value=value, now_on=on or act.today)
    return revise(db, act, goal, after, f"goal: {cut(goal.what)} now {value:g}")


def confirm_goal(db: Database, act: Act, goal: Goal, by: str, on: dt.date | None = None) -> str:
    """Say which contact confirmed a goal, and when; returns that in words.

    Raises:
        NotFoundError: the account has no such contact.
        UsageError: it has several.
    """
    who = find_contact(db, act.account_key, by)
    after = replace(goal, confirmed_by=who, confirmed_on=on or act.today)
    return revise(db, act, goal, after, f"goal confirmed: {cut(goal.what)} {span_text(goal)}")


def close_goal(db: Database, act: Act, goal: Goal, state: str) -> str:
    """Say that a goal is reached, missed or dropped, or open again; returns that in words."""
    after = replace(goal, state=state)
    return revise(db, act, goal, after, f"goal {state}: {cut(goal.what)}")


def solve_pain(db: Database, act: Act, pain: PainPoint, on: dt.date | None = None) -> str:
    """Say that it hurts no longer; returns that in words."""
    after = replace(pain, solved_on=on or act.today)
    return revise(db, act, pain, after, f"pain point solved: {cut(pain.what)}")


def decide_request(db: Database, act: Act, request: ProductRequest, state: str) -> str:
    """Say what product decided: the customer has to be told anew; returns that in words."""
    after = replace(request, state=state, decided_on=act.today, told_on=None)
    return revise(db, act, request, after, f"product request {state}: {cut(request.what)}")


def tell_request(db: Database, act: Act, request: ProductRequest, on: dt.date | None = None) -> str:
    """Say that the customer was told what became of it; returns that in words."""
    after = replace(request, told_on=on or act.today)
    return revise(db, act, request, after, f"customer told: product request {request.state}")
