"""The documentation's pictures, taken from the sample data: `python -m docs.take_screenshots`."""

import asyncio
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.config import Config
from cs_workbench.shipped import shipped
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.workflows.sample.profile import TODAY

_SPACE = "&#160;"
_TEXT = re.compile(
    rf'(<text [^>]*?x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)((?:{_SPACE})+)'
)
_CELL = 12.2  # how wide Rich draws a cell
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


def indented(picture: str) -> str:
    """The picture with texts that begin where their first sign stands.

    Some viewers leave out the spaces that a text begins with, and draw the rest in their place.
    """

    def moved(found: re.Match[str]) -> str:
        head, left, middle, length, tail, spaces = found.groups()
        width = len(spaces) // len(_SPACE) * _CELL
        return f"{head}{float(left) + width:g}{middle}{float(length) - width:g}{tail}"

    return _TEXT.sub(moved, picture)


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
        picture = indented(app.export_screenshot(title=f"csw · {shot.name}"))
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
