"""How often a customer should be spoken with: `policies/cadence.toml`.

When usage falls, contact rises: while a usage signal is open the interval is halved.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.records import STAGES
from cs_workbench.errors import InputError

USAGE_SIGNALS: Final = ("usage shock", "usage drift")
DAYS: Final = "days"


@dataclass(frozen=True, slots=True)
class CadencePolicy:
    """Days that may go by without a two-way contact.

    Attributes:
        days: where nothing else is said.
        stages: by lifecycle stage.
        segments: by segment in small letters; in each by stage, and under `days` for all stages.
    """

    days: int
    stages: Mapping[str, int]
    segments: Mapping[str, Mapping[str, int]]

    def interval(self, segment: str | None, stage: str | None) -> int:
        """Of a segment and stage together, else the shorter of what each of them says."""
        of_segment = self.segments.get((segment or "").casefold(), {})
        exact = of_segment.get(stage or "")
        if exact is not None:
            return exact
        said = (of_segment.get(DAYS), self.stages.get(stage or ""))
        return min((days for days in said if days is not None), default=self.days)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is known of an account's contacts.

    Attributes:
        last_on: the last two-way contact, else the first day on which one could have been on
            record; None: not known, as where no contacts are recorded at all.
        has_spoken: whether there ever was one.
        usage_falls: whether a signal says so that is open and not snoozed.
    """

    segment: str | None
    stage: str | None
    last_on: dt.date | None
    has_spoken: bool
    usage_falls: bool


@dataclass(frozen=True, slots=True)
class ContactDue:
    """By when an account should be spoken with again.

    Attributes:
        every_days: the interval, already halved where `is_halved`.
        free_on: the day from which the contact caps allow it; None where they allow it by then.
    """

    due_on: dt.date
    every_days: int
    is_halved: bool
    last_on: dt.date
    has_spoken: bool
    free_on: dt.date | None = None

    @property
    def on(self) -> dt.date:
        """The day on which to do it: due, and within the caps."""
        return self.due_on if self.free_on is None else max(self.due_on, self.free_on)


def contact_due(
    policy: CadencePolicy, spoken: Spoken, free_on: dt.date | None = None
) -> ContactDue | None:
    """When contact is due; None where no day is known from which to count.

    An odd interval is halved up: 7 days become 4.
    """
    if spoken.last_on is None:
        return None
    days = policy.interval(spoken.segment, spoken.stage)
    if spoken.usage_falls:
        days = -(-days // 2)
    return ContactDue(
        due_on=spoken.last_on + dt.timedelta(days),
        every_days=days,
        is_halved=spoken.usage_falls,
        last_on=spoken.last_on,
        has_spoken=spoken.has_spoken,
        free_on=free_on,
    )


def contact_words(due: ContactDue, today: dt.date) -> str:
    """`due Sun 15 Nov 2026, 8 d late: every 15 d while usage falls`."""
    late = (today - due.due_on).days
    when = f", {late} d late" if late > 0 else ""
    return f"due {with_weekday(due.due_on)}{when}: {interval_words(due, today)}"


def interval_words(due: ContactDue, today: dt.date) -> str:
    """`every 15 d while usage falls`, and when the caps allow it, where they do not yet."""
    why = " while usage falls" if due.is_halved else ""
    held = ""
    if due.free_on is not None and due.free_on > max(due.due_on, today):
        held = f"; the contact cap is free again on {with_weekday(due.free_on)}"
    return f"every {due.every_days} d{why}{held}"


def read_cadence(text: str, place: str) -> CadencePolicy:
    """The policy of a file.

    Raises:
        InputError: it is not TOML, a name is unknown, or a number is missing or below one.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{place}: {problem}") from None
    unknown = given.keys() - {DAYS, "stage", "segment"}
    if unknown:
        raise InputError(
            f"{place}: {min(unknown)} is unknown. Known: days, [stage], [segment.NAME]."
        )
    segments = _table(place, "segment", given.get("segment", {}))
    return CadencePolicy(
        days=_number(place, DAYS, given.get(DAYS)),
        stages=_stages(place, "stage", given.get("stage", {}), STAGES),
        segments={
            name.casefold(): _stages(place, f"segment.{name}", one, (*STAGES, DAYS))
            for name, one in segments.items()
        },
    )


def _stages(place: str, where: str, given: object, known: tuple[str, ...]) -> dict[str, int]:
    table = _table(place, where, given)
    unknown = table.keys() - set(known)
    if unknown:
        raise InputError(f"{place}: {where}.{min(unknown)} is unknown. Known: {', '.join(known)}.")
    return {name: _number(place, f"{where}.{name}", value) for name, value in table.items()}


def _table(place: str, where: str, given: object) -> dict[str, object]:
    if not isinstance(given, dict):
        raise InputError(f"{place}: [{where}] is a table.")
    return given


def _number(place: str, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f"{place}: {name} must be a whole number above 0.")
    return value
