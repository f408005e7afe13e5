import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.config import (
    RENEWALS,
    config_path,
    default_database,
    load_config,
    own_file,
    own_scorecard,
    read_today,
    scorecard_in_use,
)
from cs_workbench.errors import InputError, UsageError


def write_config(text: str) -> Path:
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_there_are_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "ana")
    monkeypatch.setenv("LOGNAME", "ana")
    config = load_config()
    assert (config.me, config.db, config.theme) == ("ana", default_database(), "csw-dark")
    assert (config.ascii, config.currency, config.mouse) == (False, "", True)


def test_the_file_sets_and_the_environment_overrules(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(
        'me = "Ana Ruiz"\ndb = "~/book.db"\ncurrency = "EUR"\nmouse = false\nascii = true\n'
    )
    config = load_config()
    assert (config.me, config.currency) == ("Ana Ruiz", "EUR")
    assert (config.mouse, config.ascii) == (False, True)
    assert config.db == Path.home() / "book.db"
    monkeypatch.setenv("CSW_ME", "Bo")
    monkeypatch.setenv("CSW_DB", "/data/other.db")
    monkeypatch.setenv("CSW_ASCII", "0")
    monkeypatch.setenv("CSW_QUICK_START", "0")
    config = load_config()
    assert (config.me, config.db, config.ascii) == ("Bo", Path("/data/other.db"), False)
    assert not config.quick_start


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour = 'red'", "unknown setting 'colour'"),
        ("mouse = 'yes'", "mouse must be a bool"),
        ("me = 3", "me must be a str"),
        ("me = ", "cannot be read"),
        ("keys = 'o'", r"keys is a table, \[keys\]"),
        ("[keys]\naccounts.sort = 'o'", 'put quotes: "accounts.sort"'),
        ("[keys]\n'accounts.sort' = 3", "accounts.sort must be a key in quotes, not 3"),
        ("[keys]\n'accounts.sort' = ''", "must be a key in quotes"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(text: str, told: str) -> None:
    path = write_config(text)
    with pytest.raises(InputError, match=told) as caught:
        load_config()
    assert str(path) in str(caught.value)


def test_keys_of_ones_own_are_read() -> None:
    write_config('[keys]\n"accounts.sort" = "o"\n')
    assert load_config().keys == {"accounts.sort": "o"}


def test_a_file_that_is_no_text_is_told() -> None:
    path = write_config("")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_config()


def test_settings_that_may_not_be_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_config("me = 'Ana'")

    def refused(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refused)  # root may read everything
    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(InputError, match=r"cannot be read.*Permission denied"):
        load_config()


def test_today_is_given_or_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert abs((read_today() - dt.datetime.now(dt.UTC).date()).days) <= 1
    monkeypatch.setenv("CSW_TODAY", "2026-11-23")
    assert read_today() == dt.date(2026, 11, 23)
    assert read_today("2026-12-01") == dt.date(2026, 12, 1)
    with pytest.raises(UsageError, match="Write it as"):
        read_today("tomorrow")


def test_ones_own_scorecard_is_used_once_it_is_there() -> None:
    assert scorecard_in_use(None) is None
    write_config("")
    own_scorecard().write_text("x")
    assert scorecard_in_use(None) == own_scorecard()
    assert scorecard_in_use(Path("named.toml")) == Path("named.toml")


def test_ones_own_renewal_policy_is_used_once_it_is_there() -> None:
    assert load_config().renewals is None
    write_config("")
    own_file(RENEWALS).write_text("x")
    assert load_config().renewals == own_file(RENEWALS)
    write_config('renewals = "named.toml"')
    assert load_config().renewals == Path("named.toml")
