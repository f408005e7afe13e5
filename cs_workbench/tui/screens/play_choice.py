"""`p`: the plays of an account, those suggested first, and playbooks to begin; on many at once."""

from collections.abc import Sequence
from typing import Any

from textual.app import App
from textual.content import Content

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.playbooks.words import trigger_text
from cs_workbench.store.database import open_database
from cs_workbench.store.kept import account_names
from cs_workbench.store.plays import PlayQuery
from cs_workbench.tui.formats import joined, run_on
from cs_workbench.tui.messages import tell
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.screens.play import PlayScreen
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.session import Session
from cs_workbench.workflows.bulk_plays import Prospect, prospects, start_on_all
from cs_workbench.workflows.play_lists import ListedPlay, listed_plays
from cs_workbench.workflows.playbooks import list_playbooks
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By

LISTED = 8
_NEW = "new:"


async def choose_plays(app: App[Any], session: Session, account_keys: Sequence[int]) -> None:
    """Walk a play of one account, or begin one on several.

    Raises:
        WorkbenchError: a playbook cannot be read, or the play cannot begin.
    """
    if len(account_keys) > 1:
        await start_many(app, session, account_keys)
    elif account_keys:
        await walk_play(app, session, account_keys[0])


async def walk_play(app: App[Any], session: Session, account_key: int) -> None:
    """Let a person choose a play of an account, or begin one, and walk it.

    Raises:
        WorkbenchError: a playbook cannot be read, or the play cannot begin.
    """
    running = listed_plays(session.db, PlayQuery(account_key=account_key), session.today)
    busy = {one.line.play.playbook_id for one in running}
    others = [one.playbook for one in list_playbooks() if one.playbook.playbook_id not in busy]
    menu = Menu(joined(("Play", "bold")), [*_running(running), *_others(others, len(running))])
    chosen = await app.push_screen_wait(menu)
    if chosen is None:
        return
    play_id = chosen.value
    if play_id.startswith(_NEW):
        playbook = next(one for one in others if one.playbook_id == play_id.removeprefix(_NEW))
        with open_database(session.db.path) as db:
            play_id = start_play(db, By(session.me, session.today), account_key, playbook, Start())
    await app.push_screen_wait(PlayScreen(session, play_id))


async def start_many(app: App[Any], session: Session, account_keys: Sequence[int]) -> None:
    """Let a person choose a playbook for several accounts, preview it, and begin it on each.

    Raises:
        WorkbenchError: a playbook cannot be read.
    """
    playbooks = [one.playbook for one in list_playbooks()]
    menu = Menu(
        joined((f"Begin a play on {len(account_keys)} accounts", "bold")), _others(playbooks, 0)
    )
    chosen = await app.push_screen_wait(menu)
    if chosen is None:
        return
    playbook = next(one for one in playbooks if _NEW + one.playbook_id == chosen.value)
    found = prospects(session.db, playbook, account_keys, session.today)
    free = sum(not one.runs and not one.is_held for one in found)
    held = sum(one.is_held for one in found)
    choices = [Choice("y", joined("begin"), "yes"), Choice("n", joined("not now"), "no")]
    if held:
        beyond = joined(f"begin also on the {held} beyond the cap, and say why")
        choices.append(Choice("o", beyond, "override"))
    confirm = Menu(
        joined((f"{playbook.title}: begin it on {free}?", "bold")),
        choices,
        note=_preview(session, found),
    )
    answer = await app.push_screen_wait(confirm)
    if answer is None or answer.value == "no":
        return
    reason = ""
    if answer.value == "override":
        typed = await app.push_screen_wait(Prompt(joined(("Why beyond the cap?", "bold"))))
        if not typed:
            return
        reason = typed
    with open_database(session.db.path) as db:
        by = By(session.me, session.today)
        tell(app, start_on_all(db, by, playbook, account_keys, override=reason))


def _preview(session: Session, found: Sequence[Prospect]) -> Content:
    """Account by account, on which it would begin, and why not on others."""
    names = account_names(session.db, [one.account_key for one in found])
    lines = [joined(names[one.account_key][1], (_why(one), "dim"), "\n") for one in found[:LISTED]]
    more = len(found) - len(lines)
    if more:
        lines.append(joined((f"and {more} more", "dim")))
    return run_on(lines)


def _why(one: Prospect) -> str:
    if one.runs:
        return " runs already"
    if one.free_on is not None:
        return f" beyond the contact cap, free again on {with_weekday(one.free_on)}"
    return " a complaint is open" if one.complaints else ""


def _running(plays: Sequence[ListedPlay]) -> list[Choice]:
    choices = []
    for number, one in enumerate(plays, start=1):
        step = f"step {one.current.number}: {one.current.step.title}" if one.current else ""
        told = step or one.line.play.evidence
        label = joined((one.line.title, "bold"), (f" {one.standing} ", "dim"), (told[:60], "dim"))
        key = str(number) if number < 10 else ""
        choices.append(Choice(key, label, one.line.play.play_id))
    return choices


def _others(playbooks: Sequence[Playbook], shown: int) -> list[Choice]:
    choices = []
    for number, one in enumerate(playbooks, start=shown + 1):
        label = joined(one.title, (f"  {trigger_text(one.trigger)[:48]}", "dim"))
        key = str(number) if number < 10 else ""
        choices.append(Choice(key, label, _NEW + one.playbook_id))
    return choices
