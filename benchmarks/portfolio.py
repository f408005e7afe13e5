"""Portfolios of any size, invented, imported and scored as a user's would be."""

import csv
import datetime as dt
import random
from collections.abc import Iterator, Mapping
from multiprocessing import get_context
from pathlib import Path

UNTIL = dt.date(2026, 11, 20)
WEEKS = 16
NAMES = ("Northwind", "Aurora", "Kestrel", "Zenith", "Café Lumière", "東京データ", "Müller & Söhne")
FORMS = ("Ltd", "GmbH", "Inc", "SA", "KK")
SEGMENTS = {"enterprise": (400, 15), "mid-market": (80, 35), "smb": (12, 50)}
TREND = {"thriving": (1.3, 25), "steady": (1.0, 50), "drifting": (0.6, 15), "collapsing": (0.3, 10)}
Cells = tuple[object, ...]

HEADINGS = {
    "accounts": "account_id,name,segment,industry,region,csm,lifecycle_stage,started_on,currency",
    "subscriptions": "subscription_id,account_id,product,plan,seats,arr,currency,start_date,"
    "end_date,notice_days,auto_renew,cancelled_on",
    "contacts": "contact_id,account_id,name,email,role,title,preferred_channel,opted_out",
    "usage": "account_id,date,metric,value",
    "tickets": "ticket_id,account_id,opened_at,first_response_at,closed_at,priority,driver,"
    "channel,reopened_count,is_complaint,csat,subject",
    "surveys": "response_id,account_id,contact_id,answered_at,kind,score,comment",
    "touchpoints": "touchpoint_id,account_id,contact_id,occurred_at,channel,direction,kind,"
    "sentiment,summary",
}


def write_portfolio(folder: Path, accounts: int) -> Path:
    """The native files of so many accounts, one usage value a week."""
    files = folder / f"files-{accounts}"
    if files.exists():
        return files
    part = folder / f"part-{accounts}"
    part.mkdir(parents=True)
    handles = {
        kind: (part / f"{kind}.csv").open("w", newline="", encoding="utf-8") for kind in HEADINGS
    }
    writers = {kind: csv.writer(handle) for kind, handle in handles.items()}
    for kind, headings in HEADINGS.items():
        writers[kind].writerow(headings.split(","))
    rng = random.Random(accounts)
    for number in range(accounts):
        for kind, cells in _account(number, rng):
            writers[kind].writerow(cells)
    for handle in handles.values():
        handle.close()
    return part.rename(files)


def build_database(folder: Path, accounts: int) -> Path:
    """The same portfolio imported and refreshed; built once in the folder.

    By a process of its own: to start a program out of one that has grown by building takes 10 ms
    more, which would be counted as the program's.
    """
    path = folder / f"portfolio-{accounts}.db"
    if not path.exists():
        builder = get_context("spawn").Process(target=_build, args=(folder, accounts, path))
        builder.start()
        builder.join()
    if not path.exists():
        raise RuntimeError(f"{path} could not be built; the error stands above.")
    return path


def _build(folder: Path, accounts: int, path: Path) -> None:
    from cs_workbench.store.database import open_database
    from cs_workbench.workflows.importing import import_paths
    from cs_workbench.workflows.scoring import refresh

    part = folder / f"part-{accounts}.db"
    files = write_portfolio(folder, accounts)
    with open_database(part, create=True) as db:
        import_paths(db, [files], actor="benchmark")
        refresh(db, as_of=UNTIL, actor="benchmark")
    part.rename(path)


def _account(number: int, rng: random.Random) -> Iterator[tuple[str, Cells]]:
    key = f"A{number:06d}"
    segment = _one(SEGMENTS, rng)
    state = _one(TREND, rng)
    seats = max(2, round(SEGMENTS[segment][0] * rng.lognormvariate(0, 0.5)))
    start = UNTIL - dt.timedelta(days=rng.randrange(30, 360))
    name = f"{NAMES[number % len(NAMES)]} {number} {FORMS[number % len(FORMS)]}"
    region = rng.choice(("EMEA", "AMER", "APAC"))
    csm = f"csm{number % 97:03d}"
    yield "accounts", (key, name, segment, "software", region, csm, "mature", start, "USD")
    yield from _contract(key, segment, seats, start)
    yield from _usage(key, seats * 0.7, TREND[state][0], rng)
    for ticket in range(rng.randrange(4)):
        day = UNTIL - dt.timedelta(days=rng.randrange(1, 100))
        times = (f"{day}T09:00:00Z", f"{day}T10:00:00Z", f"{day}T15:00:00Z")
        rest = ("normal", "bug", "email", 0, 0, "", f"Ticket {ticket} of {number}")
        yield "tickets", (f"{key}-T{ticket}", key, *times, *rest)
    day = UNTIL - dt.timedelta(days=rng.randrange(1, 150))
    score = rng.randrange(3, 11)
    yield "surveys", (f"{key}-R0", key, f"{key}-C0", day, "nps", score, "")
    touched = f"{UNTIL - dt.timedelta(days=rng.randrange(1, 90))}T10:00:00Z"
    what = ("call", "outbound", "check-in", "", "note")
    yield "touchpoints", (f"{key}-N0", key, f"{key}-C0", touched, *what)


def _contract(key: str, segment: str, seats: int, start: dt.date) -> Iterator[tuple[str, Cells]]:
    end = start + dt.timedelta(days=364)
    money = (seats, seats * 240, "USD")
    yield (
        "subscriptions",
        (f"{key}-S0", key, "platform", segment, *money, start, end, 60, int(segment == "smb"), ""),
    )
    person = (f"Person of {key}", f"p@{key.lower()}.example", "champion", "Head", "email", 0)
    yield "contacts", (f"{key}-C0", key, *person)


def _usage(key: str, level: float, final: float, rng: random.Random) -> Iterator[tuple[str, Cells]]:
    for week in range(WEEKS):
        day = UNTIL - dt.timedelta(weeks=WEEKS - 1 - week)
        share = 1 + (final - 1) * week / (WEEKS - 1)
        value = max(0, round(level * share * rng.uniform(0.9, 1.1)))
        yield "usage", (key, day, "active_users", value)


def _one(weighted: Mapping[str, tuple[float, int]], rng: random.Random) -> str:
    weights = [weight for _, weight in weighted.values()]
    return rng.choices(list(weighted), weights)[0]
