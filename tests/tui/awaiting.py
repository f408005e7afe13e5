"""Waiting for what threads and timers of the screens bring."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.pilot import Pilot

DEADLINE = 60.0  # seconds, of which a busy machine needs few: only what never comes takes them
STEP = 0.02  # seconds


async def until(pilot: Pilot[Any], there: Callable[[], object]) -> None:
    """Go on once it is so; fails where the app has ended, or at the deadline, without it."""
    end = monotonic() + DEADLINE
    while not there():
        assert pilot.app.is_running, "the app has ended before it was so"
        assert monotonic() < end, (
            f"after {DEADLINE:g} s it is not so on {pilot.app.screen}; "
            f"at work: {[worker.name for worker in pilot.app.workers]}"
        )
        await pilot.pause(STEP)


async def until_on(pilot: Pilot[Any], kind: type) -> None:
    """Go on once a screen of this kind is there, and what it is made of."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause()
