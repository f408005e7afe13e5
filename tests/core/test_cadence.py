"""Usage falls, contact rises: how often customers should be spoken with."""

import datetime as dt

import pytest

from cs_workbench.core.cadence import (
    CadencePolicy,
    ContactDue,
    Spoken,
    contact_due,
    contact_words,
    read_cadence,
)
from cs_workbench.errors import InputError

TODAY = dt.date(2026, 11, 23)
POLICY = CadencePolicy(60, {"onboarding": 7, "mature": 45}, {"smb": {"days": 90, "onboarding": 14}})


@pytest.mark.parametrize(
    ("segment", "stage", "days"),
    [
        (None, None, 60),
        ("Enterprise", "adopting", 60),  # neither is named
        (None, "mature", 45),
        ("SMB", None, 90),
        ("SMB", "mature", 45),  # the shorter of the two, not the last and not the longer
        ("smb", "onboarding", 14),  # both together come before either
    ],
)
def test_the_interval(segment: str | None, stage: str | None, days: int) -> None:
    assert POLICY.interval(segment, stage) == days


def due(stage: str, *, falls: bool = False, free_on: dt.date | None = None) -> ContactDue:
    last = TODAY - dt.timedelta(10)
    found = contact_due(POLICY, Spoken(None, stage, last, True, falls), free_on)
    assert found is not None
    return found


def test_it_halves_while_usage_falls_and_an_odd_one_is_halved_up() -> None:
    assert due("mature").due_on == TODAY + dt.timedelta(35)
    assert due("mature", falls=True).due_on == TODAY + dt.timedelta(13)  # 23 days, not 22
    assert due("onboarding", falls=True).every_days == 4


def test_a_contact_is_not_due_before_the_cap_is_free() -> None:
    free = TODAY + dt.timedelta(5)
    late = due("onboarding", free_on=free)
    assert (late.due_on, late.on) == (TODAY - dt.timedelta(3), free)
    assert due("mature", free_on=free).on == TODAY + dt.timedelta(35)  # the cap is free by then


def test_what_is_not_known_is_never_due() -> None:
    assert contact_due(POLICY, Spoken("smb", "mature", None, False, True)) is None


def test_in_words() -> None:
    assert contact_words(due("onboarding"), TODAY) == "due Fri 20 Nov 2026, 3 d late: every 7 d"
    words = contact_words(due("onboarding", falls=True, free_on=TODAY + dt.timedelta(5)), TODAY)
    assert words == (
        "due Tue 17 Nov 2026, 6 d late: every 4 d while usage falls; "
        "the contact cap is free again on Sat 28 Nov 2026"
    )


def test_a_file() -> None:
    text = "days = 60\n[stage]\nonboarding = 7\n[segment.SMB]\ndays = 90\n"
    assert read_cadence(text, "f") == CadencePolicy(60, {"onboarding": 7}, {"smb": {"days": 90}})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("days = 0", "days must be a whole number above 0"),
        ("days = true", "days must be"),
        ("[stage]\nmature = 3", "days must be"),
        ("days = 1\n[stage]\nold = 3", r"stage\.old is unknown"),
        ("days = 1\n[segment.x]\nold = 3", r"segment\.x\.old is unknown"),
        ("days = 1\nsegment = 3", r"\[segment\] is a table"),
        ("days = 1\nweeks = 3", "weeks is unknown"),
        ("days =", "Invalid value"),
    ],
)
def test_what_a_file_may_not_say(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read_cadence(text, "cadence.toml")
