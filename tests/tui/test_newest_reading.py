import asyncio
import threading
from collections.abc import Generator
from pathlib import Path

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.tui.newest_reading import Job, NewestReading, ReadingFailed

FOR_EVER = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


class Found(Message):
    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__()


class Shown(Screen[None]):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.reading = NewestReading(self, path)
        self.found: list[str] = []
        self.errors: list[Exception] = []

    def on_found(self, message: Found) -> None:
        self.found.append(message.what)

    def on_reading_failed(self, message: ReadingFailed) -> None:
        self.errors.append(message.error)


class Reads(App[None]):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.shown = Shown(path)

    def on_mount(self) -> None:
        self.push_screen(self.shown)


def told(*parts: str) -> Job:
    def job(_: Database) -> Generator[Message, None, None]:
        yield from map(Found, parts)

    return job


async def begun(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 20)


async def test_parts_come_in_their_order_and_the_next_wish_after_them(db: Database) -> None:
    app = Reads(db.path)
    async with app.run_test() as pilot:
        for parts in (("first", "all"), ("again",)):
            app.shown.reading.ask(told(*parts))
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert app.shown.found == ["first", "all", "again"]


async def test_a_newer_wish_interrupts_the_statement_under_way(db: Database) -> None:
    running = threading.Event()
    others: list[str] = []

    def endless(db: Database) -> Generator[Message, None, None]:
        yield Found("first")
        running.set()
        db.connection.execute(FOR_EVER)
        yield Found("never")

    def alone(_: Database) -> Generator[Message, None, None]:
        others.extend(one.name for one in app.workers if one.is_running)
        yield Found("newest")

    app = Reads(db.path)
    async with app.run_test() as pilot:
        app.shown.reading.ask(endless)
        await begun(running)
        app.shown.reading.ask(told("overtaken"))
        app.shown.reading.ask(alone)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.shown.found[0] == "first"
        assert app.shown.found[-1] == "newest"
        assert "never" not in app.shown.found
        assert len(others) == 1


async def test_what_was_found_for_an_older_wish_is_not_told(db: Database) -> None:
    running, newer = threading.Event(), threading.Event()

    def slow(_: Database) -> Generator[Message, None, None]:
        running.set()
        newer.wait(20)
        yield Found("old")

    app = Reads(db.path)
    async with app.run_test() as pilot:
        app.shown.reading.ask(slow)
        await begun(running)
        app.shown.reading.ask(told("new"))
        newer.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.shown.found == ["new"]


async def test_the_end_of_the_screen_ends_its_reading(db: Database) -> None:
    running = threading.Event()

    def endless(db: Database) -> Generator[Message, None, None]:
        running.set()
        db.connection.execute(FOR_EVER)
        yield Found("never")

    app = Reads(db.path)
    async with app.run_test() as pilot:
        app.shown.reading.ask(endless)
        await begun(running)
        app.shown.reading.stop()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.shown.found == []
        assert app.shown.errors == []


async def test_what_cannot_be_read_is_told_and_the_next_wish_tries_again(tmp_path: Path) -> None:
    app = Reads(tmp_path / "nowhere.db")
    async with app.run_test() as pilot:
        for _ in range(2):
            app.shown.reading.ask(told("never"))
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert [type(one) for one in app.shown.errors] == [NotFoundError, NotFoundError]
