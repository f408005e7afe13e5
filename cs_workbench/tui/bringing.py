"""Files brought in from the screens: what nobody knows is looked at first."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from cs_workbench.config import load_config
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.errors import WorkbenchError
from cs_workbench.tui.formats import joined
from cs_workbench.tui.messages import tell
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.work_line import CancelledError, Work, WorkLine

if TYPE_CHECKING:
    from cs_workbench.importers.records import Assumptions
    from cs_workbench.workflows.loading import LoadWishes


async def look_at_unknown(
    app: App[Any], source: Path, portfolio: Path, assumed: "Assumptions"
) -> bool:
    """Ask about each file that no mapping knows; False where the files cannot be read.

    What a person confirms is kept beside the data. Called in a worker.
    """
    from cs_workbench.tui.screens.guessed_file import GuessedFile
    from cs_workbench.workflows.guided import guesses, is_clear, keep

    try:
        for found in await asyncio.to_thread(guesses, [source], portfolio):
            if is_clear(found):
                continue
            confirmed = await app.push_screen_wait(GuessedFile(found, assumed))
            if confirmed is not None:
                tell(app, f"Kept as {keep(confirmed).name}, beside the data.")
    except WorkbenchError as problem:
        tell(app, problem, is_problem=True)
        return False
    return True


def loading_line(
    source: Path, wishes: "LoadWishes", glyphs: Glyphs, *, stopped: str = ""
) -> WorkLine:
    """The line that imports and scores as soon as it is on the screen.

    `stopped` is its summary where a person stops it; without, it has none then.
    """

    def load(work: Work) -> str:
        from cs_workbench.workflows.loading import load_and_score

        try:
            return load_and_score(source, wishes, work.progress)
        except CancelledError:
            if not stopped:
                raise
            return stopped

    return WorkLine(joined("loading ", (source.name, "bold")), load, glyphs)


async def ask_and_load(screen: Screen[Any], session: Session) -> bool:
    """Ask for files, look at unknown ones, and load them in a line above the accounts.

    True where it was the book, edited in a spreadsheet: its edits are made at once, and said.
    """
    from cs_workbench.importers.records import Assumptions
    from cs_workbench.tui.screens.prompt import Prompt
    from cs_workbench.tui.screens.sheet_edits import change_from_sheet
    from cs_workbench.workflows.loading import LoadWishes

    assumed = Assumptions(load_config().currency, today=session.today)
    question = joined("Which files? A file or a folder of exports")
    answer = await screen.app.push_screen_wait(Prompt(question))
    if answer is None:
        return False
    source = Path(answer).expanduser()
    if not source.exists():
        tell(screen.app, f"There is nothing at {source}.", is_problem=True)
        return False
    try:
        told = await change_from_sheet(screen.app, session, source)
    except WorkbenchError as problem:
        tell(screen.app, problem, is_problem=True)
        return False
    if told is not None:
        tell(screen.app, told)
        return True
    if screen.query(WorkLine) or not await look_at_unknown(
        screen.app, source, session.db.path, assumed
    ):
        return False
    cards = session.scorecard_file, session.renewal_policy_file
    wishes = LoadWishes(session.db.path, session.me, session.today, assumed, *cards)
    stopped = "Stopped; what was loaded so far is kept."
    line = loading_line(source, wishes, session.glyphs, stopped=stopped)
    await screen.mount(line, before="#accounts")
    return False
