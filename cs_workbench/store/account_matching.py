"""Which account a row of another system means, where its id alone does not tell.

In this order: the CRM's id, an id of its own that is known already, the domain of a website or an
address, the name without its legal form. What only looks alike is for a person to confirm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs_workbench.core.account_matching import (
    AccountNames,
    company_name,
    domain_of,
    salesforce_id,
    wider_domains,
)
from cs_workbench.core.records import Record
from cs_workbench.store.imports import account_keys
from cs_workbench.store.near_names import NearNames
from cs_workbench.store.sqlite import Connection

SEVERAL = -1  # in place of an account: more than one is called so


@dataclass(frozen=True, slots=True)
class AccountIndex:
    """Accounts by what other systems may call them, in memory while one file is read.

    Attributes:
        domains: the account of each domain, or `SEVERAL`.
        names: the account of each name as `company_name` gives it, or `SEVERAL`.
        written: the names as they are written, by the same.
    """

    domains: Mapping[str, int]
    names: Mapping[str, int]
    written: Mapping[str, str]

    def by_domain(self, names: AccountNames) -> int | None:
        """The account of the domain or of the nearest one that it is part of."""
        for domain in wider_domains(names.domain) if names.domain else ():
            if domain in self.domains:
                return self.domains[domain]
        return None

    def by_name(self, names: AccountNames) -> int | None:
        """The account of that name."""
        return self.names.get(company_name(names.name)) if names.name else None


def read_index(connection: Connection, *, source: str | None, once: bool) -> AccountIndex:
    """The accounts that a file may mean.

    Args:
        connection: to read.
        source: leave out the accounts that it brought itself: it has ids for them.
        once: leave out those too that it has another id for.
    """
    rows = connection.execute(
        "SELECT account_key, name, domain FROM account a LEFT JOIN import_run i USING (import_id) "
        "WHERE merged_into IS NULL AND (:source IS NULL OR i.source IS NOT :source) "
        "AND NOT (:once AND EXISTS (SELECT 1 FROM account_alias s WHERE s.source = :source "
        "AND s.account_key = a.account_key))",
        {"source": source, "once": once},
    )
    domains: dict[str, int] = {}
    names: dict[str, int] = {}
    written: dict[str, str] = {}
    for key, name, domain in rows:
        plain = company_name(name)
        _put(names, plain, key)
        written.setdefault(plain, name)
        if domain and (host := domain_of(domain)):
            _put(domains, host, key)
    return AccountIndex(domains, names, written)


def _put(found: dict[str, int], text: str, key: int) -> None:
    if text:
        found[text] = SEVERAL if text in found else key


def _told(names: AccountNames) -> list[str]:
    """The texts that may be ids: of the CRM in both of its forms, or remembered ones."""
    crm = [names.crm_id, salesforce_id(names.crm_id)] if names.crm_id else []
    return [text for text in (*crm, names.name, names.domain) if text]


def have_other_sources(connection: Connection, source: str) -> bool:
    """Whether accounts came from anywhere else."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM import_run WHERE kind = 'accounts' AND source <> ?)",
        (source,),
    ).fetchone()
    return bool(row[0])


class AccountMatcher:
    """Finds the accounts of one file's rows, and remembers the ids that it understood."""

    def __init__(self, source: str, *, of_accounts: bool, once: bool = False) -> None:
        """Nothing is read before the first row asks.

        Args:
            source: of the file.
            of_accounts: its rows are accounts; else they only belong to one.
            once: it has each account only once, as a CRM has.
        """
        self._source = source
        self._of_accounts = of_accounts
        self._once = once
        self._index: AccountIndex | None = None
        self._near: NearNames | None = None
        self._taken: set[int] = set()

    def match(self, connection: Connection, records: Sequence[Record]) -> dict[str, int]:
        """By record key the accounts of records whose own ids say nothing.

        `SEVERAL` stands for what more than one account is called.
        """
        known = self._known(connection, records)
        found = {}
        for record in records:
            names = record.names or AccountNames()
            key = next((known[text] for text in _told(names) if text in known), None)
            if key is None:
                key = self._by_names(connection, names)
            if key is None or key in self._taken:
                continue
            found[record.key] = key
            if self._once:
                self._taken.add(key)
        return found

    def meant(self, connection: Connection, text: str) -> int | None:
        """The one account of which the text is the CRM's id, the domain or the name."""
        names = AccountNames(text, domain_of(text), text)
        known = account_keys(connection, _told(names))
        key = next(iter(known.values()), None) or self._by_names(connection, names)
        return None if key == SEVERAL else key

    def remember(self, connection: Connection, ids: Mapping[str, int]) -> None:
        """Keep what these ids mean from now on."""
        connection.executemany(
            "INSERT OR IGNORE INTO account_alias (source, alias, account_key) VALUES (?, ?, ?)",
            [(self._source, alias, key) for alias, key in ids.items()],
        )

    def nearest(self, names: AccountNames) -> str | None:
        """The name of an account that is only alike, once somebody asked for another one."""
        if self._index is None or not names.name:
            return None
        self._near = self._near or NearNames(self._index.written)
        return self._near.nearest(names.name)

    def _known(self, connection: Connection, records: Sequence[Record]) -> dict[str, int]:
        """What the CRM's ids mean, and names and domains that a person said what they mean."""
        texts = {text for one in records if one.names for text in _told(one.names)}
        return account_keys(connection, texts) if texts else {}

    def _by_names(self, connection: Connection, names: AccountNames) -> int | None:
        """Accounts are known by their domain first; who writes about one states its name."""
        if self._index is None:
            source = self._source if self._of_accounts else None
            self._index = read_index(connection, source=source, once=self._once)
        ways = [self._index.by_domain(names), self._index.by_name(names)]
        if not self._of_accounts:
            ways.reverse()
        known = [key for key in ways if key is not None]
        return next((key for key in known if key != SEVERAL), known[0] if known else None)
