"""NPS, CSAT and CES with how many answered, how sure one can be, and what moved.

The latest answer of a person in the window counts, so that nobody who answers often counts twice.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final, Literal, NamedTuple

Kind = Literal["nps", "csat", "ces"]
KINDS: Final[tuple[Kind, ...]] = ("nps", "csat", "ces")
WINDOW: Final = 90  # days
Z: Final = 1.96  # of a normal distribution, 95 %
FEW: Final = 5  # answers below which a difference is not told
_NPS_SENTIMENTS: Final = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5)  # of 0 to 10
METHODS: Final[Mapping[Kind, str]] = {
    "nps": "100 × (9–10 minus 0–6) / answers, on 0–10",
    "csat": "top two / answers, on 1–5",
    "ces": "5–7 / answers, on 1–7",
}


class Answer(NamedTuple):
    """One answer; `person` is who gave it, None for nobody known."""

    response_id: str
    account_key: int
    person: str | None
    on: dt.date
    kind: Kind
    score: int
    comment: str | None
    replied_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the voice.

    Attributes:
        value, margin: the figure and half its 95 % interval; NPS from -100 to 100, others percent.
        low, high: the interval itself, which is lopsided for shares near 0 or 100.
        n: answers; `good` and `bad` those that speak for and against us.
        asked: invitations in the window; None where nobody says how many were asked.
        weighted: the same with accounts weighing by their ARR, a second number, never the first.
    """

    kind: Kind
    value: float | None
    low: float | None
    high: float | None
    n: int
    good: int
    bad: int
    asked: int | None = None
    weighted: float | None = None

    @property
    def margin(self) -> float | None:
        """Half the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def response_rate(self) -> float | None:
        """Answers / invitations; never above 1 is assumed: who answers unasked makes it so."""
        return self.n / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class AccountVoice:
    """What one account says.

    Attributes:
        figures: of the last year.
        answers: of the last year, the newest first.
        people: names by the ids of contacts.
    """

    figures: tuple[Figure, ...]
    answers: tuple[Answer, ...]
    people: Mapping[str, str]


def latest_answers(
    answers: Iterable[Answer], kind: Kind, *, after: dt.date, until: dt.date
) -> list[Answer]:
    """The latest answer of each person after a day, up to another; unknown people count each."""
    newest: dict[object, Answer] = {}
    for one in answers:
        if one.kind != kind or not after < one.on <= until:
            continue
        who = one.person or ("unknown", one.response_id)
        before = newest.get(who)
        if before is None or (one.on, one.response_id) > (before.on, before.response_id):
            newest[who] = one
    return list(newest.values())


def side_of(kind: Kind, score: int) -> int:
    """1 for us, -1 against us, 0 neither."""
    if kind == "nps":
        return 1 if score >= 9 else -1 if score <= 6 else 0
    if kind == "csat":
        return 1 if score >= 4 else -1 if score <= 2 else 0
    return 1 if score >= 5 else -1 if score <= 3 else 0


def figure_of(
    kind: Kind,
    answers: Sequence[Answer],
    *,
    asked: int | None = None,
    arr: Mapping[int, int] | None = None,
) -> Figure:
    """The figure of some answers, each person's latest; of none it is unknown."""
    sides = [side_of(kind, one.score) for one in answers]
    n, good, bad = len(sides), sides.count(1), sides.count(-1)
    if not n:
        return Figure(kind, None, None, None, 0, 0, 0, asked)
    if kind == "nps":
        value = 100 * (good - bad) / n
        low, high = _nps_interval(good, bad, n)
    else:
        value = 100 * good / n
        low, high = wilson(good, n)
    return Figure(kind, value, low, high, n, good, bad, asked, _weighted(kind, answers, arr or {}))


def _nps_interval(good: int, bad: int, n: int) -> tuple[float, float]:
    """The 95 % interval of NPS; where all say the same, as wide as those that may say otherwise."""
    p, d = good / n, bad / n
    value, half = 100 * (p - d), Z * 100 * sqrt((p + d - (p - d) ** 2) / n)
    if n in (good, bad, n - good - bad):
        half = (100 - wilson(n, n)[0]) * (2 if good or bad else 1)
    return max(-100.0, value - half), min(100.0, value + half)


