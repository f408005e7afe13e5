import numpy as np
import pytest

from cs_workbench.churn.catalogue import BY_NAME
from cs_workbench.churn.telling import band_told, sentence, told_of

PARTS: list[tuple[str, float, float | None, str]] = [
    ("silence", 1.2, 94.0, "94 days"),
    ("usage_change", 0.5, -0.4, "-33 %"),
    ("nps", -0.2, 9.0, "9"),
]


def test_points_add_up_to_the_distance_from_the_typical() -> None:
    told = told_of(-2.5, PARTS, (0.1, 0.4))
    assert told.probability == pytest.approx(1 / (1 + np.exp(1.0)))
    assert told.typical == pytest.approx(1 / (1 + np.exp(2.5)))
    assert sum(one.points for one in told.drivers) == pytest.approx(told.probability - told.typical)
    assert sum(one.log_odds for one in told.drivers) == pytest.approx(1.5)
    assert [one.name for one in told.drivers] == ["silence", "usage_change", "nps"]


def test_parts_that_cancel_out_are_told_all_the_same() -> None:
    told = told_of(-2.0, [("silence", 1.0, 94.0, "94 days"), ("nps", -1.0, 9.0, "9")], (0.1, 0.2))
    assert told.drivers[0].points != 0
    assert sum(one.points for one in told.drivers) == pytest.approx(0)


def test_one_sentence_says_why() -> None:
    told = told_of(-2.5, PARTS, (0.1, 0.4))
    said = sentence(told, 90, 0)
    assert said.startswith(
        "27 % (10 % to 40 %) to leave within 90 days; the typical account has 7.6 %."
    )
    assert "since a two-way contact: 94 days (+15 points)" in said


def test_a_band_names_what_it_rests_on() -> None:
    said = "on average about 5.0 % to 20 %, from 6 churns and what is usual elsewhere"
    assert band_told(0.05, 0.2, 6) == said
    assert "from 1 churn " in band_told(0.05, 0.2, 1)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("usage_change", np.log(0.62), "-38 %"),
        ("seats_used", 0.355, "36 %"),
        ("silence", 1.0, "1 day"),
        ("champion_gone", 1.0, "yes"),
        ("nps", np.nan, "not known"),
    ],
)
def test_values_in_words(name: str, value: float, said: str) -> None:
    assert BY_NAME[name].told(value) == said
