"""What engines would be asked that cannot be started here."""

from pathlib import Path
from typing import Any

import pytest

from cs_workbench.engines.questions import Questions
from cs_workbench.engines.warehouse import secret
from cs_workbench.errors import InputError
from tests.engines.event_files import spec

DIALECTS = ("bigquery", "clickhouse", "databricks", "snowflake", "trino")
SCHEMA = {
    **dict.fromkeys(("id", "account", "user_id", "event"), "string"),
    **dict.fromkeys(("ts", "received_at"), "timestamp('UTC')"),
    "seconds": "float64",
}


@pytest.mark.deep
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_question_compiles_and_leaves_the_session_out(tmp_path: Path, dialect: str) -> None:
    import ibis

    wanted = spec(tmp_path, dialect, 'table = "events"')
    events: Any = ibis.table(SCHEMA, name="events")
    questions = Questions(ibis, wanted, events)
    asked = str(ibis.to_sql(questions.days(20_540, 20_549), dialect=dialect))
    # The days of Tokyo and of New York, whose clocks change by then or not, stand there as seconds.
    assert "32400" in asked
    assert "14400" in asked
    assert "America/New_York" not in asked
    for word in ("CURRENT_TIMESTAMP", "AT TIME ZONE 'Europe", "SESSION"):
        assert word not in asked.upper()
    assert str(ibis.to_sql(questions.arrivals(1_775_000_000), dialect=dialect))


def test_secrets_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSW_TEST_SECRET", "hunter2")
    given = {"host": "db", "port": 5432, "options": {"password": "env:CSW_TEST_SECRET"}}
    assert secret(given) == {"host": "db", "port": 5432, "options": {"password": "hunter2"}}
    with pytest.raises(InputError, match="has no CSW_TEST_OTHER"):
        secret("env:CSW_TEST_OTHER")
