"""Which stretch of an account's usage is shown, and the place of the cursor in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.account_page import UsageHistory

SPANS: Final = (4, 13, 26, 53, 105, 157)  # weeks
SPAN_NAMES: Final = ("4 weeks", "13 weeks", "26 weeks", "1 year", "2 years", "3 years")
HALF_YEAR: Final = 2
DAILY_WEEKS: Final = 4  # of a longer stretch a day is too narrow, and weekends are all one sees
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a history in equal steps, oldest first.

    Attributes:
        first, end: its weeks in the history, the second not included.
        step: days in each, 1 or 7.
        ends: the last day of each step; `values` the mean of its days, None without data.
    """

    first: int
    end: int
    step: int
    ends: tuple[dt.date, ...]
    values: tuple[float | None, ...]

    def place_of(self, day: dt.date) -> int:
        """The step that a day is in; the first or last one for days beyond."""
        back = (self.ends[-1] - day).days // self.step
        return len(self.ends) - 1 - min(max(0, back), len(self.ends) - 1)

    def week_of(self, place: int) -> int:
        """The week of the history that a step is in."""
        return self.first + (place if self.step == WEEK else place // WEEK)


@dataclass
class UsageView:
    """What a person looks at: how wide, how far back, and the day under the cursor.

    Attributes:
        zoom: a place in `SPANS`.
        back: weeks that the newest one shown lies before the newest known.
        on: None stands for the newest step shown.
    """

    zoom: int = HALF_YEAR
    back: int = 0
    on: dt.date | None = None

    def window(self, history: UsageHistory) -> Window:
        """What is shown of a history; never more than its data, and four weeks at least."""
        known = known_weeks(history)
        weeks = min(SPANS[self.zoom], known)
        end = len(history.ends) - min(self.back, known - weeks)
        first = max(0, end - weeks)
        if SPANS[self.zoom] > DAILY_WEEKS:
            return Window(first, end, WEEK, history.ends[first:end], history.levels[first:end])
        begin = history.ends[first] - dt.timedelta(WEEK - 1)
        days = tuple(begin + dt.timedelta(day) for day in range(WEEK * (end - first)))
        return Window(first, end, 1, days, history.daily[WEEK * first : WEEK * end])

    def widen(self, history: UsageHistory, steps: int) -> None:
        """Show a longer stretch, or a shorter one for negative steps; the cursor stays in sight."""
        day = self.on
        self.zoom = min(len(SPANS) - 1, max(0, self.zoom + steps))
        if day is None:
            self.pan(history, 0)
            return
        half = min(SPANS[self.zoom], known_weeks(history)) // 2
        behind = (history.ends[-1] - day).days // WEEK
        self.back = max(0, behind - half)
        self.pan(history, 0)

    def pan(self, history: UsageHistory, weeks: int) -> None:
        """Move the stretch back by so many weeks, or on for negative ones."""
        known = known_weeks(history)
        most = known - min(SPANS[self.zoom], known)
        self.back = min(most, max(0, self.back + weeks))
        if self.on is not None:
            window = self.window(history)
            self.on = window.ends[window.place_of(self.on)]

    def move(self, history: UsageHistory, steps: int) -> None:
        """Move the cursor; beyond an edge the stretch follows it."""
        window = self.window(history)
        place = self.place(window) + steps
        if not 0 <= place < len(window.ends):
            self.pan(history, -1 if steps > 0 else 1)
            window = self.window(history)
            place = 0 if steps < 0 else len(window.ends) - 1
        self.on = window.ends[place]

    def point(self, history: UsageHistory, share: float) -> None:
        """Put the cursor at a share of the stretch, 0 at its begin, 1 at its end."""
        window = self.window(history)
        self.on = window.ends[round(min(1.0, max(0.0, share)) * (len(window.ends) - 1))]

    def place(self, window: Window) -> int:
        """The step under the cursor."""
        return len(window.ends) - 1 if self.on is None else window.place_of(self.on)


def known_weeks(history: UsageHistory) -> int:
    """Weeks from the first with data to the last; four at least."""
    first = next((week for week, days in enumerate(history.days) if days), 0)
    return min(len(history.ends), max(DAILY_WEEKS, len(history.ends) - first))
