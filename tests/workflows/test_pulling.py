import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cs_workbench.engines.duckdb_files import DuckDBFiles
from cs_workbench.engines.events import DayRow
from cs_workbench.errors import InputError
from cs_workbench.store.database import Database, write
from cs_workbench.store.import_log import import_log
from cs_workbench.workflows.pulling import PullReport, pull_usage
from tests.factories import add_account

TODAY = dt.date(2026, 11, 27)
SPEC = """
name = "product"
files = "*.jsonl"
lag_days = 2
chunk_days = 4
[columns]
account = "account"
time = "ts"
arrived = "received_at"
id = "id"
[[metrics]]
name = "events"
[[metrics]]
name = "active_users"
count_distinct = "user_id"
"""


@pytest.fixture
def book(db: Database) -> Database:
    with write(db) as connection:
        add_account(connection, "acct-1", name="Kestrel Logistics")
        add_account(connection, "acct-2", name="Blue Harbor Foods")
    return db


def events(folder: Path, name: str, *rows: tuple[str, str, str, str, str | None]) -> Path:
    """A file of events: id, account, user, time, arrival; and what counts them beside it."""
    names = ("id", "account", "user_id", "ts", "received_at")
    lines = [json.dumps(dict(zip(names, row, strict=True))) for row in rows]
    (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    spec = folder / "spec.toml"
    spec.write_text(SPEC, "utf-8")
    return spec


def event(
    number: int, day: int, account: str = "acct-1", arrived: int | None = None
) -> tuple[str, str, str, str, str]:
    """An event of a morning, which came the night after or at eleven of another day."""
    moment = f"2026-11-{day:02}T10:00:00Z"
    came = f"2026-11-{arrived:02}T11:00:00Z" if arrived else f"2026-11-{day + 1:02}T01:00:00Z"
    return f"e{number}", account, f"u{number}", moment, came


def counted(db: Database, metric: str = "events") -> dict[tuple[str, str], float]:
    rows = db.connection.execute(
        "SELECT account_id, day, value FROM usage_day JOIN account USING (account_key) "
        "JOIN usage_metric m USING (metric_id) WHERE m.name = ?",
        (metric,),
    )
    return {(row[0], row[1][-2:]): row[2] for row in rows}


def pull(
    db: Database, spec: Path, since: dt.date | None = None, today: dt.date = TODAY
) -> PullReport:
    """A pull at the end of a day."""
    return pull_usage(db, spec, actor="ana", now=late_on(today), since=since)


def late_on(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC)


def outcome(report: PullReport) -> tuple[int, int, int, int]:
    counts = report.counts
    return report.plan.arrivals.events, counts.new, counts.changed, counts.same


def test_a_first_pull_counts_everything_and_the_next_one_nothing(
    book: Database, tmp_path: Path
) -> None:
    first = [event(1, 2), event(2, 2), event(2, 2), event(3, 20), event(4, 2, "Blue Harbor Foods")]
    spec = events(tmp_path, "a", *first)
    assert outcome(pull(book, spec)) == (5, 6, 0, 0)
    assert counted(book) == {
        ("acct-1", "02"): 2,
        ("acct-1", "20"): 1,
        ("acct-2", "02"): 1,
        ("acct-2", "20"): 0,
    }
    assert counted(book, "active_users")["acct-1", "02"] == 2
    assert outcome(pull(book, spec)) == (0, 0, 0, 0)


def test_what_arrives_late_is_counted_within_the_lag(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 10), event(2, 20))
    pull(book, spec)
    events(tmp_path, "b", event(3, 21), event(4, 19, arrived=21))
    report = pull(book, spec)
    assert (report.plan.first, report.plan.late_from) == (dt.date(2026, 11, 19), None)
    assert outcome(report) == (2, 4, 0, 2)
    events(tmp_path, "c", event(5, 10, arrived=22))
    late = pull(book, spec)
    assert (late.plan.late_from, counted(book)["acct-1", "10"]) == (dt.date(2026, 11, 10), 1)
    again = pull(book, spec, since=dt.date(2026, 11, 1))
    assert (again.plan.first, counted(book)["acct-1", "10"]) == (dt.date(2026, 11, 1), 2)
    corrected = "SELECT day, old, new FROM usage_correction ORDER BY day, new"
    assert [tuple(row) for row in book.connection.execute(corrected)][:2] == [
        ("2026-11-10", 1.0, 2.0),
        ("2026-11-10", 1.0, 2.0),
    ]


