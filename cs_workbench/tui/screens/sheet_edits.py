"""The edited book on the screens: what was edited is shown, and changed where a person agrees."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.app import App
from textual.content import Content

from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.messages import tell
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.columns import fitted

if TYPE_CHECKING:
    from cs_workbench.core.book_sheets import CellEdit
    from cs_workbench.workflows.book_sheets import SheetPlan

SHOWN: Final = 8  # edits; all of them are listed by `csw import FILE --dry-run`
WIDE: Final = 70
NAME, FIELD, TEXT = 18, 14, 16


async def change_from_sheet(app: App[Any], session: Session, path: Path) -> str | None:
    """Change what was edited in the book, if the file is one; says what came of it, None if not.

    Raises:
        WorkbenchError: the file cannot be read, or the portfolio not be written.
    """
    from cs_workbench.workflows.book_sheets import apply_sheet, plan_sheet, sheet_of
    from cs_workbench.workflows.judgements import Act

    act = Act(0, session.me, session.today)

    def read() -> "SheetPlan | None":
        sheet = sheet_of(path)
        if sheet is None:
            return None
        with open_database(session.db.path) as db:
            return plan_sheet(db, sheet, act)

    plan = await asyncio.to_thread(read)
    if plan is None:
        return None
    left = len(plan.conflicts) + len(plan.refused)
    not_made = f"{left:,} edits cannot be made; csw import {path.name} lists them." if left else ""
    if not plan.edits:
        return not_made or f"Nothing was edited in {plan.name}."
    chosen = await app.push_screen_wait(edits_menu(plan))
    if chosen is None or chosen.value != "yes":
        return "Nothing was changed."
    with open_database(session.db.path) as db:
        apply_sheet(db, act, plan)
    if not_made:
        tell(app, not_made, is_problem=True)
    return plan.told


def edits_menu(plan: "SheetPlan") -> Menu:
    """Whether to make the edits, with the first of them."""
    lines = [_line(one) for one in plan.edits[:SHOWN]]
    if (more := len(plan.edits) - SHOWN) > 0:
        lines.append(safe(f"and {more:,} more", "dim"))
    lines += [
        fitted(joined(("not made ", "bold"), f"line {line}: {reason}"), WIDE)
        for line, reason in plan.refused[:2]
    ]
    lines += [
        fitted(joined(("changed here too ", "bold"), one.account, " ", one.heading), WIDE)
        for one in plan.conflicts[:2]
    ]
    choices = [
        Choice("y", safe("Change them"), "yes"),
        Choice("n", safe("Leave all as it is"), "no"),
    ]
    return Menu(joined((plan.told, "bold")), choices, note=Content("\n").join(lines))


def _line(one: "CellEdit") -> Content:
    was = fitted(safe(one.before or "nothing", "dim"), TEXT)
    return joined(
        fitted(safe(one.account), NAME),
        " ",
        fitted(safe(one.heading, "dim"), FIELD),
        " ",
        was,
        (" → ", "dim"),
        fitted(safe(one.after or "nothing"), TEXT),
    )
