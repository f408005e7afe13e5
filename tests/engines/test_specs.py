from pathlib import Path

import pytest

from cs_workbench.engines.specs import read_spec
from cs_workbench.errors import InputError
from tests.importers.sources import write

GOOD = """
name = "product"
engine = "postgres"
table = "analytics.tracks"
[connection]
host = "db"
password = "env:PGPASSWORD"
[columns]
account = "group_id"
time = "timestamp"
[[metrics]]
name = "events"
"""


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    spec = read_spec(write(tmp_path, "a.toml", GOOD))
    assert (spec.arrived, spec.event_id, spec.zone, spec.time_unit) == ("timestamp", None, "UTC", 0)
    assert (spec.lag_days, spec.chunk_days, spec.grouped, spec.totals) == (3, 31, (), ())
    assert (spec.partition, spec.whole_after_hours) == (None, None)


def test_what_is_said_is_taken(tmp_path: Path) -> None:
    said = GOOD.replace("[columns]", '[columns]\npartition = "day"')
    spec = read_spec(write(tmp_path, "a.toml", f"whole_after_hours = 6\n{said}"))
    assert (spec.partition, spec.columns, spec.whole_after_hours) == (
        "day",
        ("group_id", "timestamp", "day"),
        6,
    )


def test_paths_are_from_where_the_file_is(tmp_path: Path) -> None:
    text = GOOD.replace('engine = "postgres"\ntable = "analytics.tracks"', 'files = "e/*.parquet"')
    spec = read_spec(write(tmp_path, "a.toml", text))
    assert (spec.engine, spec.files) == ("duckdb", (str(tmp_path / "e/*.parquet"),))


@pytest.mark.parametrize(
    ("engine", "given", "meant"),
    [
        ("sqlite", "e.db", "{folder}/e.db"),
        ("duckdb", "/srv/e.duckdb", "/srv/e.duckdb"),
        ("duckdb", "env:EVENTS", "env:EVENTS"),
        ("trino", "e", "e"),
    ],
)
def test_a_database_that_is_a_file_lies_where_the_specification_does(
    tmp_path: Path, engine: str, given: str, meant: str
) -> None:
    text = GOOD.replace('"postgres"', f'"{engine}"').replace('host = "db"', f'database = "{given}"')
    spec = read_spec(write(tmp_path, "a.toml", text))
    assert spec.connection["database"] == meant.format(folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"postgres"', '"oracle"', "engine: must be one of"),
        ('"env:PGPASSWORD"', '"hunter2"', "connection password: secrets stand as env:NAME"),
        ('password = "env:PGPASSWORD"', 'private_key = "MII"', "connection private_key: secrets"),
        ('password = "env:PGPASSWORD"', 'auth = { Token = "t" }', "connection Token: secrets"),
        *(
            ('password = "env:PGPASSWORD"', setting, f"connection {name}: secrets")
            for setting, name in (
                ('url = "pg://me:hunter2@host/db"', "url"),
                ('auths = [{ user = "me", pass_token = "xyz" }]', "pass_token"),
                ('credentials = { private = "xyz" }', "private"),
                ('dsn = "host=h user=u password=geheim"', "dsn"),
                ('url = "https://h/?access_token=abc"', "url"),
                ('tokens = ["env:A", "xyz"]', "tokens"),
            )
        ),
        ('table = "analytics.tracks"', "", "either files or table"),
        ('table = "analytics.tracks"', 'files = "a.parquet"', "files are read by duckdb"),
        ('account = "group_id"', "", "columns account: text is needed"),
        ('name = "product"', 'name = "product"\nzone = "Mars"', "zone: 'Mars' is no time zone"),
        ('name = "product"', 'name = "product"\nlag_days = 0', "lag_days: must be 1 or more"),
        ('name = "product"', 'name = "product"\nwhole_after_hours = 0', "must be 1 or more"),
        ('name = "product"', 'name = "product"\ntime_unit = "h"', "time_unit: must be one of"),
        ('name = "product"', 'name = "product"\nlimit = 1', "unknown key 'limit'"),
        ('name = "events"', 'name = "a"\nsum = "b"\ncount_distinct = "c"', "count_distinct or sum"),
        ('name = "events"', 'name = "a"\n[[metrics]]\nname = "a"', "two have the same name"),
        ('[[metrics]]\nname = "events"', "", "at least one"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        read_spec(write(tmp_path, "a.toml", GOOD.replace(old, new)))


@pytest.mark.parametrize(
    "setting", ['private_key_file = "k.p8"', 'url = "pg://me@host/db"', 'token = "keyring:csw/me"']
)
def test_what_is_no_secret_stands_in_the_file(tmp_path: Path, setting: str) -> None:
    text = GOOD.replace('password = "env:PGPASSWORD"', setting)
    name, _ = setting.split(" = ", maxsplit=1)
    assert name in read_spec(write(tmp_path, "a.toml", text)).connection
