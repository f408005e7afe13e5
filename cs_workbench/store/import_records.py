"""Records of a file into their tables: new rows in, changed fields logged, the same left alone."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from cs_workbench.core.ids import new_id
from cs_workbench.core.records import Record, Value
from cs_workbench.core.text import fold
from cs_workbench.store.account_matching import SEVERAL
from cs_workbench.store.account_parents import ParentNote, note_parents
from cs_workbench.store.changes import Change
from cs_workbench.store.custom_values import merge_custom
from cs_workbench.store.edited_fields import Edits
from cs_workbench.store.imports import account_keys, record_import
from cs_workbench.store.incoming_rows import Incoming, Merged, owned
from cs_workbench.store.named_contacts import NamedContacts
from cs_workbench.store.sqlite import Connection


def merge_records(connection: Connection, incoming: Incoming, records: Sequence[Record]) -> Merged:
    """Bring records, each id once, into their table.

    Args:
        connection: inside a chunk of a pen.
        incoming: what they are part of.
        records: already checked, field by field.
    """
    merge = _MERGES.get(incoming.kind.name, _merge_children)
    return merge(connection, incoming, records)


def _merge_accounts(connection: Connection, target: Incoming, records: Sequence[Record]) -> Merged:
    _add_people(connection, target, records)
    keys = _own_keys(connection, [record.key for record in records])
    merged = Merged(linked=_link(connection, target, records, keys))
    stored = _stored(connection, target, "account_key", list(keys.values()))
    if target.filling is not None:
        target.filling.read(connection, list(keys.values()))
    edits = Edits("account")
    edits.read(connection, list(keys.values()))
    changes: list[Change] = []
    added: list[tuple[Value, ...]] = []
    same: set[str] = set()
    for record in records:
        key = keys.get(record.key)
        if key is None:
            merged.new += 1
            text = _search_text(record.key, target.columns, record.values)
            added.append((record.key, *record.values, text, target.run.import_id))
            continue
        before, values = stored[str(key)], record.values
        if target.filling is not None:
            values = target.filling.values(key, record, target.columns, before)
        values = edits.values(str(key), target.columns, before, values)
        made = list(_differences(target, str(key), before, values))
        if made:
            _update(connection, target, "account_key", (key, values))
            stored[str(key)] = values  # the account may come again under another id
            _make_findable(connection, key)
        else:
            same.add(record.key)
        _count(merged, made)
        changes.extend(made)
    _insert(connection, target, ("account_id",), ("search_text", "import_id"), added)
    changes += _merge_own(connection, target, records, (merged, same))
    record_import(connection, target.run, changes)
    merged.conflicts += edits.write(connection, target.run.import_id)
    if target.filling is not None:
        target.filling.write(connection)
    _note_parents(connection, target, records, same)
    return merged


def _merge_own(
    connection: Connection,
    target: Incoming,
    records: Sequence[Record],
    done: tuple[Merged, set[str]],
) -> list[Change]:
    """A team's own fields of accounts, which count as changes of the accounts."""
    if not target.custom:
        return []
    merged, same = done
    keys = _own_keys(connection, [record.key for record in records])
    own = merge_custom(
        connection,
        [(keys[record.key], record) for record in records],
        target.custom,
        import_id=target.run.import_id,
    )
    turned = same & own.touched
    same -= turned
    merged.same -= len(turned)
    merged.changed += len(turned)
    merged.conflicts += own.conflicts
    return own.changes


def _link(
    connection: Connection, target: Incoming, records: Sequence[Record], keys: dict[str, int]
) -> int:
    """Find the accounts of rows with new ids, which mean them from now on; returns how many."""
    new = [record for record in records if record.key not in keys]
    if target.matcher is None or not new:
        return 0
    found = target.matcher.match(connection, new)
    clear = {text: key for text, key in found.items() if key != SEVERAL}
    target.matcher.remember(connection, clear)
    keys.update(clear)
    return len(clear)


def _note_parents(
    connection: Connection, target: Incoming, records: Sequence[Record], same: Set[str]
) -> None:
    """What the file says of the accounts' parents; they may come later, so it waits."""
    told = [record for record in records if record.parent_id is not None]
    if not told:
        return
    keys = _own_keys(connection, [record.key for record in told])
    note_parents(
        connection,
        target.run.import_id,
        [ParentNote(keys[one.key], one.parent_id or "", one.line, one.key in same) for one in told],
    )


def _merge_children(connection: Connection, target: Incoming, records: Sequence[Record]) -> Merged:
    owners = target.owners(connection, records)
    people = NamedContacts(connection, owners.values()) if target.names_people else None
    who = () if people is None else ("contact_id",)
    full = replace(target, columns=("account_key", *target.columns, *who))
    key_column = target.kind.key
    stored = _stored(connection, full, key_column, [record.key for record in records])
    edits = Edits(target.table)
    edits.read(connection, list(stored))
    merged = Merged()
    changes: list[Change] = []
    added: list[tuple[Value, ...]] = []
    for record, given in owned(target, records, owners, merged):
        values = given
        before = stored.get(record.key)
        if people is not None:
            found = people.find(owners[record.key], record.people)
            values = (*given, found or (before[-1] if before else None))
        if before is None:
            merged.new += 1
            added.append((record.key, *values, target.run.import_id))
            continue
        kept = edits.values(record.key, full.columns, before, values)
        made = list(_differences(full, record.key, before, kept))
        if made:
            _update(connection, full, key_column, (record.key, kept))
        _count(merged, made)
        changes.extend(made)
    _insert(connection, full, (key_column,), ("import_id",), added)
    record_import(connection, full.run, changes)
    merged.conflicts = edits.write(connection, full.run.import_id)
    return merged


