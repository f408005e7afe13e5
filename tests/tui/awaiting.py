"""Waiting for what works behind the screens: until it has ended and told, however long it takes."""

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from cs_workbench.tui.screens.account_list_screen import AccountListScreen

ROUNDS = 5  # of handling messages while nothing works: what they ask for has begun by then


async def until(pilot: Pilot[Any], there: Callable[[], object]) -> None:
    """Go on until it is so; fails once nothing is at work any more and it is still not so."""
    idle = 0
    while not there():
        idle = 0 if _at_work(pilot.app) else idle + 1
        assert idle <= ROUNDS, f"nothing works any more, and it is not so on {pilot.app.screen}"
        await pilot.pause()


async def until_on(pilot: Pilot[Any], kind: type) -> None:
    """Go on until a screen of this kind is there, and what it is made of."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause()


def _at_work(app: App[Any]) -> bool:
    """Whether a thread reads or writes for a screen; who waits for an answer is not at work."""
    if any(one._thread_worker and not one.is_finished for one in app.workers):
        return True
    screens = [screen for stack in app._screen_stacks.values() for screen in stack]
    readers = [one._reader for one in screens if isinstance(one, AccountListScreen)]
    return any(one._next or one._read for one in readers)
