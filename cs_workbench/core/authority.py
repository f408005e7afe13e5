"""Who may give away how much alone, and who approves the rest: `policies/authority.toml`.

A limit is a share of the account's ARR. It covers what one role gives an account in 365 days, so
that nobody cuts a large concession into small ones.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.memory import Concession
from cs_workbench.errors import InputError

COUNTS_FOR: Final = 365  # days
_COUNTED = frozenset({"approved", "given"})


@dataclass(frozen=True, slots=True)
class Authority:
    """A role's limit.

    Attributes:
        share_e4: of the ARR, in 1/10,000; None: no limit.
    """

    role: str
    share_e4: int | None

    def limit_minor(self, arr_minor: int | None) -> int | None:
        """What it may give an account of that ARR, rounded down; None: no limit.

        A share of an ARR that is not known is nothing.
        """
        return None if self.share_e4 is None else (arr_minor or 0) * self.share_e4 // 10_000


def read_authority(text: str, place: str) -> tuple[Authority, ...]:
    """The roles of a file, from the lowest limit to the highest.

    Raises:
        InputError: it is not TOML, has no role, or a limit that is no share from 0 to 100.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{place}: {problem}") from None
    roles = [_role(place, role, table) for role, table in given.items()]
    if not roles:
        raise InputError(f"{place}: name at least one role, such as [csm] with percent = 5.")
    return tuple(sorted(roles, key=lambda one: (one.share_e4 is None, one.share_e4 or 0)))


def authority_of(roles: Sequence[Authority], role: str | None) -> Authority:
    """What a person of that role may do; whose role is unknown has the lowest limit."""
    return next((one for one in roles if one.role == role), roles[0])


def limits_told(roles: Iterable[Authority]) -> str:
    """The limits in words: `csm 5 % · lead 15 % · CFO no limit`."""
    return " · ".join(
        f"{one.role} {'no limit' if one.share_e4 is None else f'{one.share_e4 / 100:g} %'}"
        for one in roles
    )


def given_lately(concessions: Iterable[Concession], today: dt.date) -> int:
    """What counts against a limit already, in minor units."""
    floor = today - dt.timedelta(COUNTS_FOR)
    return sum(
        one.cost_minor
        for one in concessions
        if one.state in _COUNTED and (one.decided_on or one.asked_on) > floor
    )


def may_decide(
    authority: Authority, *, cost_minor: int, before_minor: int, arr_minor: int | None
) -> bool:
    """Whether a role may give that much beside what was given before."""
    limit = authority.limit_minor(arr_minor)
    return limit is None or cost_minor + before_minor <= limit


def approvers(
    roles: Sequence[Authority], *, cost_minor: int, before_minor: int, arr_minor: int | None
) -> tuple[str, ...]:
    """The roles that may give it, the lowest first."""
    return tuple(
        one.role
        for one in roles
        if may_decide(one, cost_minor=cost_minor, before_minor=before_minor, arr_minor=arr_minor)
    )


def _role(place: str, role: str, table: object) -> Authority:
    if not isinstance(table, dict) or set(table) - {"percent"}:
        raise InputError(f"{place}: [{role}] takes percent = 0 to 100, or nothing for no limit.")
    percent = table.get("percent")
    if percent is None:
        return Authority(role, None)
    if isinstance(percent, bool) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        raise InputError(f"{place}: [{role}] percent must be a number from 0 to 100.")
    return Authority(role, round(percent * 100))
