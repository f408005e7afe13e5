"""The first accounts on the terminal, painted before Textual is imported.

Importing it takes several times as long as reading the rows. The picture is what Textual paints in
its first frame, so that nothing moves when it takes over; keys that are typed meanwhile wait in the
terminal, unseen, and reach it.
"""

import datetime as dt
import os
import signal
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from cs_workbench.config import Config
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.churn_switch import model_on
from cs_workbench.store.constant_columns import SAMPLE, constant_columns
from cs_workbench.store.database import keep_little, open_database
from cs_workbench.tui.ansi import RESET, TRUE_COLOURS, Painter
from cs_workbench.tui.palettes import PALETTES, Palette
from cs_workbench.tui.run_columns import cells_of, head_runs, row_runs
from cs_workbench.tui.runs import Runs
from cs_workbench.tui.screens.account_list import AccountList
from cs_workbench.tui.screens.first_accounts import first_accounts
from cs_workbench.tui.session import Session, session_on
from cs_workbench.tui.sizes import list_place
from cs_workbench.tui.widgets.account_columns import AccountColumns

OTHER_SCREEN: Final = "\x1b[?1049h"
_ENTER: Final = f"{OTHER_SCREEN}\x1b[?25l\x1b[?7l"
_LEAVE: Final = "\x1b[?7h\x1b[?1049l\x1b[?25h"
_ONE_PICTURE, _IS_WHOLE = "\x1b[?2026h", "\x1b[?2026l"
UNSAFE: Final = ("NO_COLOR", "CSW_LINEAR", "COLUMNS", "LINES", "TEXTUAL_COLOR_SYSTEM")
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INPUT, LOCAL, SIGNS = 0, 3, 6  # in what termios gives


class FirstPicture:
    """A terminal with the picture on it.

    Attributes:
        settings: of the terminal before, as termios gives them: whoever takes over puts them back.
    """

    def __init__(self, settings: list[Any]) -> None:
        self.settings = settings
        self._is_mine = True
        self._handlers = {number: signal.signal(number, self._end) for number in ENDING}

    def hand_over(self) -> None:
        """Somebody else looks after the terminal now."""
        if self._is_mine:
            self._is_mine = False
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    def leave(self) -> None:
        """Put the terminal back as it was, unless it was handed over."""
        if self._is_mine:
            self.hand_over()
            _write(_LEAVE)
            termios.tcsetattr(0, termios.TCSANOW, self.settings)

    def _end(self, number: int, _: object) -> None:
        """ctrl+c, or a closed terminal: at once, for half of a library is loaded."""
        self.leave()
        os._exit(128 + number)  # as shells count


def paint_first(
    path: Path, config: Config, today: dt.date | None, environ: Mapping[str, str] = os.environ
) -> FirstPicture | None:
    """Paint the first accounts of a portfolio; None, and nothing written, where that is unwise.

    What is wrong with a file is for the screens to tell.
    """
    palette = _palette(config, environ)
    if palette is None:
        return None
    with ExitStack() as opened:  # closed behind the picture, which need not wait for it
        try:
            width, height = os.get_terminal_size()
            place = list_place(width, height)
            database = opened.enter_context(keep_little(open_database(path)))
            lines = list(list_lines(session_on(database, config, today), width, place.lines))
        except Exception:  # noqa: BLE001 - the screens meet it again, and tell it where it is read
            return None
        if not lines:
            return None
        painter = Painter(
            palette, true_colours=environ.get("COLORTERM", "").lower() in TRUE_COLOURS
        )
        page = [painter.line(((" " * width, ""),))] * height
        page[place.top : place.top + len(lines)] = [painter.line(line) for line in lines]
        return _shown(page)


def _shown(page: list[str]) -> FirstPicture:
    """The picture of these lines, on the terminal."""
    picture = FirstPicture(_quiet())
    placed = [f"\x1b[{number};1H{line}" for number, line in enumerate(page, 1)]
    _write(f"{_ONE_PICTURE}{_ENTER}{''.join(placed)}{RESET}{_IS_WHOLE}")
    return picture


def _palette(config: Config, environ: Mapping[str, str]) -> Palette | None:
    """The colours to paint in; None where a picture would not be what Textual paints."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not config.quick_start or not all(stream and stream.isatty() for stream in streams):
        return None
    has_colours = (
        environ.get("COLORTERM", "").lower() in TRUE_COLOURS
        or environ.get("TERM", "").rpartition("-")[2] == "256color"
    )
    if not has_colours or config.ascii or any(name in environ for name in UNSAFE):
        return None
    return next((one for one in PALETTES if one.theme == config.theme), None)


def list_lines(session: Session, width: int, lines: int) -> Iterator[Runs]:
    """The heads and the first rows of the list that the program opens on; none if it has none.

    The last line is left to what the list says below its rows, which takes longer to know.
    """
    database = session.db
    query = AccountList.first(session).query
    answer = first_accounts(database, query)
    if not answer.keys or lines < 3:
        return
    found = constant_columns(database, answer.keys[:SAMPLE])
    folded = frozenset(answer.certain(found, {}))
    bar = 1 if len(answer.keys) >= lines else 0  # the scrollbar
    has_churn = model_on(database.connection) is not None
    columns = AccountColumns(
        session.today, session.glyphs, folded, has_churn=has_churn, view=query.view
    ).fit(width - bar)
    rows = account_lines(database, answer.keys[: lines - 2], today=session.today, me=session.me)
    heads = "".join(text for text, _ in head_runs(columns))
    yield _filled(((heads, "dim"),), width)
    for number, row in enumerate(rows):
        runs = row_runs(columns, row)
        if number == 0:
            text = session.glyphs.cursor + "".join(part for part, _ in runs)[1:]
            runs = ((text, "bold reverse"),)
        yield _filled(_filled(runs, width - bar), width)


def _filled(runs: Runs, width: int) -> Runs:
    """Blank to the end, in the style of the last run."""
    blank = width - cells_of(runs)
    return (*runs, (" " * blank, runs[-1][1])) if blank > 0 else runs


def _quiet() -> list[Any]:
    """Have typed keys wait, unseen and one by one; returns the settings of before.

    They wait as Textual will read them: ⏎ stays what it is. ctrl+c still ends the program.
    """
    before = termios.tcgetattr(0)
    settings = termios.tcgetattr(0)
    settings[INPUT] &= ~(
        termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
    )
    settings[LOCAL] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    settings[SIGNS][termios.VMIN] = 1
    settings[SIGNS][termios.VSUSP] = b"\x00"
    termios.tcsetattr(0, termios.TCSANOW, settings)
    return before


def _write(text: str) -> None:
    stream = sys.__stderr__  # where Textual draws
    if stream is not None:
        stream.writelines([text])  # runs: harmless, whatever stands in the data
        stream.flush()
