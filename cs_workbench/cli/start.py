"""Where `csw` begins: for the screens, their first rows are painted before anything is loaded."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cs_workbench.tui.first_picture import FirstPicture

INTERRUPTED = 130  # 128 + SIGINT, as shells count
TAKES = {"--db": "db", "--today": "today"}


def main() -> None:
    """Run `csw`."""
    os.umask(0o077)
    wanted = screens_wanted(sys.argv[1:])
    picture = None if wanted is None else _picture(wanted)
    try:
        from cs_workbench.cli.main import main as run

        run(picture)
    except KeyboardInterrupt:  # before the command line is there to hear it
        sys.exit(INTERRUPTED)
    finally:
        if picture is not None:
            picture.leave()


def screens_wanted(arguments: Sequence[str]) -> dict[str, str] | None:
    """The options of a call that opens the screens and does nothing else; None for all others.

    What is not plainly understood here is left to the command line proper.
    """
    given: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        name, is_joined, value = rest.pop(0).partition("=")
        if name == "tui" and not is_joined and not rest:
            break
        if name not in TAKES or not (is_joined or rest):
            return None
        given[TAKES[name]] = value if is_joined else rest.pop(0)
    return given


def _picture(wanted: dict[str, str]) -> "FirstPicture | None":
    from pathlib import Path

    from cs_workbench.config import load_config, read_today
    from cs_workbench.errors import WorkbenchError

    gc.disable()  # a tenth of the start; the app turns it on again behind its first frame
    try:
        config = load_config()
        is_given = wanted.get("today") or os.environ.get("CSW_TODAY")
        today = read_today(wanted.get("today")) if is_given else None
    except WorkbenchError:
        return None  # told by the command line
    from cs_workbench.tui.first_picture import paint_first

    return paint_first(Path(wanted["db"]) if "db" in wanted else config.db, config, today)
