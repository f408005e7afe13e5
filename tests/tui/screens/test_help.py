"""All keys, in a box that every terminal shows whole."""

from textual.binding import ActiveBinding, Binding

from cs_workbench.tui.keys import commands
from cs_workbench.tui.screens.accounts import KEYS, AccountsScreen
from cs_workbench.tui.screens.help import help_text

NARROWEST = 70


def test_every_help_is_there_in_full_and_fits() -> None:
    screen = AccountsScreen.__new__(AccountsScreen)
    active = {
        key.key: ActiveBinding(screen, key, True, key.tooltip)
        for key in KEYS
        if isinstance(key, Binding)
    }
    given = commands(active)
    shown = help_text(given)
    assert all(line.cell_length <= NARROWEST for line in shown.split("\n"))
    words = " ".join(shown.plain.split())
    assert all(command.help in words for command in given)
    assert len({command.help for command in given}) == len(KEYS)
