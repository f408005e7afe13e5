"""Rows that a file brings for a table, each with the account, and the person, that it means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cs_workbench.core.account_matching import AccountNames
from cs_workbench.core.records import Kind, Record, Value
from cs_workbench.store.account_filling import Filling
from cs_workbench.store.account_matching import SEVERAL, AccountMatcher
from cs_workbench.store.imports import ImportRun, account_keys, account_through
from cs_workbench.store.sqlite import Connection


@dataclass(slots=True)
class Merged:
    """What became of some records."""

    new: int = 0
    changed: int = 0
    same: int = 0
    linked: int = 0  # of accounts: rows that turned out to be accounts of another source
    conflicts: int = 0  # fields that a person edited and the source has changed since
    refused: list[tuple[Record, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one file brings.

    Attributes:
        run: the import.
        kind: of its rows.
        columns: what the values of a record are for; a row's other columns stay as they are.
        through: the kind whose ids stand for accounts, if not accounts' own.
        matcher: finds accounts by what else a row says of them.
        filling: what may be written of accounts that another source brought.
        names_people: the records name who of the account took part, of whom a contact is found.
        custom: a team's own fields, of which the records of accounts have values.
    """

    run: ImportRun
    kind: Kind
    columns: tuple[str, ...]
    through: str | None = None
    matcher: AccountMatcher | None = None
    filling: Filling | None = None
    names_people: bool = False
    custom: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The table that keeps the kind."""
        return self.kind.table

    def owners(self, connection: Connection, records: Sequence[Record]) -> dict[str, int]:
        """By record key the accounts that the records mean; `SEVERAL` where that is not clear."""
        texts = {record.account_id for record in records}
        if self.through is None:
            known = account_keys(connection, texts)
        else:
            ways = ((text, account_through(connection, self.through, text)) for text in texts)
            known = {text: way[0] for text, way in ways if way is not None}
        found = {one.key: known[one.account_id] for one in records if one.account_id in known}
        unknown = [one for one in records if one.key not in found and one.names is not None]
        if self.matcher is not None and unknown:
            matched = self.matcher.match(connection, unknown)
            self.matcher.remember(
                connection,
                {
                    one.account_id: matched[one.key]
                    for one in unknown
                    if one.account_id and matched.get(one.key, SEVERAL) != SEVERAL
                },
            )
            found |= matched
        return found


def owned(
    target: Incoming, records: Sequence[Record], owners: Mapping[str, int], merged: Merged
) -> Iterator[tuple[Record, tuple[Value, ...]]]:
    """The records whose account is there, or that may name none; its key before their values."""
    may_be_nobodys = not target.kind.field("account_id").required
    for record in records:
        owner = owners.get(record.key)
        if owner is None and may_be_nobodys and not _names_account(record):
            yield record, (None, *record.values)
        elif owner is None or owner == SEVERAL:
            merged.refused.append((record, _unknown(target, record, owner)))
        else:
            yield record, (owner, *record.values)


def _names_account(record: Record) -> bool:
    said = record.names or AccountNames()
    return any((record.account_id, said.crm_id, said.name, said.domain))


def _unknown(target: Incoming, record: Record, owner: int | None) -> str:
    """Why the account of a record is not known."""
    said = record.names or AccountNames()
    names = [text for text in (record.account_id, said.crm_id, said.name, said.domain) if text]
    shown = " or ".join(map(repr, names))
    if owner == SEVERAL:
        return f"more than one account is called {shown}"
    if not names:
        return "it names no account"
    near = target.matcher.nearest(said) if target.matcher is not None else None
    return f"account {shown} is not known" + (f"; is {near!r} meant for it?" if near else "")
