"""Going from an account to its parent, or to one below it."""

from typing import Any

from textual.app import App

from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.rollup import FamilyHealth
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.widgets.family_lines import member_text


async def choose_relative(app: App[Any], family: FamilyHealth, glyphs: Glyphs) -> int | None:
    """The key of the account to open; None where the person leaves the menu."""
    if family.parent is not None and not family.below:
        return family.parent.account_key
    chosen = await app.push_screen_wait(family_menu(family, glyphs))
    return None if chosen is None else int(chosen.value)


def family_menu(family: FamilyHealth, glyphs: Glyphs) -> Menu:
    """The parent first, under `p`, then all below."""
    choices = []
    if family.parent is not None:
        text = joined(member_text(family.parent, glyphs), ("  parent", "dim"))
        choices.append(Choice("p", text, str(family.parent.account_key)))
    for depth, one in family.below:
        text = joined(" " * (2 * depth - 2), member_text(one, glyphs))
        choices.append(Choice("", text, str(one.account_key)))
    return Menu(safe("Family"), choices)
