"""A measure's value as a table and a sentence show it."""

from collections.abc import Callable

import pytest

from cs_workbench.core import measure_words as words


@pytest.mark.parametrize(
    ("show", "value", "text"),
    [
        (words.percent, 0.484, "48 %"),
        (words.signed_percent, -0.48, "−48 %"),
        (words.signed_percent, 0.05, "+5 %"),
        (words.signed_percent, -0.004, "0 %"),
        (words.days_text, 14, "14 d"),
        (words.days_text, -3, "−3 d"),
        (words.days_text, words.FAR, "a year or more"),
        (words.plain, 3.0, "3"),
        (words.plain, 3.5, "3.5"),
        (words.times, 1.5, "1.5 ×"),
        (words.number, 1240.0, "1240"),
        (words.number, 4.84, "4.8"),
        (words.number, 0.484, "0.48"),
        (words.ago, 0, "today"),
        (words.ago, 1, "1 day ago"),
        (words.ago, 23, "23 days ago"),
    ],
)
def test_values_in_words(show: Callable[[float], str], value: float, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "no complaint"), (1, "1 complaint"), (2, "2 complaints")]
)
def test_counts_in_words(count: int, text: str) -> None:
    assert words.plural(count, "complaint") == text
