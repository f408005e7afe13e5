from fractions import Fraction
from math import nan

import numpy as np

from cs_workbench.core.metric_kernels.engagement import Contact, Drift, Usage
from cs_workbench.core.metrics.activity import (
    actions_per_engagement,
    nps,
    seat_use,
    stickiness,
)
from cs_workbench.core.metrics.results import Metric


def test_nps_of_the_definitions() -> None:
    scores = {(1, str(at)): one for at, one in enumerate([9] * 12 + [8] * 4 + [6] * 4)}
    found = nps(scores)
    assert (found.value, found.n) == (Fraction(40), 20)
    assert found.low is not None
    assert found.high is not None
    assert (round(found.low), round(found.high)) == (5, 75)  # 40 +- 35
    assert found.value != Fraction(12 * 100, 20)  # promoters alone
    assert nps({}).value is None


def usage(*levels: float, start: int = 0, span: int = 14) -> dict[int, float]:
    return {
        start + at * span + offset: level
        for at, level in enumerate(levels)
        for offset in range(span)
    }


def actions(series: dict[int, dict[int, float]], segments: dict[int, str | None]) -> Metric:
    """Of a contact with the first account on day 42."""
    values = np.array([[mine.get(day, nan) for day in range(70)] for mine in series.values()])
    table, contacts = Usage(list(series), 0, values.reshape(len(series), 70)), [Contact(1, 42)]
    return actions_per_engagement(table.around(contacts), Drift(table, contacts, segments))


def test_actions_are_counted_against_the_drift_of_peers() -> None:
    # The touched account goes from 10 to 14, its peers from 10 to 12 by themselves: +2.
    series = {1: usage(10, 10, 10, 14), 2: usage(10, 10, 10, 12), 3: usage(10, 10, 10, 99)}
    found = actions(series, {1: "smb", 2: "smb", 3: "other"})
    assert (found.value, found.n) == (Fraction(2), 1)
    assert found.value != 4  # without the drift


def test_after_a_drop_the_peers_are_those_that_dropped_too() -> None:
    fell = usage(10, 10, 5, 9)
    series = {1: fell, 2: usage(10, 10, 5, 8), 3: usage(10, 10, 10, 10)}
    found = actions(series, {1: "s", 2: "s", 3: "s"})
    assert found.value == 1  # 4 - 3; against the calm one it would be 4


def test_too_little_usage_on_a_side_tells_nothing() -> None:
    peer = {2: usage(10, 10, 10, 12)}
    short = dict.fromkeys(range(48), 10.0)  # six days from the contact on
    assert actions({1: short, **peer}, {}).value is None
    assert actions({1: short | {48: 10.0}, **peer}, {}).value == -2
    assert actions({1: usage(10, 10, 10, 14)}, {}).value is None  # nobody to compare with


def test_seats_above_the_contract_are_not_cut() -> None:
    found = seat_use({1: 12, 2: 3, 3: 1, 4: 5}, {1: 10, 2: 10, 3: 0})
    assert (found.value, found.n) == (Fraction(15, 20), 2)
    assert found.flags == ("More seats used than contracted: 1 account.",)
    assert seat_use({1: 12}, {1: 10}).value == Fraction(12, 10)
    assert "Peak daily" in seat_use({1: 9}, {1: 10}, is_peak=True).flags[0]


def test_stickiness_is_of_those_that_state_both() -> None:
    assert stickiness({1: 5.0, 2: 9.0}, {1: 10.0}).value == Fraction(1, 2)
    assert stickiness({}, {}).value is None
