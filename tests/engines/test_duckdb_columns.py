"""Accounts, moments and numbers that stand inside of a column, in each form that exports have."""

import json
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import read_spec
from cs_workbench.errors import InputError

SPEC = """
name = "product"
files = "{file}"
time_unit = "{unit}"
[columns]
account = "{account}"
time = "properties.time"
id = "uuid"
[[metrics]]
name = "events"
[[metrics]]
name = "plans"
count_distinct = "properties.plan"
[[metrics]]
name = "reports"
where = {{ "properties.kind" = "report" }}
[[metrics]]
name = "seconds"
sum = "properties.seconds"
"""
MOMENT = 1_772_452_800  # 2 March 2026, 12:00 UTC
DAY = MOMENT // 86_400
FOUND = {("K-1", DAY): (2, 2, 1, 3.5), ('it\'s "B"', DAY): (1, 1, 0, None)}


def records(moment: object = MOMENT, **more: object) -> list[dict[str, Any]]:
    shared = {"time": moment, **more}
    return [
        {"$groups": {"firm": "K-1"}, "plan": "team", "kind": "report", "seconds": 1.5, **shared},
        {"$groups": {"firm": "K-1"}, "plan": "pro", "kind": "login", "seconds": 2, **shared},
        {"$groups": {"firm": 'it\'s "B"'}, "plan": "pro", "kind": "login", **shared},
    ]


def lines(folder: Path, rows: list[dict[str, Any]]) -> str:
    """JSON lines, each with its properties inside."""
    written = (json.dumps({"uuid": f"e{n}", "properties": row}) for n, row in enumerate(rows))
    (folder / "events.jsonl").write_text("\n".join(written), "utf-8")
    return "events.jsonl"


def parquet(folder: Path, form: str, rows: list[dict[str, Any]]) -> str:
    """Parquet, whose properties are JSON, or text of it, as PostHog exports them."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE events (uuid VARCHAR, properties {form})")
    texts = [(f"e{n}", json.dumps(row)) for n, row in enumerate(rows)]
    connection.executemany("INSERT INTO events VALUES (?, ?)", texts)
    connection.execute(f"COPY events TO '{folder / 'events.parquet'}' (FORMAT parquet)")
    connection.close()
    return "events.parquet"


def counted(folder: Path, file: str, account: str, unit: str = "s") -> dict[tuple[str, int], Any]:
    spec = folder / "spec.toml"
    spec.write_text(SPEC.format(file=file, account=account, unit=unit), "utf-8")
    engine = open_engine(read_spec(spec))
    try:
        assert engine.arrivals(MOMENT - 1, MOMENT).nameless == 0
        return {(name, day): values for name, day, values in engine.days(DAY - 1, DAY + 1)}
    finally:
        engine.close()


@pytest.mark.parametrize("form", ["VARCHAR", "JSON"])
def test_json_in_a_column_is_taken_apart(tmp_path: Path, form: str) -> None:
    file = parquet(tmp_path, form, records())
    assert counted(tmp_path, file, "properties.$groups.firm") == FOUND


def test_moments_inside_of_json_may_be_texts(tmp_path: Path) -> None:
    file = parquet(tmp_path, "VARCHAR", records("2026-03-02T12:00:00Z"))
    assert counted(tmp_path, file, "properties.$groups.firm", "timestamp") == FOUND


def test_objects_of_json_lines_are_taken_apart(tmp_path: Path) -> None:
    assert counted(tmp_path, lines(tmp_path, records()), "properties.$groups.firm") == FOUND


def test_objects_of_very_many_keys_are_taken_apart(tmp_path: Path) -> None:
    rows = [row for n in range(300) for row in records(**{f"property {n}": "x"})]
    found = counted(tmp_path, lines(tmp_path, rows), "properties.$groups.firm")
    assert {key: values[0] for key, values in found.items()} == {
        key: values[0] * 300 for key, values in FOUND.items()
    }


def test_a_list_of_one_is_that_one(tmp_path: Path) -> None:
    rows = [{**row, "$groups": {"firm": [row["$groups"]["firm"]]}} for row in records()]
    assert counted(tmp_path, lines(tmp_path, rows), "properties.$groups.firm") == FOUND


def test_a_column_whose_name_has_a_point_is_that_column(tmp_path: Path) -> None:
    rows = [{**row, "time": MOMENT} for row in records()]
    written = [
        {"uuid": f"e{n}", "groups.firm": row.pop("$groups")["firm"], "properties": row}
        for n, row in enumerate(rows)
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(map(json.dumps, written)), "utf-8")
    assert counted(tmp_path, "events.jsonl", "groups.firm") == FOUND


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="accuont"):
        counted(tmp_path, lines(tmp_path, records()), "accuont")
