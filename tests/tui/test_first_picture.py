import shutil
import termios
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from textual.filter import dim_color

from cs_workbench.shipped import shipped
from cs_workbench.tui.ansi import Painter
from cs_workbench.tui.palettes import PALETTES, Palette
from cs_workbench.tui.sizes import list_place
from tests.tui.screen import Cell, Program, Screen

PLAIN: dict[str, str] = {}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return Path(shutil.copyfile(shipped("sample.db"), tmp_path / "book.db"))


def is_full(screen: Screen) -> bool:
    """Whether Textual drew: the footer is not in the first picture."""
    return "quit" in screen.text(screen.height - 1)


def is_painted(screen: Screen) -> bool:
    """Whether the whole first picture is there; Textual's are not marked on such a terminal."""
    return screen.pictures == 1


def has_rows(screen: Screen) -> bool:
    return any("Kestrel" in screen.text(row) for row in range(screen.height))


def rows_of(screen: Screen) -> list[list[Cell]]:
    """The heads and the rows of accounts, without the scrollbar and the line below them."""
    place = list_place(screen.width, screen.height)
    return [row[:-1] for row in screen.rows[place.top : place.top + place.lines - 1]]


@pytest.mark.parametrize(
    ("size", "config"),
    [((80, 24), ""), ((120, 40), 'theme = "csw-light"'), ((140, 52), "")],
)
def test_the_picture_is_what_textual_paints_and_never_goes(
    book: Path, tmp_path: Path, size: tuple[int, int], config: str
) -> None:
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    environ = {**PLAIN, "CSW_CONFIG": str(tmp_path / "config.toml")}
    with Program("--db", book, size=size, environ=environ) as csw:
        csw.draw_until(is_painted)
        assert has_rows(csw.screen)
        assert not is_full(csw.screen), "the picture comes before Textual"
        first = rows_of(csw.screen)
        seen: list[bool] = []
        csw.draw_until(is_full, each=lambda: seen.append(rows_of(csw.screen) == first))
        assert all(seen)


def test_a_key_typed_on_the_picture_is_not_lost_and_the_terminal_is_left_as_it_was(
    book: Path,
) -> None:
    with Program("--db", book, size=(100, 30), environ=PLAIN) as csw:
        before = termios.tcgetattr(csw.side)
        csw.draw_until(is_painted)
        assert not termios.tcgetattr(csw.side)[3] & (termios.ECHO | termios.ICANON)
        csw.type("j\r")
        csw.draw_until(lambda screen: "Pebble Bank" in screen.text(0))
        csw.type("qq")
        assert csw.end() == 0
        assert termios.tcgetattr(csw.side) == before


def test_ctrl_c_on_the_picture_ends_and_leaves_the_terminal_as_it_was(book: Path) -> None:
    with Program("--db", book, size=(100, 30), environ=PLAIN) as csw:
        before = termios.tcgetattr(csw.side)
        csw.draw_until(is_painted)
        csw.type("\x03")
        assert csw.end() == 130
        assert termios.tcgetattr(csw.side) == before


@pytest.mark.parametrize(
    "environ",
    [
        {"CSW_QUICK_START": "0"},
        {"NO_COLOR": "1"},
        {"CSW_ASCII": "1"},
        {"TERM": "xterm", "COLORTERM": ""},
        {"CSW_LINEAR": "1"},
    ],
)
def test_there_is_no_picture_where_it_would_not_be_right(
    book: Path, environ: dict[str, str]
) -> None:
    with Program("--db", book, size=(100, 30), environ={**PLAIN, **environ}) as csw:
        csw.draw_until(is_full)
        assert has_rows(csw.screen)
        assert not csw.screen.pictures


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.theme)
def test_colours_are_those_that_textual_sends(palette: Palette) -> None:
    painters = {
        ColorSystem.TRUECOLOR: Painter(palette, true_colours=True),
        ColorSystem.EIGHT_BIT: Painter(palette, true_colours=False),
    }
    ground = Color.parse(palette.background)
    inks = {f"${name}": Color.parse(colour) for name, colour in palette.bands.items()}
    inks[""] = Color.parse(palette.foreground)
    inks["dim"] = dim_color(ground, inks[""])
    for system, painter in painters.items():
        back = ";".join(ground.downgrade(system).get_ansi_codes(foreground=False))
        for style, ink in inks.items():
            codes = ";".join(ink.downgrade(system).get_ansi_codes())
            assert painter.codes(style) == f"\x1b[{codes};{back}m"
            assert painter.codes(f"bold {style}") == f"\x1b[1;{codes};{back}m"
