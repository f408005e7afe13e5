"""What is promised in service: `policies/service.toml`, with working hours, targets, answers."""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cs_workbench.core.service_clocks import Clock, WorkingHours
from cs_workbench.errors import InputError

Holidays = Callable[[str], frozenset[dt.date]]


class Target(NamedTuple):
    """What one type of query is promised, in minutes of a clock."""

    first_response: int
    resolution: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """What holds for all tickets.

    Attributes:
        regions: working hours by region (lower case); "" for all others.
        targets: by query type (lower case), then by priority; "" is any.
        answers: by query type (lower case), a link to an answer or the file of a procedure.
        waiting_stops: whether the clock stands while it is the customer's turn.
        simple_minutes, simple_touches_e2: up to where a query counts as simple.
    """

    regions: Mapping[str, WorkingHours]
    targets: Mapping[str, Mapping[str, Target]]
    answers: Mapping[str, str]
    waiting_stops: bool
    simple_minutes: int
    simple_touches_e2: int

    def hours(self, region: str | None) -> WorkingHours:
        """The working hours that a region has."""
        return self.regions.get((region or "").casefold(), self.regions[""])

    def target(self, kind: str | None, priority: str) -> Target:
        """What a query is promised: of its type and priority, of its type, of its priority, any."""
        own, others = self.targets.get((kind or "").casefold(), {}), self.targets[""]
        return own.get(priority) or own.get("") or others.get(priority) or others[""]


def read_service_policy(text: str, place: str, holidays: Holidays) -> ServicePolicy:
    """The policy of a file; `holidays` gives the days off of a country by its code.

    Raises:
        InputError: it is not TOML, or something in it is missing or cannot be understood.
    """
    try:
        given = tomllib.loads(text)
        return _policy(given, holidays)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        said = f"{problem.args[0]!r} is missing" if isinstance(problem, KeyError) else problem
        raise InputError(f"{place}: {said}. `csw service --policy` shows the one in use.") from None


def _policy(given: Mapping[str, Any], holidays: Holidays) -> ServicePolicy:
    usual = given["hours"]
    own = {name: one for name, one in usual.items() if isinstance(one, dict)}
    plain = {name: one for name, one in usual.items() if not isinstance(one, dict)}
    regions = {"": _hours(plain, holidays)}
    for name, one in own.items():
        regions[name.casefold()] = _hours({**plain, **one}, holidays)
    targets: dict[str, dict[str, Target]] = {}
    for one in given["target"]:
        kind = str(one.get("type", "")).casefold()
        targets.setdefault(kind, {})[str(one.get("priority", ""))] = _target(one)
    if "" not in targets.get("", {}):
        raise ValueError(
            "one [[target]] has to be without type and priority: it holds for the rest"
        )
    simple = given.get("simple", {})
    return ServicePolicy(
        regions=regions,
        targets=targets,
        answers={name.casefold(): str(one) for name, one in given.get("answers", {}).items()},
        waiting_stops=bool(given.get("waiting_stops_the_clock", True)),
        simple_minutes=round(float(simple.get("hours", 8)) * 60),
        simple_touches_e2=round(float(simple.get("touches", 1.5)) * 100),
    )


def _hours(given: Mapping[str, Any], holidays: Holidays) -> WorkingHours:
    start, end = dt.time.fromisoformat(given["from"]), dt.time.fromisoformat(given["to"])
    days = frozenset(given["days"])
    if start >= end or not days or not days <= set(range(1, 8)):
        raise ValueError("working hours need days from 1 (Monday) to 7, and `from` before `to`")
    name = given["zone"]
    try:
        zone = ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"there is no time zone {name!r}") from None
    country = given.get("holidays")
    return WorkingHours(days, start, end, zone, holidays(country) if country else frozenset())


def _target(given: Mapping[str, Any]) -> Target:
    clock: Clock = "calendar" if given.get("clock") == "calendar" else "business"
    if given.get("clock", clock) != clock:
        raise ValueError(f"a clock is business or calendar, not {given['clock']!r}")
    first, last = float(given["first_response_hours"]), float(given["resolution_hours"])
    if not 0 < first <= last:
        raise ValueError("hours of a target are above 0, the first response not after the end")
    return Target(round(first * 60), round(last * 60), clock)