def _merge_forecasts(connection: Connection, target: Incoming, records: Sequence[Record]) -> Merged:
    """Statements are only ever added: an opportunity that changed is another row."""
    run = target.run
    owners = target.owners(connection, records)
    columns = ("account_key", *target.columns)
    extra = tuple(name for name in ("made_at", "author") if name not in columns)
    full = replace(target, columns=(*columns, *extra))
    latest = _latest_forecasts(connection, full, [record.key for record in records])
    merged = Merged()
    added: list[tuple[Value, ...]] = []
    for record, given in owned(target, records, owners, merged):
        said = dict(zip(full.columns, (*given, *(None for _ in extra)), strict=True))
        when = said["made_at"]
        before = latest.get((record.key, when))
        stated = {name: value for name, value in said.items() if name not in _SAID or value}
        if before is not None and all(before[name] == value for name, value in stated.items()):
            merged.same += 1
            continue
        merged.changed += (record.key, None) in latest
        merged.new += (record.key, None) not in latest
        said |= {"made_at": when or run.recorded_at, "author": said["author"] or run.actor}
        latest[(record.key, None)] = latest[(record.key, when)] = said
        added.append((new_id(), record.key, *said.values(), run.import_id))
    _insert(connection, full, ("forecast_id", "opportunity_id"), ("import_id",), added)
    return merged


_SAID = frozenset({"made_at", "author"})
_MERGES: Mapping[str, Callable[[Connection, Incoming, Sequence[Record]], Merged]] = {
    "accounts": _merge_accounts,
    "opportunities": _merge_forecasts,
}


def _own_keys(connection: Connection, account_ids: Sequence[str]) -> dict[str, int]:
    """Accounts by id, by their former ids too; one that was merged into another is itself."""
    found = account_keys(connection, account_ids)
    rows = connection.execute(
        "SELECT account_id, account_key FROM account "
        "WHERE account_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(account_ids)),),
    )
    return {**found, **{row[0]: row[1] for row in rows}}


def _stored(
    connection: Connection, target: Incoming, key: str, keys: Sequence[Value]
) -> dict[str, tuple[Value, ...]]:
    rows = connection.execute(
        f"SELECT {', '.join((key, *target.columns))} FROM {target.table} "
        f"WHERE {key} IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    return {str(row[0]): tuple(row)[1:] for row in rows}


def _latest_forecasts(
    connection: Connection, target: Incoming, keys: Sequence[str]
) -> dict[tuple[str, Value], dict[str, Value]]:
    """By opportunity, the last statement; and the last of those made at each moment."""
    rows = connection.execute(
        f"SELECT opportunity_id, {', '.join(target.columns)} FROM forecast "
        "WHERE opportunity_id IN (SELECT value FROM json_each(?)) ORDER BY rowid",
        (json.dumps(keys),),
    )
    latest: dict[tuple[str, Value], dict[str, Value]] = {}
    for row in rows:
        said = dict(zip(target.columns, tuple(row)[1:], strict=True))
        latest[(row[0], None)] = latest[(row[0], said["made_at"])] = said
    return latest


def _differences(
    target: Incoming, entity_id: str, before: tuple[Value, ...], after: tuple[Value, ...]
) -> Iterator[Change]:
    if before == after:
        return
    for column, old, new in zip(target.columns, before, after, strict=True):
        if old != new:
            yield Change(target.table, entity_id, column, old, new)


def _count(merged: Merged, made: Sequence[Change]) -> None:
    if made:
        merged.changed += 1
    else:
        merged.same += 1


def _update(
    connection: Connection, target: Incoming, key: str, row: tuple[Value, tuple[Value, ...]]
) -> None:
    assignments = ", ".join(f"{column} = ?" for column in target.columns)
    connection.execute(
        f"UPDATE {target.table} SET {assignments} WHERE {key} = ?", (*row[1], row[0])
    )


def _insert(
    connection: Connection,
    target: Incoming,
    before: tuple[str, ...],
    after: tuple[str, ...],
    rows: Sequence[tuple[Value, ...]],
) -> None:
    columns = (*before, *target.columns, *after)
    connection.executemany(
        f"INSERT INTO {target.table} ({', '.join(columns)}) "
        f"VALUES ({', '.join('?' * len(columns))})",
        rows,
    )


def _add_people(connection: Connection, target: Incoming, records: Sequence[Record]) -> None:
    if "csm" not in target.columns:
        return
    at = target.columns.index("csm")
    names = {record.values[at] for record in records} - {None}
    connection.executemany(
        "INSERT OR IGNORE INTO person (person_id, name) VALUES (?, ?)",
        [(name, name) for name in names],
    )


def _search_text(account_id: str, columns: tuple[str, ...], values: tuple[Value, ...]) -> str:
    known = dict(zip(columns, values, strict=True))
    return fold(f"{known['name']} {account_id} {known.get('domain') or ''}")


def _make_findable(connection: Connection, key: int) -> None:
    row = connection.execute(
        "SELECT name, account_id, domain, search_text FROM account WHERE account_key = ?", (key,)
    ).fetchone()
    text = fold(f"{row['name']} {row['account_id']} {row['domain'] or ''}")
    if text != row["search_text"]:
        connection.execute("UPDATE account SET search_text = ? WHERE account_key = ?", (text, key))
