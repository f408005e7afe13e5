"""What a second system may write of an account that another one brought.

The first source's fields stay its own: a second one fills what is empty, and keeps up to date what
it filled. So two exports that spell a name differently do not undo each other every night.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from cs_workbench.core.records import Record, Value
from cs_workbench.store.columns import ACCOUNT
from cs_workbench.store.sqlite import Connection

FILLS = (
    # Fields of an account that hold a value from another source than the account itself.
    f"""CREATE TABLE account_fill (
        {ACCOUNT},
        field TEXT NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (account_key, field)
    ) STRICT, WITHOUT ROWID""",
)


@dataclass(slots=True)
class Filling:
    """The fields of some accounts, and whose they are.

    Attributes:
        source: that writes now.
        fills_only: it is second wherever it was not first, even under the account's own id.
    """

    source: str
    fills_only: bool
    _first: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    _filled: dict[tuple[int, str], str] = field(default_factory=dict)
    _added: list[tuple[int, str, str]] = field(default_factory=list)
    _taken: list[tuple[int, str]] = field(default_factory=list)

    def read(self, connection: Connection, keys: Sequence[int]) -> None:
        """Look up whose these accounts' fields are."""
        given = (json.dumps(list(keys)),)
        self._first = {
            row[0]: (row[1], row[2])
            for row in connection.execute(
                "SELECT account_key, account_id, source FROM account "
                "LEFT JOIN import_run USING (import_id) "
                "WHERE account_key IN (SELECT value FROM json_each(?))",
                given,
            )
        }
        self._filled = {
            (row[0], row[1]): row[2]
            for row in connection.execute(
                "SELECT account_key, field, source FROM account_fill "
                "WHERE account_key IN (SELECT value FROM json_each(?))",
                given,
            )
        }

    def values(
        self, key: int, record: Record, columns: Sequence[str], before: tuple[Value, ...]
    ) -> tuple[Value, ...]:
        """What the account is to hold after the record."""
        second = self._is_second(key, record)
        after = []
        for column, old, new in zip(columns, before, record.values, strict=True):
            filler = self._filled.get((key, column))
            if second:
                after.append(self._fill(key, column, old, new))
            elif filler is not None and new is None:
                after.append(old)
            else:
                after.append(new)
                if filler is not None:
                    self._taken.append((key, column))
                    del self._filled[key, column]
        return tuple(after)

    def write(self, connection: Connection) -> None:
        """Keep whose the fields are now."""
        connection.executemany(
            "DELETE FROM account_fill WHERE account_key = ? AND field = ?", self._taken
        )
        connection.executemany(
            "INSERT OR REPLACE INTO account_fill (account_key, field, source) VALUES (?, ?, ?)",
            self._added,
        )
        self._added, self._taken = [], []

    def _is_second(self, key: int, record: Record) -> bool:
        account_id, first = self._first[key]
        return first not in {None, self.source} and (self.fills_only or account_id != record.key)

    def _fill(self, key: int, column: str, old: Value, new: Value) -> Value:
        if self._filled.get((key, column)) == self.source:
            return new
        if old is not None or new is None:
            return old
        self._filled[key, column] = self.source
        self._added.append((key, column, self.source))
        return new
