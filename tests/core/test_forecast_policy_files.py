from dataclasses import fields
from importlib.resources import files

import pytest

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecast_policy_files import check_policy, read_policy
from cs_workbench.errors import InputError

TEXT = (files("cs_workbench") / "policies" / "renewals.toml").read_text(encoding="utf-8")


def test_the_shipped_file_and_the_defaults_are_the_same() -> None:
    read, assumed = read_policy(TEXT, "renewals.toml"), ForecastPolicy()
    for one in fields(ForecastPolicy):
        assert getattr(read, one.name) == getattr(assumed, one.name), one.name


def test_what_is_left_out_is_as_shipped() -> None:
    read = read_policy("[gate]\ndays = 60\n", "x")
    assert (read.gate_days, read.gate_allows) == (60, ForecastPolicy().gate_allows)
    assert read_policy("", "x") == ForecastPolicy()
    assert read_policy("[required]\n'on change' = ['reason']", "x").required_on_change == (
        "reason",
    )


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[gate]\ndays = -1", 2, "days must be 0 or more, not -1"),
        ("[gate]\nallows = ['liekly']", 2, "cannot be 'liekly'; did you mean likely?"),
        ("[gate]\nallow = []", 2, "unknown field allow"),
        ("[gate]\nallows = ['likely']\nif_missing_fact = ['likely']", 3, "name it once"),
        ("[probability]\nclosed = 90", 2, "closed is 100 by what it means"),
        ("[probability]\nlikely = 40\n'at risk' = 50", 1, "a better category"),
        ("[probability]\nlikely = 140", 2, "goes from 0 to 100"),
        ("[concession]\nCSM = 5", 1, "is in authority.toml"),
        ("[required]\ncommit = ['amout']", 2, "cannot be 'amout'"),
        ("[deadline.procurement_days]\nsmb = 1\nSMB = 2", 1, "smb is named twice"),
        ("[deadline]\ncommit_days = 'x'", 2, "commit_days must be a whole number"),
        ("[gate\n", 1, "not TOML"),
        ("[forecast]\nfiscal_month = 13", 2, "goes from 1 to 12"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, told: str) -> None:
    policy, mistakes = check_policy(text)
    assert policy is None
    assert mistakes[0].line == line
    assert told in mistakes[0].message
    with pytest.raises(InputError, match=rf"mine\.toml:{line}: "):
        read_policy(text, "mine.toml")


def test_all_mistakes_are_told() -> None:
    _, mistakes = check_policy("[gate]\ndays = -1\nallow = []\n[forecast]\nstale_days = 1.5\n")
    assert [one.line for one in mistakes] == [2, 3, 5]
