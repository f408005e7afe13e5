"""Everything about service in a window, and its figures in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs_workbench.core.memory import SEVERITIES
from cs_workbench.core.service_policy import ServicePolicy
from cs_workbench.core.turnaround import Breach, Driver, Share, Spread, TimeCost, Turnaround


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """Everything about service in a window.

    Attributes:
        since, now: the first day, and the instant (UTC) as of which it is computed.
        first_response, first_response_all: in business hours, and in all hours.
        names: of accounts by key.
        fcr_by, drivers_by: by tenure and by segment, of each of them.
    """

    since: dt.date
    now: dt.datetime
    policy: ServicePolicy
    turnarounds: tuple[Turnaround, ...]
    first_response: Spread
    first_response_all: Spread
    breaches: tuple[Breach, ...]
    fcr: Share
    fcr_by: Mapping[str, Mapping[str, Share]]
    drivers: tuple[Driver, ...]
    drivers_by: Mapping[str, Mapping[str, Sequence[Driver]]]
    costs: tuple[TimeCost, ...]
    names: Mapping[int, str]

    @property
    def doubt(self) -> str:
        """What speaks against the first contact resolution; empty where nothing does."""
        if self.drivers or not self.fcr.denominator:
            return ""
        return "No ticket says why it came, so repeats cannot be seen, only reopened ones."

    @property
    def overdue(self) -> list[Breach]:
        """Open tickets beyond their target, the worst first."""
        return [one for one in self.breaches if one.beyond > 0]


def percent_text(share: Share) -> str:
    """A share as `95.4 %`; of nothing it is unknown."""
    return "unknown" if share.e4 is None else f"{share.e4 / 100:.1f} %"


def time_text(minutes: int | None) -> str:
    """Minutes below two hours, then hours: days would be of how many hours."""
    if minutes is None:
        return "unknown"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes / 60:.1f} h" if minutes < 6_000 else f"{minutes / 60:,.0f} h"


def spread_text(spread: Spread) -> str:
    """Times as `53 min median, 2.9 h p90`."""
    return f"{time_text(spread.median)} median, {time_text(spread.p90)} p90"


def reasons_text(drivers: Sequence[Driver], most: int = 4) -> str:
    """Why a group writes, what costs most first: `bug 12, login 7`."""
    told = ", ".join(f"{one.name} {one.n:,}" for one in drivers[:most])
    more = f", {len(drivers) - most} more" if len(drivers) > most else ""
    return f"{told}{more}" or "no reason is told"


def priorities_text(one: Turnaround) -> str:
    """For which priorities a target holds; empty where for all."""
    return "" if len(one.priorities) == len(SEVERITIES) else ", ".join(one.priorities)


def wants_text(driver: Driver) -> str:
    """What a reason to write is best met with; unknown while none of its tickets is closed."""
    if driver.is_complex:
        return "procedure"
    return "self-service" if driver.resolution.n else "unknown"
