import datetime as dt
from fractions import Fraction

import pytest

from cs_workbench.core.metrics.movements import movements_of
from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.revenue import gross_churn, grr
from cs_workbench.core.metrics.targets import Target, in_force, judge, read_targets
from cs_workbench.errors import InputError

TEXT = """
[[targets]]
metric = "grr"
value = 0.85
owner = "Priya"
valid_from = 2026-01-01
provisional = true
[[targets]]
metric = "grr"
value = 0.9
valid_from = "2026-07-01"
"""


def target(metric: str, value: str) -> Target:
    return Target(metric, Fraction(value), "", dt.date(2026, 1, 1), False)


def test_the_newest_that_holds_counts() -> None:
    targets = read_targets(TEXT, "targets.toml")
    assert in_force(targets, dt.date(2025, 12, 31)) == {}
    assert in_force(targets, dt.date(2026, 6, 30))["grr"].owner == "Priya"
    assert in_force(targets, dt.date(2026, 7, 1))["grr"].value == Fraction(9, 10)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x = 1", "entries and nothing else"),
        ("[[targets]]\nmetric = 'mood'", "target 1: 'mood' is no metric"),
        ("[[targets]]\nmetric = 'grr'\nvalue = '85 %'", "value is a number"),
        ("[[targets]]\nmetric = 'grr'\nvalue = 0.8\nvalid_from = 'soon'", "valid_from is a date"),
        ("[[targets]]\nmetric = 'grr'\naim = 3", "knows metric"),
        ("[[targets", "is not TOML"),
    ],
)
def test_mistakes_name_their_place(text: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        read_targets(text, "targets.toml")


def test_a_miss_that_chance_explains_is_unsure() -> None:
    few = grr(movements_of([(100, 100)] * 9 + [(100, 0)]))
    many = grr(movements_of([(100, 100)] * 900 + [(100, 0)] * 100))
    assert judge(few, target("grr", "0.9")) == "met"
    assert judge(few, target("grr", "0.95")) == "unsure"
    assert judge(many, target("grr", "0.95")) == "missed"
    assert judge(grr(movements_of([])), target("grr", "0.9")) == "unknown"


def test_where_less_is_better() -> None:
    churn = gross_churn(grr(movements_of([(100, 100)] * 900 + [(100, 0)] * 100)))
    assert judge(churn, target("gross_churn", "0.1")) == "met"
    assert judge(churn, target("gross_churn", "0.05")) == "missed"


def test_money_is_aimed_at_in_major_units() -> None:
    value = Metric("clv", "money", 5_000_000, 1, 3)
    assert judge(value, target("clv", "50000"), Fraction(100)) == "met"
    assert judge(value, target("clv", "50001"), Fraction(100)) == "missed"
