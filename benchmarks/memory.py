"""What is remembered: a page with 10,000 entries, and a search over a million of them.

Both are processor time. The entries are contacts and notes of one to three sentences in four
languages, spread over the accounts and ten years; a search is asked what is frequent, what is rare,
and what is not there, from one character on, in the whole book and in one account.
"""

import datetime as dt
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measurement import Measurement, middle
from cs_workbench.core.ids import new_id
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.search import read_queue, search

TODAY = dt.date(2026, 11, 23)
ACCOUNTS, OF_EACH, ON_PAGE = 5_000, 200, 10_000  # at most so many; one has a long page
SENTENCES = (
    "The invoice of {month} was wrong, again.",
    "Asked who plans the depots; no answer yet.",
    "Showed the new approvals to {name}, who liked them.",
    "Die Schulung kam zu spät, {name} war enttäuscht.",
    "東京の請求書について{name}さんと話しました。",
    "同步又失败了，{name}说他们回到了电子表格。",
    "{name} wants seats for the second team by {month}.",
    "Sync stopped at night; dispatch works from paper.",
)
NAMES = ("Lena Voss", "佐藤", "Tomasz Brandt", "李娜", "Zoë Ünal", "Anders García")
MONTHS = ("January", "März", "七月", "November")
QUERIES = {
    "a frequent word": "invoice",
    "a rare word": "quokka",
    "a word that is nowhere": "xylophone",
    "two words": "seats november",
    "one character": "z",
    "one character of Japanese": "京",
    "two characters of Chinese": "同步",
    "three characters of Japanese": "請求書",
    "a long word and one character": "quokka 京",
    "a frequent word and one character that is rare": "invoice ß",
}


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """One portfolio: of a million entries, or of 200 an account where fewer are wanted."""
    accounts = min(ACCOUNTS, max(sizes))
    with open_database(folder / "memory.db", create=True) as db:
        _fill(db, accounts)
        begun = time.process_time()
        for _ in read_queue(db):
            pass
        what = f"memory: {accounts * OF_EACH:,} texts read into the search"
        yield Measurement(what, accounts, time.process_time() - begun, "s")
        for what, query in QUERIES.items():
            spent = 1000 * _search(db, query)
            yield Measurement(f"memory: search, {what}", accounts, spent, "ms", 100)
        spent = 1000 * _search(db, "invoice", account_key=1)
        yield Measurement("memory: search in one account", accounts, spent, "ms", 100)
        opened = middle([_open(db) for _ in range(7)])
        yield Measurement(
            f"memory: page of {ON_PAGE:,} entries", accounts, 1000 * opened, "ms", 150
        )


def _search(db: Database, query: str, account_key: int | None = None) -> float:
    """The median of seven."""
    found = []
    for _ in range(7):
        begun = time.process_time()
        search(db, query, account_key=account_key, limit=50)
        found.append(time.process_time() - begun)
    return middle(found)


def _open(db: Database) -> float:
    begun = time.process_time()
    page = load_account_page(db, 1, today=TODAY, me="")
    spent = time.process_time() - begun
    assert len(page.timeline) >= ON_PAGE
    return spent


def _fill(db: Database, accounts: int) -> None:
    chance = random.Random(7)
    with write(db) as connection:
        connection.executemany(
            "INSERT INTO account (account_key, account_id, name, search_text, currency) "
            "VALUES (?, ?, ?, ?, 'USD')",
            [
                (key, f"A{key:05}", f"Account {key}", f"account {key}")
                for key in range(1, accounts + 1)
            ],
        )
        connection.executemany(
            "INSERT INTO touchpoint (touchpoint_id, account_key, occurred_at, channel, direction, "
            "summary, note) VALUES (?, ?, ?, 'call', 'inbound', ?, ?)",
            (_entry(chance, place, accounts) for place in range(accounts * OF_EACH)),
        )


def _entry(
    chance: random.Random, place: int, accounts: int
) -> tuple[str, int, str, str, str | None]:
    key = 1 if place < ON_PAGE else 1 + place % accounts
    day = TODAY - dt.timedelta(days=chance.randrange(3_650))
    parts = [
        one.format(name=chance.choice(NAMES), month=chance.choice(MONTHS))
        for one in chance.sample(SENTENCES, chance.randint(1, 3))
    ]
    if chance.random() < 0.0002:
        parts.append("They have a quokka in 京都.")
    note = " ".join(parts[1:]) or None
    return new_id(), key, f"{day.isoformat()}T09:00:00Z", parts[0], note
