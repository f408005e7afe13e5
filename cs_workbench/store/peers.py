"""Who an account is like: its region and segment, and a few hundred accounts of each such group."""

from dataclasses import dataclass
from typing import Final

from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

EACH: Final = 200  # accounts that stand for a group: their median is known to about one percent
GROUPS: Final = 50  # the largest ones

Group = tuple[str, str]  # region and segment, lower case; empty where unknown

_GROUP = "lower(coalesce(region, '')), lower(coalesce(segment, ''))"
_SAMPLES = f"""WITH counted AS (
        SELECT account_key, lower(coalesce(region, '')) AS region,
            lower(coalesce(segment, '')) AS segment,
            row_number() OVER same AS place, count(*) OVER (PARTITION BY {_GROUP}) AS size
        FROM account WHERE merged_into IS NULL WINDOW same AS (
            PARTITION BY {_GROUP} ORDER BY account_key))
    SELECT region, segment, account_key, size FROM counted
    WHERE (place - 1) * :each / size > (place - 2) * :each / size OR place = 1
    ORDER BY size DESC, region, segment, account_key"""
_BETWEEN = f"""SELECT account_key, {_GROUP} FROM account
    WHERE account_key BETWEEN ? AND ?"""

_PEERS = """SELECT account_key FROM account WHERE merged_into IS NULL AND account_key <> :key
    AND :region IN ('*', lower(coalesce(region, '')))
    AND :segment IN ('*', lower(coalesce(segment, '')))
    ORDER BY account_key * 2654435761 % 1000003, account_key LIMIT :each"""


@dataclass(frozen=True, slots=True)
class PeerSample:
    """A group of accounts, and those that stand for it.

    Attributes:
        size: how many there are in all.
    """

    group: Group
    size: int
    keys: tuple[int, ...]


def peer_samples(connection: Connection, *, each: int = EACH) -> list[PeerSample]:
    """The largest groups with at most so many accounts, spread evenly over their keys."""
    found: dict[Group, tuple[int, list[int]]] = {}
    for region, segment, key, size in plain_rows(connection, _SAMPLES, {"each": each}):
        found.setdefault((region, segment), (size, []))[1].append(key)
    samples = [PeerSample(group, size, tuple(keys)) for group, (size, keys) in found.items()]
    return samples[:GROUPS]


def groups_between(connection: Connection, keys: tuple[int, int]) -> dict[int, Group]:
    """The group of each account from the first to the last key."""
    return {
        key: (region, segment) for key, region, segment in plain_rows(connection, _BETWEEN, keys)
    }


def peers_of(
    connection: Connection, account_key: int, like: Group, *, each: int = EACH
) -> list[int]:
    """Some accounts like one, itself left out; the same ones each time.

    Args:
        connection: of the portfolio.
        account_key: left out.
        like: region and segment, lower case; `*` for any.
        each: at most so many, spread over the portfolio.
    """
    given = {"key": account_key, "region": like[0], "segment": like[1], "each": each}
    return [key for (key,) in plain_rows(connection, _PEERS, given)]
