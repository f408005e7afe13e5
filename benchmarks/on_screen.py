"""From a key to painted rows, on a real pseudo-terminal: filters as they are typed, sorts, arrows.

The rows are known beforehand, by a query of our own; what is timed ends when the terminal got them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.first_frame import MARK, screens
from benchmarks.measurement import Measurement, middle
from benchmarks.portfolio import UNTIL, build_database
from benchmarks.terminal import DOWN, UP, Terminal, running
from cs_workbench.core.filters import is_unfinished, parse_filter
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import SORTS, account_keys
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.screens.account_list import AccountList
from cs_workbench.tui.screens.account_menus import SORT_KEYS
from cs_workbench.tui.widgets.filter_bar import PLACEHOLDER

RUNS = 3
KEYS = 20
QUIET = 0.25  # seconds after which nothing more is drawn
SEEN = 12  # rows that every list on the screen has room for
SHORTEST = 18  # cells of a name that its column always shows
TYPED = ("lum", "kes", "東京", "band:red", "arr>50k", "lumiere 12", "-csm:csm001")
MENU = "Sort by"
NOTHING_FOUND = "No account matches"
VIEW, ALL, FILTER, SORT, WORST_FIRST = b"v", b"2", b"/", b"s", b"b"
ERASE, DONE = b"\x15", b"\r"


@dataclass(frozen=True)
class Book:
    """Knows what the screen should show."""

    db: Database

    def rows(self, query: AccountQuery) -> tuple[str, ...]:
        """The names on the first rows of a list."""
        keys = account_keys(self.db, query, limit=SEEN)
        lines = account_lines(self.db, keys, today=UNTIL, me="me")
        return tuple(line.name[:SHORTEST].strip() for line in lines) or (NOTHING_FOUND,)


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """The slowest keystroke of a filter, the slowest sort, and an arrow key, at each size."""
    for accounts in sizes:
        database = build_database(folder, accounts)
        with open_database(database) as db, running(screens(database)) as terminal:
            book = Book(db)
            terminal.wait_for(MARK, lambda: terminal.answers(DOWN))
            _type(terminal, VIEW, ALL)
            yield _slowest("filter", _filters(terminal, book), accounts, 30)
            yield _slowest("sort", _sorts(terminal, book), accounts, 100)
            yield _arrows(terminal, accounts)
            yield Measurement("memory: peak, after these", accounts, terminal.peak_mb, "MB")


def _type(terminal: Terminal, *keys: bytes) -> None:
    """Type, each key on a quiet screen."""
    for key in keys:
        terminal.drain(QUIET)
        terminal.send(key)
    terminal.drain(2 * QUIET)


def _arrows(terminal: Terminal, accounts: int) -> Measurement:
    times = [terminal.key_to_paint(UP if number % 4 == 3 else DOWN) for number in range(KEYS)]
    return Measurement("keys: arrow to paint", accounts, middle(times) * 1000, "ms", 20)


def _slowest(what: str, times: dict[str, float], accounts: int, most: float) -> Measurement:
    name = max(times, key=lambda name: times[name])
    what = f"{what}: key to painted rows, slowest of {len(times)} ({name})"
    return Measurement(what, accounts, times[name] * 1000, "ms", most)


def _query() -> AccountQuery:
    return AccountQuery(today=UNTIL, view="all", me="me")


def _filters(terminal: Terminal, book: Book) -> dict[str, float]:
    times: dict[str, list[float]] = {}
    for _ in range(RUNS):
        for text in TYPED:
            terminal.drain(QUIET)
            terminal.key_to_rows(FILTER, (PLACEHOLDER,))
            for typed, seconds in _typing(terminal, book, text):
                times.setdefault(typed, []).append(seconds)
            _type(terminal, ERASE, DONE)
    return {typed: middle(seconds) for typed, seconds in times.items()}


def _typing(terminal: Terminal, book: Book, text: str) -> Iterator[tuple[str, float]]:
    shown = book.rows(_query())
    for end in range(1, len(text) + 1):
        typed = text[:end]
        wanted = shown
        if not is_unfinished(typed):
            wanted = book.rows(_query()._replace(filter=parse_filter(typed)))
        terminal.drain(QUIET)
        if wanted == shown:
            terminal.send(text[end - 1].encode())
        else:
            yield typed, terminal.key_to_rows(text[end - 1].encode(), wanted)
        shown = wanted


def _sorts(terminal: Terminal, book: Book) -> dict[str, float]:
    times: dict[str, list[float]] = {}
    for _ in range(RUNS):
        for sort in SORTS[1:]:
            listed = AccountList(_query(), "all").sorted_by(sort)
            terminal.drain(QUIET)
            terminal.key_to_rows(SORT, (MENU,))
            terminal.drain(2 * QUIET)
            seconds = terminal.key_to_rows(SORT_KEYS[sort].encode(), book.rows(listed.query))
            times.setdefault(sort, []).append(seconds)
            terminal.drain(2 * QUIET)
            terminal.key_to_rows(SORT, (MENU,))
            _type(terminal, WORST_FIRST)
    return {sort: middle(seconds) for sort, seconds in times.items()}
