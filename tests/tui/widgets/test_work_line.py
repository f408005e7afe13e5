import threading

from textual.app import App, ComposeResult

from cs_workbench.errors import UsageError
from cs_workbench.tui.formats import safe
from cs_workbench.tui.widgets.work_line import Job, Work, WorkLine
from tests.tui.awaiting import until


class WorkApp(App[None]):
    """One piece of work, and how it ended."""

    def __init__(self, job: Job, *, at_once: bool = False) -> None:
        super().__init__()
        self._job = job
        self._at_once = at_once
        self.ended: list[WorkLine.Finished] = []

    def compose(self) -> ComposeResult:
        yield WorkLine(safe("scoring"), self._job, at_once=self._at_once)

    def on_work_line_finished(self, message: WorkLine.Finished) -> None:
        self.ended.append(message)


async def ended(job: Job, *, cancels: threading.Event | None = None) -> WorkLine.Finished:
    app = WorkApp(job)
    async with app.run_test() as pilot:
        line = app.query_one(WorkLine)
        if cancels:
            await until(pilot, cancels.is_set)
            line.cancel()
        await until(pilot, lambda: app.ended)
        (message,) = app.ended
        assert message.line is line
        return message


async def test_work_tells_what_it_did() -> None:
    def job(work: Work) -> str:
        work.progress(1, 2)
        return "done"

    message = await ended(job)
    assert (message.summary, message.error) == ("done", None)


async def test_a_cancelled_job_stops_at_its_next_word() -> None:
    begun = threading.Event()
    steps: list[int] = []

    def job(work: Work) -> str:
        for step in range(100_000):
            work.progress(step, 100_000)
            steps.append(step)
            begun.set()
            threading.Event().wait(0.005)
        return "never"

    message = await ended(job, cancels=begun)
    assert (message.summary, message.error) == ("", None)
    assert 0 < len(steps) < 100_000


async def test_what_goes_wrong_is_told() -> None:
    def job(work: Work) -> str:
        raise UsageError("there is no such day")

    message = await ended(job)
    assert str(message.error) == "there is no such day"


async def test_it_draws_how_far_it_is() -> None:
    go_on = threading.Event()

    def job(work: Work) -> str:
        work.progress(5, 20)
        go_on.wait(20)
        return "done"

    app = WorkApp(job)
    async with app.run_test() as pilot:
        line = app.query_one(WorkLine)
        await until(pilot, lambda: "of 20" in line.render().plain)
        drawn = line.render().plain
        go_on.set()
    assert " scoring #####" in drawn
    assert "5 of 20" in drawn
    assert "esc cancels" in drawn


async def test_what_is_cancelled_at_once_ends_before_its_thread_and_never_settles() -> None:
    begun, go_on = threading.Event(), threading.Event()
    settled: list[str] = []

    def job(work: Work) -> str:
        begun.set()
        go_on.wait(20)
        work.settle()
        settled.append("written")
        return "done"

    app = WorkApp(job, at_once=True)
    async with app.run_test() as pilot:
        begun.wait(5)
        app.query_one(WorkLine).cancel()
        await pilot.pause()
        (message,) = app.ended
        assert (message.summary, message.error) == ("", None)
        go_on.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert settled == []
    assert len(app.ended) == 1


async def test_what_is_being_written_cannot_be_cancelled_any_more() -> None:
    settled, go_on = threading.Event(), threading.Event()

    def job(work: Work) -> str:
        work.settle()
        settled.set()
        go_on.wait(20)
        work.progress(1, 1)
        return "done"

    app = WorkApp(job, at_once=True)
    async with app.run_test() as pilot:
        settled.wait(5)
        line = app.query_one(WorkLine)
        line.cancel()
        await pilot.pause()
        assert app.ended == []
        assert "too late to cancel" in line.render().plain
        go_on.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert [message.summary for message in app.ended] == ["done"]
