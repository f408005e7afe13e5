"""Mode 5: the renewal review, one account a page, decided from the keyboard."""

from collections.abc import Callable
from typing import ClassVar, Final

from textual import work
from textual.binding import BindingType

from cs_workbench.store.reviews import ReviewItem
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.screens.fields_form import FieldsForm, FieldSheet
from cs_workbench.tui.screens.review_acts import (
    asked_to_close,
    close_and_export,
    concession_sheet,
    escalation_sheet,
    park,
    review_commitment_sheet,
    review_forecast_sheet,
    review_notice_sheet,
    start_suggested,
    step_sheet,
    unchanged,
)
from cs_workbench.tui.screens.review_meeting import GROUP, MeetingScreen
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.review_facts import VIEWS
from cs_workbench.tui.written import Written, undone
from cs_workbench.workflows.forecasting import Speaker
from cs_workbench.workflows.renewal_policy import policy_at
from cs_workbench.workflows.reviews import Opening, Sitting, start_review, undecided_after

ON_PAGE: Final = frozenset(
    {
        *("forecast", "commit", "notice", "step", "play", "escalate", "concede", "unchanged"),
        *("park", "account", "history", "view"),
    }
)


class ReviewScreen(MeetingScreen):
    """What is decided on the page that the room looks at."""

    AUTO_FOCUS = "Pane"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "review.unchanged",
            "equals_sign",
            "unchanged",
            "unchanged",
            "No change, said explicitly, and on",
            group=GROUP,
        ),
        bound("review.forecast", "f", "forecast", "forecast", "Forecast by letter", group=GROUP),
        bound("review.commit", "c", "commit", "commitment", "What they agreed to", group=GROUP),
        bound("review.notice", "N", "notice", "notice came", "Notice was received", group=GROUP),
        bound("review.step", "n", "step", "next step", "Next step, owner, day", group=GROUP),
        bound("review.play", "p", "play", "play", "Start a suggested play", group=GROUP),
        bound("review.escalate", "e", "escalate", "escalate", "Escalate it", group=GROUP),
        bound("review.concede", "dollar_sign", "concede", "concede", "Concession", group=GROUP),
        bound("review.park", "K", "park", "park", "Park it", group=GROUP),
        bound(
            "review.undecided",
            "greater_than_sign",
            "undecided",
            "undecided",
            "The next item without a decision",
            group=GROUP,
        ),
        bound("review.view", "tab", "view", "facts", "Other facts of the account", group=GROUP),
        bound("review.account", "enter", "account", "account", "The account's page", group=GROUP),
        bound("review.history", "h", "history", "history", "All that was said", group=GROUP),
        bound("review.close", "X", "close", "close", "Close it, write the files", group=GROUP),
        bound("review.start", "R", "start", "start", "Begin a review", group=GROUP),
        bound("review.undo", "z", "undo", "undo", "Take back your last decision", group=PROGRAM),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer only what there is to do here."""
        if action == "start":
            return self.sitting is None
        if action in {"go", "close", "undecided"}:
            return self.sitting is not None
        return self.item is not None if action in ON_PAGE else True

    @work
    async def action_start(self) -> None:
        """Begin a review with the agenda of now."""
        session = self.session
        with telling(self.app):
            policy = policy_at(session.renewal_policy_file)
            speaker = Speaker(session.me, session.today)
            start_review(session.db, speaker, Opening(), policy)
            self.load()

    def action_go(self, items: int) -> None:
        """On to the next item, or back."""
        self.go(items)

    def action_unchanged(self) -> None:
        """No change, said explicitly, and on."""
        if self.sitting is not None and (item := self.item):
            with telling(self.app):
                unchanged(self.session, self.sitting, item)
                self.app.clear_notifications()
                self.go(1)

    def action_undecided(self) -> None:
        """To the next item without a decision."""
        if self.sitting is not None:
            with telling(self.app):
                place = undecided_after(self.session.db, self.sitting, self.place)
                self.go(place - self.place)

    def action_view(self) -> None:
        """Look at other facts of the account: its score, its people, its history."""
        self.shown = VIEWS[(VIEWS.index(self.shown) + 1) % len(VIEWS)]
        self.show()

    def action_forecast(self) -> None:
        """A letter and enter."""
        self._form(review_forecast_sheet)

    def action_commit(self) -> None:
        """Record a commitment."""
        self._form(review_commitment_sheet)

    def action_notice(self) -> None:
        """Record that notice was received."""
        self._form(review_notice_sheet)

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
        if self.sitting is not None and (item := self.item):
            with telling(self.app):
                self._done(await start_suggested(self.app, self.session, self.sitting, item))

    @work
    async def action_park(self) -> None:
        """Keep it for after the meeting."""
        if self.sitting is not None and (item := self.item):
            with telling(self.app):
                self._done(await park(self.app, self.session, self.sitting, item))

    def action_history(self) -> None:
        """All that was said of this renewal, at the last meeting too."""
        self.shown = "History"
        self.show()

    def action_account(self) -> None:
        """Open the account's page."""
        from cs_workbench.tui.screens.account import AccountScreen

        if item := self.item:
            screen = AccountScreen(self.session, item.account_key)
            self.app.push_screen(screen, lambda _: self.show())

    @work
    async def action_close(self) -> None:
        """From the read-back: close for good and write the files; from elsewhere: go there."""
        sitting = self.sitting
        if sitting is None:
            return
        if self.place <= len(sitting.items):
            self.go(len(sitting.items) + 1 - self.place)
            return
        with telling(self.app):
            self.keep()
            chosen = await asked_to_close(self.app, self.session, sitting)
            if chosen == "back":
                self.action_undecided()
            elif chosen == "close":
                self._say(close_and_export(self.session, sitting))
                self.load()

    def action_undo(self) -> None:
        """Take back the last decision."""
        self.run_worker(lambda: self.post_message(undone(self.session)), thread=True)

    def on_written(self, message: Written) -> None:
        """A write is through: say it, show it."""
        message.stop()
        self._say(message.error or message.summary, is_problem=message.error is not None)
        self.show()

    def _form(self, make: Callable[[Session, Sitting, ReviewItem], FieldSheet]) -> None:
        if self.sitting is not None and (item := self.item):
            with telling(self.app):
                sheet = make(self.session, self.sitting, item)
                self.app.push_screen(FieldsForm(self.session, sheet), self._done)

    def _done(self, summary: str | None) -> None:
        if summary:
            self._say(summary)
            self.keep()
            self.show()

    def _say(self, text: object, *, is_problem: bool = False) -> None:
        """Tell the last thing alone: the room looks at the page."""
        self.app.clear_notifications()
        tell(self.app, text, is_problem=is_problem)
