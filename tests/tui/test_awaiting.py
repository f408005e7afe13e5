"""Waiting for screens has an end, and says what was there at it."""

import pytest
from textual.app import App

from tests.tui import awaiting


async def test_what_never_comes_fails_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awaiting, "DEADLINE", 0.05)
    app = App[None]()
    async with app.run_test() as pilot:
        with pytest.raises(AssertionError, match=r"after 0\.05 s .* on Screen.*; at work: \[\]"):
            await awaiting.until(pilot, lambda: False)


async def test_nothing_comes_of_an_app_that_has_ended() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        app.exit()
        with pytest.raises(AssertionError, match="the app has ended"):
            await awaiting.until(pilot, lambda: False)
