"""`H`: give accounts to another CSM, for good or as a cover, after a look at what moves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App
from textual.content import Content

from cs_workbench.core.dates import read_date
from cs_workbench.core.hand_overs import HandOverPlan
from cs_workbench.core.plurals import counted
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.people import person_names
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, run_on
from cs_workbench.tui.screens.fields_form import Field, FieldsForm, FieldSheet
from cs_workbench.tui.session import Session
from cs_workbench.workflows.reassigning import Wish, giver_of, hand_over, plan_hand_over
from cs_workbench.workflows.tasks import By

TO, BEGINS, UNTIL = "to", "begins", "until"
LISTED = 6


async def hand_accounts_over(
    app: App[Any], session: Session, account_keys: Sequence[int]
) -> str | None:
    """Ask to whom, show what would move, and move it; returns that in words.

    Raises:
        UsageError: the accounts are of nobody, or of several CSMs.
    """
    giver = giver_of(session.db, account_keys)
    return await app.push_screen_wait(FieldsForm(session, _sheet(session, giver, account_keys)))


def _sheet(session: Session, giver: str, keys: Sequence[int]) -> FieldSheet:
    def wish(typed: Mapping[str, str]) -> Wish:
        begins, until = (
            read_date(typed[name], session.today) if typed[name].strip() else None
            for name in (BEGINS, UNTIL)
        )
        return Wish(giver, typed[TO], keys, begins, until)

    def apply(db: Database, typed: Mapping[str, str]) -> str:
        return hand_over(db, By(session.me, session.today), wish(typed))

    def watch(typed: Mapping[str, str]) -> Content:
        if not typed[TO].strip():
            return NOTHING
        try:
            return plan_lines(plan_hand_over(session.db, session.today, wish(typed)))
        except (NotFoundError, UsageError) as problem:
            return joined(("! ", LATE_STYLE), str(problem))

    count = len(keys)
    return FieldSheet(
        form="hand over",
        subject=",".join(map(str, keys)),
        title=joined((f"Hand over {counted(count, 'account')}", "bold")),
        fields=(
            Field(TO, "To", hint="one of us", known=tuple(person_names(session.db))),
            Field(BEGINS, "From", kind="date", hint="the first day; empty: today"),
            Field(UNTIL, "Until", kind="date", hint="a cover's last day; empty: for good"),
        ),
        apply=apply,
        watch=watch,
    )


def plan_lines(plan: HandOverPlan) -> Content:
    """What moves, what stays, and what needs a human, in few lines."""
    counts = Counter(one.kind for one in plan.moving)
    told = ", ".join(f"{counted(count, kind)}" for kind, count in counts.items())
    stays = ", ".join(f"{count} {what}" for what, count in plan.stays)
    lines = [joined(("Moves  ", "dim"), told or "nothing that is open")]
    if stays:
        lines.append(joined(("Stays  ", "dim"), stays))
    human = [one for one in plan.accounts if one.human]
    lines += [
        joined(("! ", LATE_STYLE), one.entry.name, (f"  {'; '.join(one.human)}", "dim"))
        for one in human[:LISTED]
    ]
    if len(human) > LISTED:
        lines.append(joined((f"and {len(human) - LISTED} more that need a human", "dim")))
    return run_on(part for line in lines for part in (line, Content("\n")))
