"""Where `csw` begins: the screens' first rows are painted before anything else is loaded."""

import gc
import os
import sys
from collections.abc import Sequence

TYPE_CHECKING = False  # as of `typing`, which is to load behind `gc.disable`
if TYPE_CHECKING:
    from cs_workbench.errors import WorkbenchError
    from cs_workbench.tui.first_picture import FirstPicture

TAKES = {"--db": "db", "--today": "today"}


def main() -> None:
    """Run `csw`: at once where a picture can be painted, else by the command line."""
    os.umask(0o077)
    wanted = screens_wanted(sys.argv[1:])
    code = None if wanted is None else _run_screens(wanted)
    if code is not None:
        sys.exit(code)
    from cs_workbench.cli.main import main as command_line

    command_line()


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


def _run_screens(wanted: dict[str, str]) -> int | None:
    """Paint, and run the screens behind it; None, and nothing was done, where that is unwise."""
    gc.disable()  # a tenth of the start; the app turns it on again behind its first frame
    from pathlib import Path

    from cs_workbench.cli.screens import open_screens, today_given
    from cs_workbench.config import load_config
    from cs_workbench.errors import WorkbenchError
    from cs_workbench.tui.first_picture import paint_first

    picture: FirstPicture | None = None
    try:
        config = load_config()
        today = today_given(wanted.get("today"))
        path = Path(wanted["db"]) if "db" in wanted else config.db
        picture = paint_first(path, config, today)
        if picture is None:
            gc.enable()
            return None
        return open_screens(config, path, today, picture)
    except WorkbenchError as problem:
        return _told(problem, picture)
    finally:
        if picture is not None:
            picture.leave()


def _told(problem: "WorkbenchError", picture: "FirstPicture | None") -> int | None:
    """What is wrong before there is a picture, the command line says."""
    if picture is None:
        return None
    from cs_workbench.cli.output import warn

    warn(str(problem))
    return problem.exit_code
