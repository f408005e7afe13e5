import datetime as dt
from pathlib import Path
from typing import Literal

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.importers.tables import TableRows
from cs_workbench.importers.usage import Owner, UsageBatch, UsageReader
from tests.importers.sources import source, write

HEADINGS = "account_id,date,metric,value\n"
EVENTS = """
name = "product"
[[files]]
kind = "usage"
headings = ["event", "who"]
{event_id}
[files.columns]
account_id = {{ column = "who", lookup = "subscriptions" }}
date = "day"
[[files.metrics]]
name = "clicks"
value = "clicks"
[[files.metrics]]
name = "rows"
[[files.metrics]]
name = "features"
count_distinct = "feature"
"""
EVENT_HEADINGS = "event,who,day,clicks,feature\n"
NAMES = ("logins", "clicks", "rows", "features")
OWNERS = {"A": Owner(1), "B": Owner(2), "S": Owner(3, dt.date(2026, 11, 3).toordinal())}


class Seen:
    """The ids met, in memory."""

    def __init__(self) -> None:
        self.met: dict[str, list[str]] = {}

    def meet(self, key: str, content: str) -> Literal["new", "same", "other", "again"]:
        known = self.met.setdefault(key, [])
        if content in known:
            return "again" if known.index(content) else "same"
        known.append(content)
        return "other" if len(known) > 1 else "new"


def read(
    path: Path, mapping: Path | None = None, held: int = 1_000
) -> tuple[list[UsageBatch], list[Reject], UsageReader]:
    found = source(path, mapping)
    rejects: list[Reject] = []
    reader = UsageReader(found, OWNERS.get, lambda metric: NAMES.index(metric.name), Seen().meet)
    batches = list(reader.batches(TableRows(found.table, rejects.append), held=held))
    return batches, rejects, reader


def days(batch: UsageBatch) -> dict[tuple[int, str, str], float]:
    """The batch as one value a day."""
    return {
        (account, NAMES[metric], day.isoformat()): value
        for account, metric, week, *values in batch.weeks.values()
        for weekday, value in enumerate(values)
        if value is not None
        for day in [dt.date(1970, 1, 5) + dt.timedelta(days=week * 7 + weekday)]
    }


def events(folder: Path, rows: str, event_id: str = 'event_id = "event"') -> tuple[Path, Path]:
    mapping = write(folder, "product.toml", EVENTS.format(event_id=event_id))
    return write(folder, "events.csv", EVENT_HEADINGS + rows), mapping


