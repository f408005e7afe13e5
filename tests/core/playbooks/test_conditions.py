import datetime as dt

import pytest

from cs_workbench.core.playbooks.conditions import (
    Known,
    all_hold,
    contradiction,
    holds,
    parse_condition,
)

KNOWN: Known = {
    "usage change": -0.3,
    "arr": 412_000,
    "stage": "Mature",
    "champion": False,
    "answer.reached": "yes",
    "day": dt.date(2026, 11, 23),
    "band": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("usage change <= -0.25", True),
        ("usage change < -30%", False),
        ("usage change <= -30 %", True),
        ("arr >= 400k", True),
        ("arr > 1M", False),
        ("arr = 412000", True),
        ("arr != 412000", False),
        ("stage = mature", True),
        ("stage = onboarding | mature", True),
        ("stage != onboarding | mature", False),
        ("champion = no", True),
        ("answer.reached = yes", True),
        ("band = red", None),
        ("band != red", None),  # not known is not "another one"
        ("nothing > 3", None),
        ("nothing > 3 or unknown", True),
        ("band = red | yellow or unknown", True),
        ("arr >= 400k or unknown", True),
        ("arr > 1M or unknown", False),
        ("nothing is unknown", True),
        ("stage is known", True),
        ("stage > 3", None),
        ("day = 2026-11-23", True),
    ],
)
def test_a_condition_holds_or_not_or_is_not_known(text: str, expected: bool | None) -> None:
    condition = parse_condition(text)
    assert condition is not None
    assert holds(condition, KNOWN) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arr",
        "arr >",
        "> 3",
        "arr > much",
        "a > b",
        "arr >> 3",
        "a = b = c",
        "a = |",
        "arr or unknown",
        "arr is known or unknown",
    ],
)
def test_what_is_no_condition(text: str) -> None:
    assert parse_condition(text) is None


def test_what_is_not_known_does_not_hold_either_way() -> None:
    both = [parse_condition("band = red"), parse_condition("band != red")]
    assert [all_hold([one], KNOWN) for one in both if one] == [False, False]


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["arr > 5", "arr < 3"], "arr"),
        (["arr > 5", "arr <= 5"], "arr"),
        (["arr >= 5", "arr <= 5"], ""),
        (["arr = 5", "arr = 6"], "arr"),
        (["stage = mature", "stage = onboarding"], "stage"),
        (["stage = mature | adopting", "stage = adopting"], ""),
        (["stage is unknown", "stage = mature"], "stage"),
        (["arr > 5", "seats < 3"], ""),
        ([], ""),
    ],
)
def test_conditions_that_nothing_can_meet(texts: list[str], name: str) -> None:
    conditions = [parse_condition(text) for text in texts]
    assert contradiction([one for one in conditions if one]) == name