def test_what_is_counted_is_not_told_to_be_late_where_later_days_are_asked_for(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", event(1, 18), event(2, 19), event(3, 20, arrived=20))
    assert pull(book, spec).plan.last == dt.date(2026, 11, 19)
    asked = pull(book, spec, since=dt.date(2026, 11, 20))  # looks from the 18th on
    assert (asked.plan.arrivals.events, asked.plan.late_from) == (3, None)
    assert pull(book, spec).plan.late_from is None


def test_days_asked_for_need_no_look_at_what_came_long_before(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", *(event(number, number) for number in range(1, 21)))
    asked = pull(book, spec, since=dt.date(2026, 11, 15))
    assert (asked.plan.arrivals.events, sorted(counted(book))[0][1]) == (9, "15")
    events(tmp_path, "b", event(30, 8, arrived=22), event(31, 21))
    again = pull(book, spec, since=dt.date(2026, 11, 20))  # looks from the 18th on
    assert (again.plan.arrivals.events, again.plan.late_from) == (6, dt.date(2026, 11, 8))
    events(tmp_path, "c", event(40, 7, arrived=23))
    far = pull(book, spec, since=dt.date(2026, 11, 27))  # what came since the watermark too
    assert (far.plan.arrivals.events, far.plan.late_from) == (1, dt.date(2026, 11, 8))
    assert pull(book, spec).plan.late_from == dt.date(2026, 11, 7)


def test_a_dry_run_says_what_it_would_ask(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 10))
    report = pull_usage(book, spec, actor="ana", now=late_on(TODAY), dry_run=True)
    assert "GROUP BY account, day" in report.question
    assert counted(book) == {}
    assert outcome(pull(book, spec))[1] == 2


def test_accounts_that_are_not_there_are_named(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 10, "nobody"), event(2, 10, ""), event(3, 10))
    report = pull(book, spec)
    assert (report.unknown, report.examples) == (1, ("nobody",))
    assert (report.plan.arrivals.nameless, outcome(report)[1]) == (1, 2)


def test_events_under_two_names_of_an_account_are_added(book: Database, tmp_path: Path) -> None:
    named = [event(1, 10), event(2, 10, "Kestrel Logistics"), event(3, 10, "Kestrel Logistics")]
    spec = events(tmp_path, "a", *named, event(4, 11, "Kestrel Logistics"))
    pull(book, spec)
    assert counted(book) == {("acct-1", "10"): 3, ("acct-1", "11"): 1}


def test_a_pull_that_breaks_off_goes_on_and_misses_nothing(
    book: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = events(tmp_path, "a", *(event(number, number) for number in range(1, 21)))
    whole = DuckDBFiles.days

    def breaks(self: DuckDBFiles, first: int, last: int) -> Iterator[DayRow]:
        if first > 20_770:
            raise KeyboardInterrupt
        return whole(self, first, last)

    with monkeypatch.context() as patched:
        patched.setattr(DuckDBFiles, "days", breaks)
        with pytest.raises(KeyboardInterrupt):
            pull(book, spec)
    assert 0 < len(counted(book)) < 20
    # meanwhile something arrives for a day that is in, and something new
    events(tmp_path, "b", event(50, 2, arrived=25), event(51, 25))
    resumed = pull(book, spec)
    assert resumed.plan.resumed
    assert resumed.plan.first is not None
    assert resumed.plan.first > dt.date(2026, 11, 2)
    assert len(counted(book)) == 21
    following = pull(book, spec)
    assert following.plan.late_from == dt.date(2026, 11, 2)  # and so it is said, not lost
    pull(book, spec, since=dt.date(2026, 11, 1))
    assert counted(book)["acct-1", "02"] == 2
    assert {one.state for one in import_log(book, 10)} == {"done"}


def test_a_day_that_is_not_over_waits_for_the_next_pull(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 24), event(2, 25))
    on = dt.date(2026, 11, 25)
    assert pull(book, spec, today=on).plan.last == dt.date(2026, 11, 24)
    assert counted(book) == {("acct-1", "24"): 1}
    events(tmp_path, "b", event(3, 25, arrived=26))
    assert pull(book, spec, today=on + dt.timedelta(days=1)).plan.last == on
    assert counted(book) == {("acct-1", "24"): 1, ("acct-1", "25"): 2}
    corrections = "SELECT count(*) FROM usage_correction"
    assert book.connection.execute(corrections).fetchone()[0] == 0


