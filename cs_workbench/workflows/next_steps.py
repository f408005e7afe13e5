"""Set the next step of one account or of many, and take the last act back."""

import datetime as dt
from collections.abc import Sequence

from cs_workbench.core.dates import with_weekday
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import apply_plan, plan_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.next_steps import (
    AccountStep,
    NextStep,
    next_step_changes,
    read_next_steps,
)
from cs_workbench.store.undo import undo

LONGEST = 500
SHOWN = 60


def set_next_step(
    db: Database,
    account_keys: Sequence[int],
    *,
    text: str | None,
    owner: str | None,
    due: dt.date | None,
    actor: str,
    today: dt.date,
) -> str:
    """Give these accounts a next step in one act; returns what was done, in words.

    Args:
        db: the portfolio.
        account_keys: which accounts.
        text: one line; None says that there is explicitly none, as of today.
        owner: who does it; the actor where nobody is named.
        due: by when, if there is a day.
        actor: who says so.
        today: the day on which it is said.

    Raises:
        UsageError: no accounts, an empty text, or one of more than 500 characters.
        NotFoundError: one of the accounts is gone; nothing was changed.
    """
    step = make_step(text=text, owner=owner or actor, due=due, today=today)
    accounts = _accounts(db, account_keys)
    summary = f"next step: {step_text(step)} · {_named(accounts)}"
    planned = plan_changes(next_step_changes(account_keys, step, today=today))
    with write(db) as connection:
        made = apply_plan(connection, actor=actor, summary=summary, steps=planned, cause="person")
    return summary if made else f"{summary} (as it was)"


def make_step(*, text: str | None, owner: str, due: dt.date | None, today: dt.date) -> NextStep:
    """A next step from what was typed; None as text is an explicit none.

    Raises:
        UsageError: the text is empty or longer than 500 characters.
    """
    if text is None:
        return NextStep(said_on=today)
    line = " ".join(text.split())
    if not line:
        raise UsageError("Say what happens next, or choose that there is no next step.")
    if len(line) > LONGEST:
        raise UsageError(f"A next step is one line of at most {LONGEST} characters.")
    return NextStep(line, owner, due)


def step_text(step: NextStep) -> str:
    """A next step in one line: `call T. Brandt, ana, Fri 27 Nov 2026`."""
    if step.text is None:
        return "none"
    short = step.text if len(step.text) <= SHOWN else step.text[: SHOWN - 1] + "…"
    parts = (short, step.owner, with_weekday(step.due) if step.due else None)
    return ", ".join(part for part in parts if part)


def undo_last(db: Database, actor: str, today: dt.date) -> str:
    """Take back the actor's last act, as of today; returns which, in words.

    Raises:
        NotFoundError: there is nothing left to undo.
        ConflictError: a value has changed since; nothing is undone, and once more goes past it.
    """
    done = undo(db, actor, today=today)
    left = "; ".join(f"“{act.summary}”" for act in done.left)
    return f"undid: {done.summary}" + (f" · as it is since: {left}" if left else "")


def _accounts(db: Database, account_keys: Sequence[int]) -> list[AccountStep]:
    if not account_keys:
        raise UsageError("No account is chosen.")
    accounts = read_next_steps(db, account_keys)
    if len(accounts) < len(account_keys):
        raise NotFoundError("An account of these is gone; nothing was changed. Refresh the list.")
    return accounts


def _named(accounts: Sequence[AccountStep]) -> str:
    return accounts[0].name if len(accounts) == 1 else f"{len(accounts)} accounts"
