"""What a person judges of an account, beside what is computed: an override, and ratings.

An override says for some weeks which band the person would give. It never enters a score. A rating
is a whole number from 1 to 5 whose steps have words; a scorecard may ask for it as for any measure.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from cs_workbench.core.dates import with_weekday

AssertedBand = Literal["red", "yellow", "green"]
ASSERTED: Final[tuple[AssertedBand, ...]] = ("red", "yellow", "green")
LONGEST_OVERRIDE: Final = 90  # days; who still sees it so then says so again, with a reason of then
FADES_AFTER: Final = 90  # days for which a rating counts, unless a scorecard says otherwise
LOWEST, HIGHEST = 1, 5
SENTIMENT: Final = "sentiment"
SENTIMENT_WORDS: Final = (
    "they want to leave",
    "unhappy, and they say so",
    "worried, not leaving",
    "content, they get what they came for",
    "they would recommend us unasked",
)


class Override(NamedTuple):
    """A person's own call on the health of an account.

    Attributes:
        points_e4: the score it stands for, in 1/10,000 of a point, if the person named one.
        author: who says so, as people know them.
        made_on, expires_on: the first and the last day on which it stands.
        withdrawn_on: the first day on which it no longer stands, and `withdrawn_by` whose doing.
    """

    override_id: str
    band: AssertedBand
    points_e4: int | None
    reason: str
    author: str
    made_on: dt.date
    expires_on: dt.date
    withdrawn_on: dt.date | None = None
    withdrawn_by: str | None = None

    def stands_on(self, day: dt.date) -> bool:
        """Whether it is shown on that day; both its own days belong to it."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return False
        return self.made_on <= day <= self.expires_on


class Rating(NamedTuple):
    """What a person found on a day.

    Attributes:
        rated: `sentiment`, or the id of a rating that a scorecard asks for.
        value: 1 to 5.
        rated_on: the day that it is about; it grows old from then.
        known_on: the day on which it was written down; it counts from then.
    """

    rating_id: str
    rated: str
    value: int
    reason: str
    author: str
    rated_on: dt.date
    known_on: dt.date


class Scale(NamedTuple):
    """What can be rated: its id, what people call it, and the words for 1 to 5."""

    rated: str
    label: str
    words: tuple[str, ...]

    def told(self, value: float) -> str:
        """A value with its words: `2 of 5 (unhappy, and they say so)`."""
        return f"{rating_text(value)} ({self.words[round(value) - LOWEST]})"


SENTIMENT_SCALE: Final = Scale(SENTIMENT, "the relationship", SENTIMENT_WORDS)


def newest_ratings(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """Of each thing that was rated the newest rating; two people's are never averaged.

    The day that a rating is about decides, then the day it was written down, then its id.
    """
    newest: dict[str, Rating] = {}
    for one in sorted(ratings, key=lambda one: (one.rated_on, one.known_on, one.rating_id)):
        newest[one.rated] = one
    return tuple(newest[rated] for rated in sorted(newest))


def counts_on(rating: Rating, day: dt.date) -> bool:
    """Whether a rating has not faded by that day, as far as no scorecard says otherwise."""
    return (day - rating.rated_on).days <= FADES_AFTER


def tell_override(override: Override) -> str:
    """A sentence: `Ana Ruiz says yellow until Wed 30 Dec 2026: new sponsor met`, and its end."""
    score = "" if override.points_e4 is None else f" {override.points_e4 // 10_000}"
    until = with_weekday(override.expires_on)
    end = "" if override.reason.endswith((".", "!", "?")) else "."
    return f"{override.author} says {override.band}{score} until {until}: {override.reason}{end}"


def rating_text(value: float) -> str:
    """`2 of 5`."""
    return f"{value:g} of {HIGHEST}"
