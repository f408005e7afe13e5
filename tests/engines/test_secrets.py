import pytest

from cs_workbench.engines.secrets import looked_up
from cs_workbench.errors import InputError


def test_secrets_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSW_TEST_SECRET", "hunter2")
    given = {"host": "db", "port": 5432, "options": {"password": "env:CSW_TEST_SECRET"}}
    assert looked_up(given) == {"host": "db", "port": 5432, "options": {"password": "hunter2"}}
    with pytest.raises(InputError, match="has no CSW_TEST_OTHER"):
        looked_up("env:CSW_TEST_OTHER")