def test_what_came_too_late_is_told_until_it_is_counted(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 8), event(2, 10), event(3, 20))
    pull(book, spec, today=dt.date(2026, 11, 21))
    # Of the 26th, which is not over, some arrived before and after what came too late.
    late = [event(4, 26, arrived=26), event(5, 10, arrived=26), event(6, 9, arrived=26)]
    events(tmp_path, "b", event(7, 25), *late, event(8, 26, arrived=26))
    on = dt.date(2026, 11, 26)
    assert pull(book, spec, today=on).plan.late_from == dt.date(2026, 11, 9)
    assert pull(book, spec, today=on).plan.late_from == dt.date(2026, 11, 9)
    far = pull(book, spec, today=on, since=dt.date(2026, 11, 10))
    assert (far.plan.late_from, counted(book)["acct-1", "10"]) == (dt.date(2026, 11, 9), 2)
    whole = pull(book, spec, today=on, since=dt.date(2026, 11, 9))
    assert (whole.plan.late_from, counted(book)["acct-1", "09"]) == (None, 1)
    events(tmp_path, "c", event(9, 26))
    following = pull(book, spec)
    assert (following.plan.late_from, counted(book)["acct-1", "26"]) == (None, 3)
    events(tmp_path, "d", event(10, 8, arrived=28))
    assert pull(book, spec, today=dt.date(2026, 11, 28)).plan.late_from == dt.date(2026, 11, 8)


def test_a_feed_that_stopped_in_the_middle_of_a_day_leaves_the_day_out(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", event(1, 24), event(2, 25, arrived=25))
    stopped = pull(book, spec)
    assert (stopped.plan.waits, counted(book)) == (dt.date(2026, 11, 25), {("acct-1", "24"): 1})
    assert pull(book, spec).plan.waits == dt.date(2026, 11, 25)
    asked = pull(book, spec, since=dt.date(2026, 11, 25))
    assert (asked.plan.waits, counted(book)["acct-1", "25"]) == (None, 1)
    events(tmp_path, "b", event(3, 25, arrived=26), event(4, 26, arrived=26))
    assert pull(book, spec).plan.waits is None
    assert counted(book) == {("acct-1", "24"): 1, ("acct-1", "25"): 2}


def test_a_day_that_just_ended_is_counted_as_it_is_where_it_is_asked_for(
    book: Database, tmp_path: Path
) -> None:
    spec = events(tmp_path, "a", event(1, 24), event(2, 25))
    pull(book, spec, today=dt.date(2026, 11, 26))
    events(tmp_path, "b", event(3, 27, arrived=27))
    now = dt.datetime(2026, 11, 28, 4, 24, tzinfo=dt.UTC)

    def asked(day: int) -> tuple[dt.date | None, dt.date | None]:
        since = dt.date(2026, 11, day)
        plan = pull_usage(book, spec, actor="ana", now=now, since=since).plan
        return plan.first, plan.late_from

    assert asked(28) == (None, None)
    with pytest.raises(InputError, match="2026-11-29 is still to come"):
        asked(29)
    assert ("acct-1", "27") not in counted(book)
    assert asked(27) == (dt.date(2026, 11, 27), None)
    assert counted(book)["acct-1", "27"] == 1


def test_a_feed_that_is_silent_all_weekend_may_say_when_a_day_is_whole(
    book: Database, tmp_path: Path
) -> None:
    thursday, friday = event(1, 19), event(2, 20, arrived=20)
    spec = events(tmp_path, "a", thursday, friday)
    saturday = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
    assert pull_usage(book, spec, actor="ana", now=saturday).plan.last == dt.date(2026, 11, 19)
    spec.write_text(f"whole_after_hours = 6\n{SPEC}", "utf-8")
    assert pull_usage(book, spec, actor="ana", now=saturday).plan.last == dt.date(2026, 11, 20)
    assert counted(book) == {("acct-1", "19"): 1, ("acct-1", "20"): 1}


def test_only_part_of_a_day_is_nothing_to_count_yet(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 25, arrived=25))
    on = dt.date(2026, 11, 25)
    assert pull(book, spec, today=on).counts.new == 0
    early = pull(book, spec, today=on, since=on)
    assert (early.plan.first, early.plan.waits) == (None, None)
    events(tmp_path, "b", event(2, 26, arrived=26))
    assert outcome(pull(book, spec))[:2] == (2, 2)


@pytest.mark.parametrize("ahead", ["2031-01-01T00:00:00Z", "2026-11-28T00:00:01Z"])
def test_a_clock_that_runs_ahead_ends_no_day_and_hides_nothing_that_comes(
    book: Database, tmp_path: Path, ahead: str
) -> None:
    spec = events(
        tmp_path, "a", event(1, 25), event(2, 26, arrived=26), ("e9", "acct-1", "u9", ahead, ahead)
    )
    first = pull(book, spec)
    assert (first.plan.arrivals.events, first.plan.last) == (2, dt.date(2026, 11, 25))
    events(tmp_path, "b", event(3, 26), event(4, 27))
    pull(book, spec, today=dt.date(2026, 11, 28))
    days = {day: value for (_, day), value in counted(book).items()}
    assert days == {"25": 1, "26": 2, "27": 1}


