"""One after the other: the first frame when there is something in it, and keys.

A key acts on what the one before it left.

Textual hands a key to what has the focus when the key arrives. Of keys that come at once (somebody
types fast over a slow line, or pastes), the second arrives before the first has opened a field:
`/summit` would sort the list and open the usage chart.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key
from textual.screen import Screen
from textual.widget import Widget

PATIENCE: Final = 3.0  # seconds for a key, or the first screen, at most: none is ever lost
STEP: Final = 0.002


class OrderlyApp(App[None]):
    """An app whose keys wait for one another, and whose first frame waits for what it shows.

    Attributes:
        first: makes the screen of the mode that the program begins in.
    """

    first: Callable[[], Screen[None]]

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[Key] = deque()
        self._handed: Key | None = None
        self._handing: asyncio.Task[None] | None = None

    async def on_event(self, event: Event) -> None:
        """Let a key wait until it is its turn."""
        if not isinstance(event, Key) or event.is_forwarded or event is self._handed:
            await super().on_event(event)
            return
        self._typed.append(event)
        if self._handing is None or self._handing.done():
            self._handing = asyncio.create_task(self._hand_on())

    async def _hand_on(self) -> None:
        while self._typed:
            self._handed = self._typed.popleft()
            places = [self, *self._path_of_keys()]
            self.post_message(self._handed)
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._done_in(places)

    def _path_of_keys(self) -> list[DOMNode]:
        """From what has the focus up to the app, as a key bubbles."""
        focused = self.focused
        return [self.screen, self] if focused is None else list(focused.ancestors_with_self)

    def get_default_screen(self) -> Screen[None]:
        """The first one; if it were a mode by now, Textual would read all styles twice."""
        return self.first()

    async def on_mount(self) -> None:
        """Wait for what the first screen shows: Textual draws no frame till this is done."""
        with suppress(TimeoutError):  # a screen that breaks never has it
            async with asyncio.timeout(PATIENCE):
                await _handled(self.screen)
                await self._opened()
        self.add_mode(self.DEFAULT_MODE, self.first)

    async def _opened(self) -> None:
        """Wait until all of the screen is there."""
        while not all(one.is_mounted for one in self.screen.walk_children(Widget)):
            await asyncio.sleep(STEP)

    async def _done_in(self, places: list[DOMNode]) -> None:
        """Wait until a key was handled in all places, and what it opened is there to type in."""
        for place in places:
            await _handled(place)
        await self._opened()
        for place in (self.screen, self):
            await _handled(place)


async def _handled(place: DOMNode) -> None:
    """Wait until a node has handled all that was sent to it so far."""
    done = asyncio.Event()
    if place.call_later(done.set):
        await done.wait()
