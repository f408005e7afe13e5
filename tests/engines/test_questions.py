"""What engines are asked whose SQL is known to be read otherwise than it looks."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.engines.questions import Questions
from cs_workbench.engines.specs import EventSpec
from cs_workbench.errors import InputError
from tests.engines.event_files import spec

DIALECTS = ("bigquery", "clickhouse", "databricks", "snowflake", "trino")
SCHEMA = {
    **dict.fromkeys(("id", "account", "user_id", "event"), "string"),
    **dict.fromkeys(("ts", "received_at"), "timestamp('UTC')"),
    "seconds": "float64",
}


def asked_all(wanted: EventSpec, dialect: str, kinds: dict[str, str]) -> list[str]:
    """Every question that a pull asks: of a first one, of a later one, and of days."""
    import ibis

    questions = Questions(ibis, wanted, ibis.table(SCHEMA | kinds, name="events"))
    expressions = (
        questions.arrivals(None, 1_775_900_000),
        questions.arrivals(1_775_000_000, 1_775_900_000),
        questions.days(20_540, 20_549),
    )
    return [str(ibis.to_sql(one, dialect=dialect)) for one in expressions]


def lowest(question: str, dialect: str, column: str) -> list[str]:
    """The years that what reads the table asks a column to reach, without doing anything to it."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(question, read=dialect)
    (reading,) = [
        one
        for one in tree.find_all(exp.Select)
        if isinstance(one.args["from_"].this, exp.Table) and one.args["from_"].this.name == "events"
    ]
    where = reading.args.get("where")
    bounds = [] if where is None else where.find_all(exp.GTE)
    return [
        re.findall(r"\b(?:19|20)\d\d\b", one.expression.sql(dialect))[0]
        for one in bounds
        if isinstance(one.this, exp.Column) and one.this.name == column
    ]


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("column", "kind", "years"),
    [
        # One by arrival is passed over by what came before, one by events by what happened before.
        ("received_at", "timestamp('UTC')", ("1999", "2026", "2026")),
        ("ts", "timestamp('UTC')", ("1999", "1999", "2026")),
        ("kept_on", "date", ("1999", "1999", "2026")),
        ("kept_on", "timestamp", ("1999", "1999", "2026")),
        ("kept_on", "string", ("1999", "1999", "2026")),
    ],
)
def test_every_question_bounds_the_column_by_which_the_table_is_cut(
    tmp_path: Path, dialect: str, column: str, kind: str, years: tuple[str, ...]
) -> None:
    wanted = replace(spec(tmp_path, dialect, 'table = "events"'), partition=column)
    asked = asked_all(wanted, dialect, {column: kind})
    assert [set(lowest(one, dialect, column)) for one in asked] == [{year} for year in years]


@pytest.mark.deep
def test_bigquery_is_asked_for_its_own_column_of_when_rows_came(tmp_path: Path) -> None:
    import ibis

    wanted = replace(spec(tmp_path, "bigquery", 'table = "events"'), partition="PARTITIONTIME")
    native = ibis.table({**SCHEMA, "_PARTITIONTIME": "timestamp('UTC')"}, name="events")
    events = native.rename(PARTITIONTIME="_PARTITIONTIME")  # as Ibis' connection does
    asked = str(ibis.to_sql(Questions(ibis, wanted, events).arrivals(None, 1), dialect="bigquery"))
    assert lowest(asked, "bigquery", "_PARTITIONTIME") == ["1999"]


@pytest.mark.deep
def test_a_table_is_not_cut_by_numbers(tmp_path: Path) -> None:
    wanted = replace(spec(tmp_path, "bigquery", 'table = "events"'), partition="seconds")
    with pytest.raises(InputError, match="partition seconds: moments or days are needed"):
        asked_all(wanted, "bigquery", {})


def asked(folder: Path, dialect: str, moment: str = "timestamp('UTC')") -> tuple[str, str]:
    """What the engine is asked for ten days, and for arrivals, in its own language."""
    import ibis

    wanted = spec(folder, dialect, 'table = "events"')
    events: Any = ibis.table(SCHEMA | dict.fromkeys(("ts", "received_at"), moment), name="events")
    questions = Questions(ibis, wanted, events)
    both = questions.days(20_540, 20_549), questions.arrivals(1_775_000_000, 1_775_900_000)
    days, arrivals = (" ".join(str(ibis.to_sql(one, dialect=dialect)).split()) for one in both)
    return days, arrivals


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_question_compiles_and_leaves_the_session_out(tmp_path: Path, dialect: str) -> None:
    days, arrivals = asked(tmp_path, dialect)
    # The days of Tokyo and of New York, whose clocks change by then or not, stand there as seconds.
    assert "32400" in days
    assert "14400" in days
    assert "America/New_York" not in days
    for word in ("CURRENT_TIMESTAMP", "AT TIME ZONE", "EUROPE", "SESSION"):
        assert word not in days.upper()
    assert re.search(r"received_at.? >= \S+", arrivals)  # so that partitions may be passed over


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
def test_moments_without_a_zone_are_held_against_such(tmp_path: Path, dialect: str) -> None:
    for question in asked(tmp_path, dialect, "timestamp"):
        assert "+00:00'" not in question.replace("parseDateTimeBestEffort", "")
        assert "TIMESTAMP_TZ_FROM_PARTS" not in question  # of no zone it is null in Snowflake
        # BigQuery has no UNIX_SECONDS of a DATETIME.
        assert ("UNIX_SECONDS(CAST(" in question) == (dialect == "bigquery")


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
def test_dates_are_days_in_every_zone(tmp_path: Path, dialect: str) -> None:
    days, _ = asked(tmp_path, dialect, "date")
    assert "1970" in days
    for ahead in ("32400", "14400", "UNIX", "EPOCH"):
        assert ahead not in days.upper()


@pytest.mark.deep
def test_clickhouse_counts_different_values_exactly(tmp_path: Path) -> None:
    days, _ = asked(tmp_path, "clickhouse")
    assert "groupUniqArray" in days
    assert "uniq(" not in days


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_result_is_named_as_a_table_or_a_column(tmp_path: Path, dialect: str) -> None:
    names = re.findall(r'AS ["`](\w+)["`]', asked(tmp_path, dialect)[0])
    results = {name for name in names if not re.fullmatch(r"t\d+", name)}
    assert results
    assert {name for name in results if not name.startswith("csw_")} == set()
    tables = {name for name in names if re.fullmatch(r"t\d+", name)}
    assert len(tables) == sum(re.fullmatch(r"t\d+", name) is not None for name in names)


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_stands_inside_of_json_is_asked_for_as_text(tmp_path: Path, dialect: str) -> None:
    import ibis

    wanted = replace(spec(tmp_path, dialect, 'table = "events"'), account="groups.firm")
    events: Any = ibis.table({**SCHEMA, "groups": "json"}, name="events")
    asked = str(ibis.to_sql(Questions(ibis, wanted, events).days(1, 2), dialect=dialect))
    unwrapped = {
        "bigquery": "safe.string(",
        "clickhouse": "JSONExtractString(",
        "databricks": "TRY_VARIANT_GET(",
        "snowflake": "AS_VARCHAR(",
        "trino": "JSON_VALUE(",
    }
    assert unwrapped[dialect] in asked
