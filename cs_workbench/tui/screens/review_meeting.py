"""Where a meeting is: its place, its clock, the page that the room looks at."""

import threading
import time
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.reviews import Review, ReviewItem, list_reviews, open_review, save_place
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.newest_reading import NewestReading, ReadingFailed
from cs_workbench.tui.screens.review_pages import (
    READ_BACK_HEAD,
    Clock,
    Opened,
    item_view,
    opening_page,
    read_back_page,
    read_opened,
    resting_page,
    title_line,
)
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.review_facts import VIEWS, View
from cs_workbench.tui.widgets.review_lines import item_lines
from cs_workbench.tui.widgets.titles import Titles
from cs_workbench.tui.written import Written
from cs_workbench.workflows.forecasting import Speaker
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.reviews import Sitting, sitting_of

GROUP: Final = Binding.Group("This review")
FOOTER: Final = (
    *("review.forecast", "review.step", "review.play", "review.escalate", "review.unchanged"),
    *("review.on", "review.back", "review.park", "review.concede", "review.view"),
    *("review.undecided", "review.undo", "review.close", "review.start"),
)
Moment = tuple[int, int, int]  # the place, seconds of the meeting, seconds of the item


class MeetingPane(Pane):
    """The page; across it the keys go to another item."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("review.on", "right", "screen.go(1)", "next", "Next item", group=GROUP),
        bound("review.back", "left", "screen.go(-1)", "back", "Item before", group=GROUP),
    ]

    class Pointed(Message):
        """A line of the page was clicked; the first one is 0."""

        def __init__(self, line: int) -> None:
            """Say which."""
            super().__init__()
            self.line = line

    def on_click(self, event: events.Click) -> None:
        """Tell the screen which line it was."""
        event.stop()
        self.post_message(self.Pointed(event.y + self.scroll_offset.y))


class MeetingScreen(Screen[None]):
    """One page at a time: the opening, the items, the read-back; where it is, is kept."""

    DEFAULT_CSS = "MeetingScreen Pane { height: 1fr; }"

    class Read(Message):
        """What the opening of a review tells of all its renewals is there."""

        def __init__(self, review_id: str, opened: Opened) -> None:
            self.review_id = review_id
            self.opened = opened
            super().__init__()

    def __init__(self, session: Session) -> None:
        """Open on the review that goes on, at the item it was at."""
        super().__init__()
        self.session = session
        self.sitting: Sitting | None = None
        self._reading = NewestReading(self, session.db.path)
        self._opened: Opened | None = None
        self.place = 0
        self.shown: View = VIEWS[0]
        self._clock = Clock()
        self._spent: dict[int, int] = {}  # seconds of the items, by place, as far as they passed
        self._pen = threading.Lock()
        self._turn = self._written = 0

    def compose(self) -> ComposeResult:
        """A title with the clock, the page, the keys."""
        yield Titles("review", self._title)
        yield MeetingPane(self._draw, id="page")
        yield HintLine(FOOTER, rule=self.session.glyphs.rule)

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
        review = open_review(self.session.db)
        before = self.sitting
        if review is None:
            self.sitting = None
        elif before is None or before.review.review_id != review.review_id:
            speaker = Speaker(self.session.me, self.session.today)
            self.sitting = sitting_of(self.session.db, speaker, review)
            self.place = min(review.place, len(self.sitting.items) + 1)
            self._opened = None
            self._spent.clear()
            self._clock = Clock(time.monotonic(), review.seconds, self._item_seconds())
        self.show()

    def go(self, items: int) -> None:
        """On to the next item, or back; the clock of the item begins anew."""
        if self.sitting is not None:
            before = self._now()
            self._spent[self.place] = before[-1]
            last = len(self.sitting.items) + 1
            self.place = max(0, min(self.place + items, last))
            self.shown = VIEWS[0]
            self._clock = self._clock.at_item(time.monotonic(), self._item_seconds())
            self.keep(before)
            self.show()
            self.query_one(Pane).action_top()

    def on_meeting_pane_pointed(self, message: MeetingPane.Pointed) -> None:
        """On the read-back: to the item under the mouse."""
        if self.sitting is not None and self.place > len(self.sitting.items):
            place = message.line - READ_BACK_HEAD + 1
            if 1 <= place <= len(self.sitting.items):
                self.go(place - self.place)

    @property
    def item(self) -> ReviewItem | None:
        """The item it is at; None on the opening and the read-back."""
        if self.sitting is None or not 1 <= self.place <= len(self.sitting.items):
            return None
        return self.sitting.items[self.place - 1]

    def keep(self, *before: Moment) -> None:
        """Keep the place and the clock, and moments before this one, in a thread."""
        if self.sitting is not None:
            self._clock = self._clock.kept(time.monotonic())
            self._turn += 1
            self._save(self.sitting.review.review_id, self._turn, (*before, self._now()))

    def on_unmount(self) -> None:
        """Stop reading."""
        self._reading.stop()

    def on_meeting_screen_read(self, message: Read) -> None:
        """Show it on the opening, unless another review goes on by now."""
        if self.sitting is not None and self.sitting.review.review_id == message.review_id:
            self._opened = message.opened
            self.query_one(Pane).redraw()

    def on_reading_failed(self, message: ReadingFailed) -> None:
        """Tell why."""
        tell(self.app, message.error, is_problem=True)

    def show(self) -> None:
        """Draw the page anew; what the opening tells of all renewals is read behind it."""
        if self.sitting is not None and self.place == 0:
            self._reading.ask(partial(self._read, self.sitting.review))
        self.query_one("#titles").refresh()
        self.query_one(Pane).redraw()
        self.refresh_bindings()

    def _item_seconds(self) -> int:
        item = self.item
        return self._spent.get(self.place, 0 if item is None else item.seconds)

    def _tick(self) -> None:
        if self.sitting is not None:
            self.query_one("#titles").refresh()
            if self._clock.is_due(time.monotonic()):
                self.keep()

    def _now(self) -> Moment:
        """Where the meeting is at this moment."""
        now = time.monotonic()
        return self.place, self._clock.total(now), self._clock.item(now)

    @work(thread=True, group="place")
    def _save(self, review_id: str, turn: int, moments: tuple[Moment, ...]) -> None:
        """Write moments in their order; what a later turn wrote already stays."""
        with self._pen:
            if turn < self._written:
                return
            self._written = turn
            try:
                with open_database(self.session.db.path) as db:
                    for place, meeting, item in moments:
                        save_place(db, review_id, place, (meeting, item))
            except WorkbenchError as problem:
                self.post_message(Written(error=problem))

    def _title(self, width: int) -> Content:
        return title_line(
            self.session, self.sitting, self.place, (self._clock, time.monotonic()), width
        )

    def _read(self, review: Review, db: Database) -> Generator[Message, None, None]:
        policy = policy_at(self.session.renewal_policy_file)
        yield self.Read(review.review_id, read_opened(db, review, policy))

    def _draw(self, width: int, height: int) -> list[Content]:
        session, sitting, item = self.session, self.sitting, self.item
        try:
            if sitting is None:
                return resting_page(list_reviews(session.db), session.today)
            if item is not None:
                view = replace(item_view(session, sitting, item), shown=self.shown)
                return item_lines(view, (width, height), session.glyphs)
            if self.place == 0:
                return opening_page(session, sitting, self._opened, width)
            return read_back_page(session.db, sitting)
        except WorkbenchError as problem:
            return [joined((str(problem), "bold"))]
