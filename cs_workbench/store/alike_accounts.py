"""Accounts of different sources whose names are only alike: whether they are one, a person says."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from cs_workbench.core.account_matching import are_alike, company_name, edges
from cs_workbench.store.database import Database

COMPARED = 400  # accounts at most whose names begin, or end, with the same letters


@dataclass(frozen=True, slots=True)
class AlikeAccount:
    """An account that may be another one too; the source that brought it is empty if none did."""

    account_id: str
    name: str
    source: str


def alike_accounts(db: Database) -> list[tuple[AlikeAccount, AlikeAccount]]:
    """Pairs of accounts from different sources with names that are alike, the older one second.

    Only names that begin or end with the same letters are compared, and of very many such names
    only some.
    """
    rows = db.connection.execute(
        "SELECT account_id, name, coalesce(source, '') FROM account "
        "LEFT JOIN import_run USING (import_id) WHERE merged_into IS NULL ORDER BY account_key"
    ).fetchall()
    if len({row[2] for row in rows}) < 2:
        return []
    groups: dict[tuple[str, str], list[tuple[str, AlikeAccount]]] = defaultdict(list)
    for row in rows:
        name = company_name(row[1])
        for edge in sorted(edges(name)):
            groups[edge].append((name, AlikeAccount(*row)))
    return list(dict.fromkeys(pair for group in groups.values() for pair in _pairs(group)))


def _pairs(
    group: Sequence[tuple[str, AlikeAccount]],
) -> Iterator[tuple[AlikeAccount, AlikeAccount]]:
    for (older_name, older), (name, account) in combinations(group[:COMPARED], 2):
        if older.source != account.source and are_alike(older_name, name):
            yield account, older