def wilson(good: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share in percent, sound also near 0 and 100 and for few (Wilson)."""
    p, z2 = good / n, Z * Z
    centre, half = p + z2 / (2 * n), Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return 100 * (centre - half) / (1 + z2 / n), 100 * (centre + half) / (1 + z2 / n)


def _weighted(kind: Kind, answers: Sequence[Answer], arr: Mapping[int, int]) -> float | None:
    """Each account weighs by its ARR, shared by those of it who answered."""
    by_account: dict[int, list[int]] = defaultdict(list)
    for one in answers:
        by_account[one.account_key].append(side_of(kind, one.score))
    total = sum(arr.get(key, 0) for key in by_account)
    if not total:
        return None
    share = 0.0
    for key, sides in by_account.items():
        good = sum(side == 1 for side in sides)
        net = good - sum(side == -1 for side in sides) if kind == "nps" else good
        share += arr.get(key, 0) * net / len(sides)
    return 100 * share / total


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A figure before and after a dated change.

    Attributes:
        change: after - before; `low` and `high` its 95 % interval; None where too few answered.
    """

    before: Figure
    after: Figure
    change: float | None
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no change out."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def before_after(
    answers: Sequence[Answer], kind: Kind, *, on: dt.date, days: int = WINDOW
) -> BeforeAfter:
    """The days before a change against those from it on; from few answers no change is told.

    The interval of the change is put together from both of the figures, which may be lopsided
    (Newcombe 1998, method 10).
    """
    eve = on - dt.timedelta(1)
    before = figure_of(
        kind, latest_answers(answers, kind, after=eve - dt.timedelta(days), until=eve)
    )
    after = figure_of(
        kind, latest_answers(answers, kind, after=eve, until=eve + dt.timedelta(days))
    )
    then, now = before.value, after.value
    if then is None or now is None or min(before.n, after.n) < FEW:
        return BeforeAfter(before, after, None, None, None)
    change = now - then
    less = hypot(now - (after.low or 0), (before.high or 0) - then)
    more = hypot((after.high or 0) - now, then - (before.low or 0))
    return BeforeAfter(before, after, change, change - less, change + more)


def sentiment_of(kind: Kind, score: int) -> int:
    """A score as a sentiment of 1 to 5, by which comments are sorted; 1 and 2 speak against us."""
    if kind == "nps":
        return _NPS_SENTIMENTS[score]
    return score if kind == "csat" else 1 + round((score - 1) * 4 / 6)


def wants_answer(answer: Answer) -> bool:
    """Whether somebody wrote something, or is unhappy, and nobody has answered."""
    speaks = bool((answer.comment or "").strip()) or side_of(answer.kind, answer.score) < 0
    return speaks and answer.replied_on is None


def value_text(figure: Figure, value: float | None) -> str:
    """A value of a figure: NPS with its sign, the others in percent."""
    if value is None:
        return "unknown"
    return f"{value:+.0f}" if figure.kind == "nps" else f"{value:.0f} %"


def interval_text(figure: Figure) -> str:
    """The 95 % interval; of few answers it says nothing, and of none it is empty."""
    if figure.low is None or figure.high is None:
        return ""
    if figure.n < FEW:
        return "too few to tell"
    if figure.kind == "nps":
        return f"{figure.low:+.0f} to {figure.high:+.0f} (± {figure.margin:.0f})"
    return f"{figure.low:.0f} to {figure.high:.0f} %"


def change_text(one: BeforeAfter) -> str:
    """What moved between before and after, and whether it may be chance."""
    if one.change is None:
        return "too few answers to tell"
    return f"{one.change:+.0f}" + ("" if one.is_clear else ", may be chance")


def change_span(one: BeforeAfter) -> str:
    """The 95 % interval of what moved; empty where nothing can be told."""
    return "" if one.low is None or one.high is None else f"{one.low:+.0f} to {one.high:+.0f}"
