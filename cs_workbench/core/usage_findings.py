"""What is found in the usage of an account: shock, drift, growth, silence, with onset and size."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final, Literal

from cs_workbench.core.dates import MONTHS
from cs_workbench.core.measure_words import signed_percent

FindingKind = Literal["shock", "drift", "growth", "silence"]
Confidence = Literal["likely", "very likely", "almost certain"]

LEAST_WEEK: Final = 8.0  # units of a usual week: below it nobody can tell a drop from chance
LEAST_SHOCK: Final = 0.30
LEAST_DRIFT: Final = 0.20
BACK: Final = 0.10  # a drop is over when four weeks are back within this share of the usual
SILENT_DAYS: Final = 7  # without data, of an account that sends it daily
GRADES: Final = (1.3, 1.9)  # how often the threshold is passed: very likely, almost certain


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How far is too far, in standard deviations of an account's own weeks.

    The defaults let at most 0.25 false alarms through per account and year, looked at every night;
    `python -m benchmarks --only detection` measures it.

    Attributes:
        shock: of the last week; `drift` of the last four; `fade` of the CUSUM; `growth` upwards.
    """

    shock: float = 6.2
    drift: float = 5.3
    fade: float = 23.5
    growth: float = 4.7

    def times(self, factor: float) -> "Thresholds":
        """All of them so many times as far."""
        return Thresholds(*(round(value * factor, 3) for value in asdict(self).values()))


DEFAULT_THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class UsageFinding:
    """One change of an account's usage.

    Attributes:
        onset: the first day of the week in which it began; of a silence, the first day of it.
        before, now: mean of a day, before the onset and lately, as measured.
        change: from before to now as a share, with what the peers did taken out.
        peers: what the peers did meanwhile, as a share; None without peers.
        strength: how often the threshold is passed; 1 is just found.
        is_sudden: it came within about two weeks.
    """

    kind: FindingKind
    metric: str
    onset: dt.date
    before: float
    now: float
    change: float
    peers: float | None
    strength: float
    is_sudden: bool

    @property
    def confidence(self) -> Confidence:
        """How sure it is that this is no chance, in words."""
        if self.strength >= GRADES[1]:
            return "almost certain"
        return "very likely" if self.strength >= GRADES[0] else "likely"

    def told(self, label: str) -> str:
        """The finding in one sentence."""
        if self.kind == "silence":
            usual = f"{amount(7 * self.before)} a week before"
            return f"{label} stopped: none since {_day(self.onset)}, {usual}; {self.confidence}"
        verb = "rose" if self.kind == "growth" else "fell" if self.is_sudden else "faded"
        beside = ""
        if self.peers is not None:
            still = abs(self.peers) < 0.03
            beside = "; peers steady" if still else f"; peers {signed(self.peers)} in that time"
        return (
            f"{label} {verb} from {amount(self.before)} to {amount(self.now)} a day "
            f"({signed(self.change)}) since the week of {_day(self.onset)}{beside}; "
            f"{self.confidence}"
        )


@dataclass(frozen=True, slots=True)
class UsageState:
    """What the detectors say about an account today.

    Attributes:
        findings: at most one way down (a drop, or a silence), and one way up.
        is_back: whether four weeks are back at the usual; None where nobody can tell.
        is_calm: whether four weeks are no longer above the usual; likewise.
        change: the last four weeks against the twelve before, as a share, calendar taken out.
        silent_days: days without any data of an account that sends it daily, beyond the feed's own.
    """

    findings: tuple[UsageFinding, ...] = ()
    is_back: bool | None = None
    is_calm: bool | None = None
    change: float | None = None
    silent_days: int | None = None

    @property
    def down(self) -> UsageFinding | None:
        """The drop that was found."""
        return self._of("shock") or self._of("drift")

    @property
    def up(self) -> UsageFinding | None:
        """The growth that was found."""
        return self._of("growth")

    @property
    def silence(self) -> UsageFinding | None:
        """The end of all use that was found, of an account whose zeros are counted."""
        return self._of("silence")

    @property
    def is_silent(self) -> bool:
        """Whether there is no use, or no data any more."""
        return self.silent_days is not None or self.silence is not None

    def _of(self, kind: FindingKind) -> UsageFinding | None:
        return next((one for one in self.findings if one.kind == kind), None)


def signed(share: float) -> str:
    """A share with its sign: `−62%`."""
    return signed_percent(share).replace(" ", "")


def amount(value: float) -> str:
    """A number in a sentence, no finer than it matters."""
    return f"{value:,.0f}" if value >= 9.95 or not value else f"{value:.1f}"


def _day(day: dt.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