def test_what_comes_seconds_ahead_of_our_clock_is_left_to_the_next_pull(
    book: Database, tmp_path: Path
) -> None:
    minute = dt.datetime(2026, 11, 27, 0, 1, tzinfo=dt.UTC)
    came = "2026-11-27T00:01:20Z"
    spec = events(tmp_path, "a", event(1, 26, arrived=26), ("e2", "acct-1", "u2", came, came))

    def at(now: dt.datetime) -> tuple[int, dt.date | None]:
        plan = pull_usage(book, spec, actor="ana", now=now).plan
        return plan.arrivals.events, plan.last

    assert at(minute) == (1, None)
    assert at(minute + dt.timedelta(minutes=1)) == (2, dt.date(2026, 11, 26))
    assert counted(book) == {("acct-1", "26"): 1}


def test_an_event_that_does_not_say_when_it_came_is_counted_with_its_day(
    book: Database, tmp_path: Path
) -> None:
    untold = ("e2", "acct-1", "u2", "2026-11-25T12:00:00Z", None)
    spec = events(tmp_path, "a", event(1, 25), untold)
    assert outcome(pull(book, spec))[:2] == (2, 2)
    assert counted(book) == {("acct-1", "25"): 2}
    assert pull(book, spec).plan.arrivals.events == 0


def test_events_none_of_which_says_when_it_came_are_refused(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", ("e1", "acct-1", "u1", "2026-11-25T12:00:00Z", None))
    with pytest.raises(InputError, match="no event says when it arrived: received_at is empty"):
        pull(book, spec)


def test_a_day_is_over_when_it_is_over_in_every_zone(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 24), event(2, 25, arrived=26))
    zones = '[zones]\n"acct-2" = "Pacific/Honolulu"\n[columns]'  # there 26 Nov began at 10:00 UTC
    spec.write_text(spec.read_text("utf-8").replace("[columns]", zones), "utf-8")
    assert pull(book, spec, today=dt.date(2026, 11, 26)).plan.last == dt.date(2026, 11, 25)
    moved = spec.read_text("utf-8").replace("Pacific/Honolulu", "Pacific/Midway")  # at 11:00
    spec.write_text(moved.replace("product", "again"), "utf-8")
    assert pull(book, spec, today=dt.date(2026, 11, 26)).plan.last == dt.date(2026, 11, 25)


def test_who_had_no_event_on_a_counted_day_has_a_zero(book: Database, tmp_path: Path) -> None:
    both = [event(1, 2), event(2, 2, "acct-2")]
    spec = events(tmp_path, "a", *both, event(3, 4), event(4, 6, "nobody"))
    report = pull(book, spec)
    assert {key[1]: value for key, value in counted(book).items() if key[0] == "acct-2"} == {
        "02": 1,
        "04": 0,  # nobody had an event on the third: it stays unknown
        "06": 0,  # an account that the portfolio lacks shows that events were counted
    }
    assert report.zeros == 2 * 3  # two metrics: acct-2 on two days, acct-1 on one
    assert outcome(pull(book, spec, since=dt.date(2026, 11, 1)))[1:] == (0, 0, 6)


def test_quiet_days_may_be_left_unknown(book: Database, tmp_path: Path) -> None:
    spec = events(tmp_path, "a", event(1, 2), event(2, 2, "acct-2"), event(3, 4))
    unknown = spec.read_text("utf-8").replace("lag_days", 'quiet_days = "unknown"\nlag_days')
    spec.write_text(unknown, "utf-8")
    assert pull(book, spec).zeros == 0
    assert ("acct-2", "04") not in counted(book)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_date_is_that_day_whatever_the_zone(book: Database, tmp_path: Path, zone: str) -> None:
    days = "".join(f"acct-1,2026-11-{day}\n" for day in range(23, 27))
    (tmp_path / "days.csv").write_text(f"account,day\n{days}", "utf-8")
    spec = tmp_path / "spec.toml"
    spec.write_text(
        f'name = "p"\nfiles = "days.csv"\nzone = "{zone}"\n[columns]\naccount = "account"\n'
        'time = "day"\n[[metrics]]\nname = "events"\n',
        "utf-8",
    )
    noon = dt.datetime(2026, 11, 28, 12, tzinfo=ZoneInfo(zone))
    plan = pull_usage(book, spec, actor="ana", now=noon).plan
    assert (plan.last, plan.waits) == (dt.date(2026, 11, 25), dt.date(2026, 11, 26))
    assert sorted(counted(book)) == [("acct-1", day) for day in ("23", "24", "25")]
    with (tmp_path / "days.csv").open("a", encoding="utf-8") as more:
        more.write("acct-1,2026-11-28\nacct-1,2026-11-29\n")
    early = dt.datetime(2026, 11, 28, 0, 1, tzinfo=ZoneInfo(zone))
    assert pull_usage(book, spec, actor="ana", now=early).plan.last == dt.date(2026, 11, 27)