def test_values_are_put_into_weeks(tmp_path: Path) -> None:
    rows = "A,2026-11-01,logins,3\nA,2026-11-02,logins,0\nB,2026-11-02,clicks,1.5\n"
    batches, rejects, _ = read(write(tmp_path, "u.csv", HEADINGS + rows))
    assert rejects == []
    assert days(batches[0]) == {
        (1, "logins", "2026-11-01"): 3,
        (1, "logins", "2026-11-02"): 0,
        (2, "clicks", "2026-11-02"): 1.5,
    }
    week, weekday = week_and_weekday(dt.date(2026, 11, 2))
    assert weekday == 0
    assert batches[0].weeks[1, 0, week] == [1, 0, week, 0, *[None] * 6]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("C,2026-11-01,logins,3", "account_id", "'C' is not known"),
        ("A,2026-11-31,logins,3", "date", "is not a date"),
        ("A,,logins,3", "date", "date is missing"),
        ("A,2026-11-01,,3", "metric", "metric is missing"),
        ("A,2026-11-01,logins,", "value", "value is missing"),
        ("A,2026-11-01,logins,many", "value", "not a number"),
        ("A,2026-11-01,logins,inf", "value", "not a number"),
        ("A,2026-11-05,logins,8", "value", "has another value (7) above"),
    ],
)
def test_a_fault_names_its_column_and_costs_no_other_row(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    text = f"{HEADINGS}A,2026-11-05,logins,7\n{row}\nA,2026-11-06,logins,9\n"
    batches, rejects, _ = read(write(tmp_path, "u.csv", text))
    assert [(r.line, r.column, r.text) for r in rejects] == [(3, column, row)]
    assert reason in rejects[0].reason
    assert list(days(batches[0]).values()) == [7, 9]


def test_a_day_twice_with_one_value_is_the_same(tmp_path: Path) -> None:
    text = HEADINGS + "A,2026-11-05,logins,7\nB,2026-11-05,logins,7\nA,2026-11-05,logins,7.0\n"
    _, rejects, reader = read(write(tmp_path, "u.csv", text))
    assert (rejects, reader.tally.same) == ([], 1)


def test_batches_hold_accounts_whole(tmp_path: Path) -> None:
    months = [f"2026-{month:02}-01" for month in range(1, 11)]
    rows = "".join(f"{who},{day},logins,1\n" for who in "ABS" for day in months)
    batches, _, _ = read(write(tmp_path, "u.csv", HEADINGS + rows), held=5)
    found = [({account for account, _, _ in batch.weeks}, len(batch.weeks)) for batch in batches]
    assert found == [({1}, 10), ({2}, 10), ({3}, 10)]


def test_events_of_a_day_are_summed(tmp_path: Path) -> None:
    rows = (
        "1,S,2026-11-03,2,map\n2,S,2026-11-03,3,map\n3,S,2026-11-03,,chart\n4,S,2026-11-04,1,map\n"
    )
    batches, rejects, _ = read(*events(tmp_path, rows))
    assert rejects == []
    assert days(batches[0]) == {
        (3, "clicks", "2026-11-03"): 5,
        (3, "clicks", "2026-11-04"): 1,
        (3, "rows", "2026-11-03"): 3,
        (3, "rows", "2026-11-04"): 1,
        (3, "features", "2026-11-03"): 2,
        (3, "features", "2026-11-04"): 1,
    }
    assert list(batches[0].rows[3].values()) == [3, 1]


def test_an_event_twice_counts_once_but_a_repeated_id_is_another_event(tmp_path: Path) -> None:
    rows = "1,A,2026-11-03,2,map\n1,A,2026-11-03,2,map\n1,A,2026-11-03,4,map\n"
    rows += "1,A,2026-11-03,4,map\n"
    batches, _, reader = read(*events(tmp_path, rows))
    assert days(batches[0])[1, "clicks", "2026-11-03"] == 6
    assert (reader.tally.same, reader.tally.repeats, list(reader.tally.repeated)) == (2, 1, ["1"])


def test_events_outside_their_subscription_are_counted(tmp_path: Path) -> None:
    _, rejects, reader = read(*events(tmp_path, "1,S,2026-11-02,2,map\n2,S,2026-11-03,2,map\n"))
    assert (rejects, reader.tally.before, reader.tally.after) == ([], 1, 0)


def test_rows_that_are_no_events_may_not_differ(tmp_path: Path) -> None:
    rows = "1,A,2026-11-03,2,x\n2,A,2026-11-03,2,x\n3,A,2026-11-03,4,x\n4,A,2026-11-04,bad,x\n"
    batches, rejects, reader = read(*events(tmp_path, rows, event_id=""))
    assert days(batches[0])[1, "clicks", "2026-11-03"] == 2
    assert [(r.line, r.column) for r in rejects] == [(4, "day"), (5, "clicks")]
    assert reader.tally.same == 1


def test_a_mapped_metric_has_its_own_name(tmp_path: Path) -> None:
    mapping = write(
        tmp_path,
        "m.toml",
        'name = "m"\nid_prefix = ""\ndate_formats = ["%d.%m.%Y"]\n[[files]]\nkind = "usage"\n'
        'headings = ["k"]\n[files.columns]\naccount_id = "a"\ndate = "d"\n'
        'metric = { column = "k", values = { Logins = "logins" } }\n'
        'value = { column = "v", times = 0.001 }\n',
    )
    path = write(tmp_path, "u.csv", "a,d,k,v\nA,05.11.2026,LOGINS,1500\nA,05.11.2026,other,1\n")
    batches, rejects, _ = read(path, mapping)
    assert days(batches[0]) == {(1, "logins", "2026-11-05"): 1.5}
    assert [(r.line, r.column) for r in rejects] == [(3, "k")]


def test_a_second_row_of_a_day_that_adds_a_value_is_not_taken_for_the_same(tmp_path: Path) -> None:
    rows = "1,A,2026-11-03,,x\n2,A,2026-11-03,4,x\n3,A,2026-11-03,,x\n"
    batches, rejects, reader = read(*events(tmp_path, rows, event_id=""))
    assert [(r.line, r.column) for r in rejects] == [(3, "day")]
    assert reader.tally.same == 1
    assert (1, "clicks", "2026-11-03") not in days(batches[0])


def test_an_event_without_an_id_is_refused(tmp_path: Path) -> None:
    rows = " ,A,2026-11-03,2,map\n,A,2026-11-03,2,map\n7,A,2026-11-03,2,map\n"
    batches, rejects, reader = read(*events(tmp_path, rows))
    assert [(r.line, r.column) for r in rejects] == [(2, "event"), (3, "event")]
    assert "id is missing" in rejects[0].reason
    assert (days(batches[0])[1, "clicks", "2026-11-03"], reader.tally.same) == (2, 0)
