"""Mode 5: the renewal review, one account a page, decided from the keyboard."""

import threading
import time
from collections.abc import Callable
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.store.reviews import ReviewItem, list_reviews, open_review, save_place
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.screens.fields_form import FieldsForm, FieldSheet
from cs_workbench.tui.screens.review_acts import (
    close_and_export,
    concession_sheet,
    escalation_sheet,
    park,
    review_forecast_sheet,
    start_suggested,
    step_sheet,
    unchanged,
)
from cs_workbench.tui.screens.review_pages import (
    Clock,
    item_view,
    opening_page,
    read_back_page,
    resting_page,
    title_line,
)
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import Lines
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.renewal_history import history_lines
from cs_workbench.tui.widgets.review_lines import item_lines
from cs_workbench.tui.written import Written, undone
from cs_workbench.workflows.forecasting import Speaker
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.reviews import Opening, Sitting, sitting_of, start_review

GROUP: Final = Binding.Group("This review")
FOOTER: Final = (
    *("review.forecast", "review.step", "review.play", "review.escalate", "review.unchanged"),
    *("review.on", "review.back", "review.park", "review.undo", "review.close", "review.start"),
)
Moment = tuple[int, int, int]  # the place, seconds of the meeting, seconds of the item
ON_PAGE: Final = frozenset(
    {"forecast", "step", "play", "escalate", "concede", "unchanged", "park", "account", "history"}
)


