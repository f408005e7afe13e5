"""Invented accounts from files, and what such a file may not say."""

import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.errors import InputError, UsageError
from cs_workbench.importers.playbook_fixtures import read_fixture
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.rehearsing import rehearse_fixture

GOOD = """\
name = "Quiet"
today = 2026-12-22
region = "Germany"
[facts]
"usage change" = -0.4
band = "red"
[dates]
deadline = 2026-12-30
[answers]
real = true
person = "Lena"
purpose = "why"
reached = "yes"
"""


def fixture(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "quiet.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_path_and_its_days(tmp_path: Path) -> None:
    drop = find_playbook("usage-drop").playbook
    found = rehearse_fixture(drop, read_fixture(fixture(tmp_path, GOOD)), {})
    days = {one.step.step_id: one.on for one in found.path}
    assert (found.name, found.account_id) == ("Quiet", None)
    assert days["call"] == dt.date(2026, 12, 28)  # after Christmas and a weekend
    assert "sponsor" not in days
    other = rehearse_fixture(drop, read_fixture(fixture(tmp_path, GOOD)), {"reached": "no answer"})
    assert "sponsor" in {one.step.step_id for one in other.path}
    elsewhere = read_fixture(fixture(tmp_path, GOOD.replace("Germany", "EMEA")))
    days = {one.step.step_id: one.on for one in rehearse_fixture(drop, elsewhere, {}).path}
    assert days["call"] == dt.date(2026, 12, 25)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("today = ", "cannot be read"),
        ("name = 'x'", "today is a date"),
        ("today = 2026-11-23T10:00:00", "today is a date"),
        ("today = 2026-11-23\nx = 1", "'x' is unknown"),
        ("today = 2026-11-23\nfacts = 1", r"\[facts\] is a table"),
        ("today = 2026-11-23\n[facts]\nmood = 1", "is called 'mood'"),
        ("today = 2026-11-23\n[facts]\nband = 1", "band is a word, not 1"),
        ("today = 2026-11-23\n[facts]\nseats = '9'", "seats is a number"),
        ("today = 2026-11-23\n[facts]\nseats = true", "seats is a number"),
        ("today = 2026-11-23\n[dates]\nkickoff = 2026-11-23", "no 'kickoff'"),
        ("today = 2026-11-23\n[dates]\ntoday = 2026-11-23", "no 'today'"),
        ("today = 2026-11-23\n[dates]\ndeadline = 'soon'", "deadline is a date"),
    ],
)
def test_what_it_may_not_say(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read_fixture(fixture(tmp_path, text))


def test_answers_have_to_fit(tmp_path: Path) -> None:
    drop = find_playbook("usage-drop").playbook
    wrong = read_fixture(fixture(tmp_path, f"{GOOD}colour = 'blue'\n"))
    with pytest.raises(UsageError, match="does not ask for 'colour'"):
        rehearse_fixture(drop, wrong, {})
