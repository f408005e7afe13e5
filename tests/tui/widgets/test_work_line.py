import threading

from textual.app import App, ComposeResult

from cs_workbench.errors import UsageError
from cs_workbench.tui.formats import safe
from cs_workbench.tui.widgets.work_line import Job, Progress, WorkLine


class WorkApp(App[None]):
    """One piece of work, and how it ended."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        self.ended: list[WorkLine.Finished] = []

    def compose(self) -> ComposeResult:
        yield WorkLine(safe("scoring"), self._job)

    def on_work_line_finished(self, message: WorkLine.Finished) -> None:
        self.ended.append(message)


async def ended(job: Job, *, cancels: threading.Event | None = None) -> WorkLine.Finished:
    app = WorkApp(job)
    async with app.run_test() as pilot:
        line = app.query_one(WorkLine)
        for _ in range(400):
            await pilot.pause(0.01)
            if cancels and cancels.is_set():
                line.cancel()
            if app.ended:
                break
        (message,) = app.ended
        assert message.line is line
        return message


async def test_work_tells_what_it_did() -> None:
    def job(progress: Progress) -> str:
        progress(1, 2)
        return "done"

    message = await ended(job)
    assert (message.summary, message.error) == ("done", None)


async def test_a_cancelled_job_stops_at_its_next_word() -> None:
    begun = threading.Event()
    steps: list[int] = []

    def job(progress: Progress) -> str:
        for step in range(100_000):
            progress(step, 100_000)
            steps.append(step)
            begun.set()
            threading.Event().wait(0.005)
        return "never"

    message = await ended(job, cancels=begun)
    assert (message.summary, message.error) == ("", None)
    assert 0 < len(steps) < 100_000


async def test_what_goes_wrong_is_told() -> None:
    def job(progress: Progress) -> str:
        raise UsageError("there is no such day")

    message = await ended(job)
    assert str(message.error) == "there is no such day"


async def test_it_draws_how_far_it_is() -> None:
    go_on = threading.Event()

    def job(progress: Progress) -> str:
        progress(5, 20)
        go_on.wait(20)
        return "done"

    app = WorkApp(job)
    async with app.run_test() as pilot:
        line = app.query_one(WorkLine)
        for _ in range(400):
            await pilot.pause(0.01)
            if "of 20" in line.render().plain:
                break
        drawn = line.render().plain
        go_on.set()
    assert " scoring #####" in drawn
    assert "5 of 20" in drawn
    assert "esc cancels" in drawn