class ReviewScreen(Screen[None]):
    """The opening, the items, the read-back; where it is stays in the database."""

    AUTO_FOCUS = "Pane"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("review.unchanged", "equals_sign", "unchanged", "no change", "Go on", group=GROUP),
        bound("review.forecast", "f", "forecast", "forecast", "Forecast by letter", group=GROUP),
        bound("review.step", "n", "step", "next step", "Next step, owner, day", group=GROUP),
        bound("review.play", "p", "play", "play", "Start a suggested play", group=GROUP),
        bound("review.escalate", "e", "escalate", "escalate", "Escalate it", group=GROUP),
        bound("review.concede", "dollar_sign", "concede", "$", "A concession", group=GROUP),
        bound("review.park", "K", "park", "park", "Park it", group=GROUP),
        bound("review.on", "right", "go(1)", "next", "Next item", group=GROUP),
        bound("review.back", "left", "go(-1)", "back", "Item before", group=GROUP),
        bound("review.account", "enter", "account", "account", "The account's page", group=GROUP),
        bound("review.history", "h", "history", "history", "All that was said", group=GROUP),
        bound("review.close", "X", "close", "close", "Close it, write the files", group=GROUP),
        bound("review.start", "R", "start", "start", "Begin a review", group=GROUP),
        bound("review.undo", "z", "undo", "undo", "Take back your last decision", group=PROGRAM),
    ]
    DEFAULT_CSS = "ReviewScreen Pane { height: 1fr; }"

    def __init__(self, session: Session) -> None:
        """Open on the review that goes on, at the item it was at."""
        super().__init__()
        self._session = session
        self._sitting: Sitting | None = None
        self._place = 0
        self._clock = Clock()
        self._pen = threading.Lock()
        self._turn = self._written = 0

    def compose(self) -> ComposeResult:
        """A title with the clock, the page, the keys."""
        yield Lines(self._title, id="titles")
        yield Pane(self._draw, id="page")
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Take up what goes on; the clock ticks once a second."""
        self.load()
        self.set_interval(1, self._tick)

    def on_screen_resume(self) -> None:
        """A review may have been begun in another mode, or elsewhere."""
        if self.is_mounted:
            self.load()

    def load(self) -> None:
        """Read the review that goes on."""
        review = open_review(self._session.db)
        before = self._sitting
        if review is None:
            self._sitting = None
        elif before is None or before.review.review_id != review.review_id:
            speaker = Speaker(self._session.me, self._session.today)
            self._sitting = sitting_of(self._session.db, speaker, review)
            self._place = min(review.place, len(self._sitting.items) + 1)
            self._clock = Clock(time.monotonic(), review.seconds, self._item_seconds())
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer only what there is to do here."""
        if action == "start":
            return self._sitting is None
        if action in {"go", "close"}:
            return self._sitting is not None
        return self._item is not None if action in ON_PAGE else True

    @work
    async def action_start(self) -> None:
        """Begin a review with the agenda of now."""
        session = self._session
        with telling(self.app):
            policy = policy_at(session.renewal_policy_file)
            speaker = Speaker(session.me, session.today)
            start_review(session.db, speaker, Opening(), policy)
            self.load()

    def action_go(self, items: int) -> None:
        """On to the next item, or back; the clock of the item begins anew."""
        if self._sitting is not None:
            before = self._now()
            last = len(self._sitting.items) + 1
            self._place = max(0, min(self._place + items, last))
            self._clock = self._clock.at_item(time.monotonic(), self._item_seconds())
            self._keep(before)
            self._show()
            self.query_one(Pane).action_top()

    def action_unchanged(self) -> None:
        """No change, said explicitly, and on."""
        if self._sitting is not None and (item := self._item):
            with telling(self.app):
                self._done(unchanged(self._session, self._sitting, item))
                self.action_go(1)

    def action_forecast(self) -> None:
        """A letter and enter."""
        self._form(review_forecast_sheet)

    def action_step(self) -> None:
        """A next step with an owner and a day."""
        self._form(step_sheet)

    def action_escalate(self) -> None:
        """Escalate to the chair's side: a task with a day."""
        self._form(escalation_sheet)

    def action_concede(self) -> None:
        """A concession, within the author's authority."""
        self._form(concession_sheet)

    @work
    async def action_play(self) -> None:
        """Start a play that is suggested here."""
        if self._sitting is not None and (item := self._item):
            with telling(self.app):
                self._done(await start_suggested(self.app, self._session, self._sitting, item))

    @work
    async def action_park(self) -> None:
        """Keep it for after the meeting."""
        if self._sitting is not None and (item := self._item):
            with telling(self.app):
                self._done(await park(self.app, self._session, self._sitting, item))

    def action_history(self) -> None:
        """All that was said of this renewal: forecasts, commitments, decisions."""
        from cs_workbench.tui.screens.renewal_moves import MovesScreen

        if self._sitting is not None and (item := self._item):
            with telling(self.app):
                view = item_view(self._session, self._sitting, item)
                said = view.forecasts, view.commitments
                lines = history_lines(view.entry, view.marks, said, view.day, 99)
                lines += [joined(("last time    ", "dim"), one) for one in view.last_time]
                title = joined((view.entry.account.name, "bold"))
                self.app.push_screen(MovesScreen(title, Content("\n").join(lines)))

    def action_account(self) -> None:
        """Open the account's page."""
        from cs_workbench.tui.screens.account import AccountScreen

        if item := self._item:
            screen = AccountScreen(self._session, item.account_key)
            self.app.push_screen(screen, lambda _: self._show())

    @work
    async def action_close(self) -> None:
        """From the read-back: close for good and write the files; from elsewhere: go there."""
        sitting = self._sitting
        if sitting is None:
            return
        if self._place <= len(sitting.items):
            self.action_go(len(sitting.items) + 1 - self._place)
            return
        with telling(self.app):
            self._keep()
            tell(self.app, close_and_export(self._session, sitting))
            self.load()

    def action_undo(self) -> None:
        """Take back the last decision."""
        self.run_worker(lambda: self.post_message(undone(self._session)), thread=True)

    def on_written(self, message: Written) -> None:
        """A write is through: say it, show it."""
        message.stop()
        tell(self.app, message.error or message.summary, is_problem=message.error is not None)
        self._show()

    @property
    def _item(self) -> ReviewItem | None:
        """The item it is at; None on the opening and the read-back."""
        if self._sitting is None or not 1 <= self._place <= len(self._sitting.items):
            return None
        return self._sitting.items[self._place - 1]

    def _item_seconds(self) -> int:
        item = self._item
        return 0 if item is None else item.seconds

    def _form(self, make: Callable[[Session, Sitting, ReviewItem], FieldSheet]) -> None:
        if self._sitting is not None and (item := self._item):
            with telling(self.app):
                sheet = make(self._session, self._sitting, item)
                self.app.push_screen(FieldsForm(self._session, sheet), self._done)

    def _done(self, summary: str | None) -> None:
        if summary:
            tell(self.app, summary)
            self._keep()
            self._show()

    def _tick(self) -> None:
        if self._sitting is not None:
            self.query_one("#titles").refresh()
            if self._clock.is_due(time.monotonic()):
                self._keep()

    def _now(self) -> Moment:
        """Where the meeting is at this moment."""
        now = time.monotonic()
        return self._place, self._clock.total(now), self._clock.item(now)

    def _keep(self, *before: Moment) -> None:
        """Keep the place and the clock, and moments before this one, in a thread."""
        if self._sitting is not None:
            self._clock = self._clock.kept(time.monotonic())
            self._turn += 1
            self._save(self._sitting.review.review_id, self._turn, (*before, self._now()))

    @work(thread=True, group="place")
    def _save(self, review_id: str, turn: int, moments: tuple[Moment, ...]) -> None:
        """Write moments in their order; what a later turn wrote already stays."""
        with self._pen:
            if turn < self._written:
                return
            self._written = turn
            try:
                with open_database(self._session.db.path) as db:
                    for place, meeting, item in moments:
                        save_place(db, review_id, place, (meeting, item))
            except WorkbenchError as problem:
                self.post_message(Written(error=problem))

    def _show(self) -> None:
        self.query_one("#titles").refresh()
        self.query_one(Pane).redraw()
        self.refresh_bindings()

    def _title(self, width: int) -> Content:
        return title_line(
            self._session, self._sitting, self._place, (self._clock, time.monotonic()), width
        )

    def _draw(self, width: int, height: int) -> list[Content]:
        del height  # longer pages scroll
        session, sitting, item = self._session, self._sitting, self._item
        try:
            if sitting is None:
                return resting_page(list_reviews(session.db), session.today)
            if item is not None:
                return item_lines(item_view(session, sitting, item), width, session.glyphs)
            if self._place == 0:
                return opening_page(session, sitting, width)
            return read_back_page(session.db, sitting)
        except WorkbenchError as problem:
            return [joined((str(problem), "bold"))]
