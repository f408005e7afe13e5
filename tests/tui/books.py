"""The book of Ana Ruiz as `SCREENS.md` draws it: what the snapshots of the list show."""

import datetime as dt
import json
from pathlib import Path

from cs_workbench.store.database import write
from cs_workbench.store.sqlite import Connection
from tests.factories import (
    TODAY,
    add_account,
    add_person,
    add_promise,
    add_signal,
    add_summary,
    insert,
    portfolio,
)

LEVELS = "▁▂▃▄▅▆▇█"
# band, score, change, coverage, name, ARR in thousands, usage, seats, days, stage, step, due in
ROWS = """
red 31 -23 92|Kestrel Logistics GmbH|412 ▇▇▇▇▆▇▆▅▃▃▂▂ 38 37 mature|usage check-in, step 3 of 6|0
red 38 -4 81|東京データ KK|186 ▅▅▅▄▄▄▃▃▃▃▃▃ 52 50 mature|reply to T. Sato (promised)|-2
red 42 0 64|Müller & Söhne|154 ▂▂▂▂▂▂▂▂▂▂▂▂ 22 162 onboarding||
red 44 -9 88|Café Lumière SA|141 ▆▆▆▅▅▅▅▅▄▄▄▃ 61 9 renewing|commitment from M. Roux|2
red 47 3 90|Orchid Health Inc|127 ▃▃▂▂▂▂▃▃▃▃▃▃ 44 117 mature|save play, step 2 of 7|3
unknown - - 41|Summit Foods LLC|122 ▅▅▅▅▅▅...... - 78 mature|usage feed silent since 1 Nov|
unknown - - 38|Vertex BV|52 ............ - 219 onboarding|first import of users|4
unknown - - 45|Sierra Public Works|36 ▂▂▂▂........ - 129 adopting||
yellow 52 -7 95|Northwind Trading Ltd|318 ▇▇▇▆▆▆▆▆▅▅▅▅ 71 69 mature|QBR Thu 14:00, pack not made|3
yellow 55 1 93|Atlas Robotics AB|264 ▅▅▅▅▅▅▅▅▅▅▅▅ 83 83 renewing|quote walked through on a call|4
yellow 57 -5 90|Blue Harbor Shipping|231 ▆▆▅▅▅▅▅▄▄▄▄▄ 66 105 mature|ask for a second thread|8
yellow 62 -2 91|Aurora Energy|139 ▆▆▆▆▆▆▆▆▅▅▅▅ 80 195 mature|said|
yellow 64 2 92|星空科技|108 ▃▃▃▃▃▄▄▄▄▄▄▄ 77 158 mature|translate the value case|15
green 84 4 97|Greenleaf Retail|288 ▅▅▅▆▆▆▆▇▇▇▇▇ 118 261 mature|overage: 59 seats, price by mail|-
green 79 0 95|Harlow & Finch|146 ▆▆▆▆▆▆▆▆▆▆▆▆ 88 43 renewing|order form out, signer away|0
green 90 1 95|Quiet One Ltd|99 ▆▆▆▆▆▆▆▆▆▆▆▆ 88 243 mature||
green 91 1 95|Quiet Two Ltd|98 ▆▆▆▆▆▆▆▆▆▆▆▆ 88 243 mature||
"""
CAUSES = [
    "−11: the champion, Lena Voss, has left",
    "−8: active users fell from 48 to 19 in four weeks",
    "−5: urgent ticket open for 6 d",
]


LEFT = "Lena Voss left on 2 Nov 2026 and nobody has taken her place"


def drawn_book(folder: Path) -> Path:
    """A portfolio with these accounts; returns its path."""
    with portfolio(folder) as db, write(db) as connection:
        add_person(connection, "ana")
        insert(connection, "scorecard", {"hash": "h", "text": "x"})
        for day, report in (("2026-11-20", {}), (TODAY.isoformat(), {"up": 1, "down": 2})):
            insert(
                connection,
                "refresh_run",
                {
                    "as_of": day,
                    "started_at": f"{day}T02:04:00Z",
                    "actor": "cron",
                    "program_version": "0",
                    "scorecard_hash": "h",
                    "report": json.dumps(report),
                },
            )
        for number, row in enumerate(ROWS.strip().splitlines()):
            _add(connection, number, row)
        return db.path


def _add(connection: Connection, number: int, row: str) -> None:
    health, name, figures, step, due = row.split("|")
    band, score, change, coverage = health.split()
    arr, usage, seats, days, stage = figures.split()
    key = add_account(
        connection,
        f"A{number:03}",
        name=name,
        csm="ana",
        segment="Enterprise",
        region="EMEA",
        lifecycle_stage=stage,
        next_step=None if step == "said" else step or None,
        next_step_said_on="2026-11-12" if step == "said" else None,
        next_step_owner="ana" if step else None,
        next_step_due=_day(due) if due not in {"", "-"} else None,
    )
    add_summary(
        connection,
        key,
        band=band,
        points_e4=None if score == "-" else int(score) * 10_000,
        trend_e4=None if change == "-" else int(change) * 10_000,
        coverage_e4=int(coverage) * 100,
        low_e4=290_000,
        high_e4=370_000,
        spark="".join(str(LEVELS.index(sign)) if sign in LEVELS else "." for sign in usage),
        arr_minor=int(arr) * 100_000,
        seats=None if seats == "-" else 100,
        seats_used=None if seats == "-" else int(seats),
        deadline=_day(days),
        deadline_by="notice",
        end_date=_day(str(int(days) + 60)),
        last_two_way_on="2026-10-31",
        causes=json.dumps(CAUSES if band == "red" else []),
    )
    if number == 0:
        add_promise(connection, key)
        add_signal(connection, key, "champion gone", severity="high", evidence=LEFT)
        add_signal(connection, key, "usage shock", evidence="active users: 19, 48 before")
        add_signal(connection, key, "silence", evidence="no two-way contact for 71 days")
    if number in {2, 3}:
        seen = {"actor": "ana", "account_key": key, "seen_at": "2026-11-20T10:00:00Z"}
        insert(connection, "account_seen", {**seen, "points_e4": 900_000, "band": "green"})


def _day(days: str) -> str:
    return (TODAY + dt.timedelta(days=int(days))).isoformat()
