"""The documentation's pictures, taken from the sample data: `python -m docs.take_screenshots`."""

import asyncio
import re
import shutil
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from rich.cells import cell_len

from cs_workbench.config import Config
from cs_workbench.shipped import shipped
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.workflows.sample.profile import TODAY

_SPACE = "&#160;"
_TEXT = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>([^<]+)</text>'
)
_APART = re.compile(rf"(^(?:{_SPACE})+|(?:{_SPACE}){{2,}})")
_CELL = 12.2  # how wide Rich draws a cell
_HIGH, _ABOVE = 24.4, 18.5  # and how high, of which above the line that letters stand on
_DOTTED = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)"[^>]*>((?:[\u2800-\u28ff]|&#160;)+)</text>'
)
_DOT = 3
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # by the bit of a sign
FOLDER = Path(__file__).parent / "screenshots"


@dataclass(frozen=True)
class Shot:
    """One picture: what is typed before it, in which window and theme."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 40)
    theme: str = "csw-dark"


SHOTS = (
    Shot("accounts"),
    Shot("accounts-80", size=(80, 24)),
    Shot("accounts-light", theme="csw-light"),
    Shot("account", keys=("enter",)),
    Shot("what-if", keys=("enter", "w", *"jjjjj", "w", *"40", "enter")),
    Shot("usage", keys=("enter", "u")),
    Shot("movers", keys=("U",)),
    Shot("filter", keys=("slash", *"arr>50k")),
    Shot("today", keys=("2",)),
    Shot("today-80", keys=("2",), size=(80, 24)),
    Shot("play", keys=("p", "1")),
    Shot("renewals", keys=("3",)),
    Shot("renewals-80", keys=("3",), size=(80, 24)),
    Shot("portfolio", keys=("4",)),
    Shot("review", keys=("5",)),
)


def parted(picture: str) -> str:
    """The picture with texts that begin where their first sign stands, and end before a gap.

    Some viewers leave out the spaces that a text begins with, and draw letters in a width of their
    own: what stands far to the right of one text would not be where it belongs.
    """

    def apart(found: re.Match[str]) -> str:
        style, left, line, more, text = found.groups()
        if not _APART.search(text):
            return found[0]
        at, parts = float(left), []
        for part in _APART.split(text):
            width = cell_len(unescape(part)) * _CELL
            if part.replace(_SPACE, ""):
                parts.append(
                    f'<text class="{style}" x="{at:g}" y="{line}" textLength="{width:g}"{more}>'
                    f"{part}</text>"
                )
            at += width
        return "".join(parts)

    return _TEXT.sub(apart, picture)


def dotted(picture: str) -> str:
    """The picture with the lines of charts as dots: few fonts have them as wide as letters."""

    def drawn(found: re.Match[str]) -> str:
        style, left, line, signs = found.groups()
        dots = "".join(
            _dot(float(left) + (at + (column + 0.5) / 2) * _CELL, float(line) - _ABOVE, row)
            for at, sign in enumerate(signs.replace(_SPACE, " "))
            for bit, (column, row) in enumerate(_DOTS)
            if sign != " " and ord(sign) >> bit & 1
        )
        return f'<path class="{style}" d="{dots}"/>'

    return _DOTTED.sub(drawn, picture)


def _dot(middle: float, top: float, row: int) -> str:
    x, y = middle - _DOT / 2, top + (row + 0.5) / 4 * _HIGH - _DOT / 2
    return f"M{x:.1f} {y:.1f}h{_DOT}v{_DOT}h-{_DOT}z"


async def take(shot: Shot, database: Path) -> Path:
    """Type its keys and write what is on the screen."""
    config = Config(me="Ana Ruiz", db=database, theme=shot.theme)
    app = WorkbenchApp(database, today=TODAY, config=config)
    async with app.run_test(size=shot.size) as pilot:
        await pilot.pause(0.5)
        for key in shot.keys:
            await pilot.press(key)
            await pilot.pause(0.3)
        await pilot.pause(1.5)
        picture = dotted(parted(app.export_screenshot(title=f"csw · {shot.name}")))
    path = FOLDER / f"{shot.name}.svg"
    path.write_text(picture, encoding="utf-8")
    return path


def main() -> None:
    """Take all of them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "sample.db"
        shutil.copyfile(shipped("sample.db"), database)
        for shot in SHOTS:
            print(asyncio.run(take(shot, database)))  # noqa: T201 - a script


if __name__ == "__main__":
    main()
