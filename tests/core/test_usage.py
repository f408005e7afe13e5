import datetime as dt

import pytest

from cs_workbench.core.usage import (
    UsageSeries,
    base_median,
    best_mean,
    recent_mean,
    spark,
)


def series(*levels: float | None, days: int = 7) -> UsageSeries:
    """Half a year whose last weeks have these daily means."""
    padded = (None,) * (26 - len(levels)) + levels
    return UsageSeries(
        metric="active_users",
        totals=tuple(0.0 if level is None else level * days for level in padded),
        days=tuple(0 if level is None else days for level in padded),
        last_day=dt.date(2026, 11, 22),
    )


def test_a_week_without_data_has_no_level_and_a_zero_is_a_level() -> None:
    assert series(3, None, 0).levels[-3:] == [3.0, None, 0.0]


def test_the_recent_mean_weighs_days_and_skips_gaps() -> None:
    mixed = UsageSeries("m", (0.0, 70.0, 10.0), (0, 7, 1), dt.date(2026, 11, 22))
    assert recent_mean(mixed) == 10.0
    assert recent_mean(series()) is None


def test_the_base_is_the_median_of_the_twelve_weeks_before_the_last_four() -> None:
    levels = [999.0, *([10.0] * 6), *([20.0] * 5), 500.0, 1.0, 1.0, 1.0, 1.0]
    assert base_median(series(*levels)) == 15.0
    assert base_median(series(1, 1, 1, 1)) is None


def test_the_best_stretch_needs_enough_days() -> None:
    assert best_mean(series(1, 1, 1, 1, 9, 9, 9, 9, 1, 1, 1, 1)) == 9.0
    lonely = series(50, None, None, None, 4, 4, 4, 4, days=1)
    assert best_mean(lonely) == 50.0
    assert best_mean(lonely, min_days=4) == 4.0
    assert best_mean(series()) is None


@pytest.mark.parametrize(
    ("levels", "drawn"),
    [
        ((7, 0, 3.5, 14), "........4027"),
        ((0, 0), "..........00"),
        ((5, None, None), ".........7.."),
        (tuple(range(1, 14)), "122334455667"),
    ],
)
def test_the_spark_shows_twelve_weeks_and_a_dot_for_no_data(
    levels: tuple[float | None, ...], drawn: str
) -> None:
    assert spark(series(*levels)) == drawn


@pytest.mark.parametrize(
    ("silent", "drawn"),
    [
        (0, "..........27"),
        (1, ".........27."),
        (11, "7..........."),
        (12, "." * 12),
        (60, "." * 12),
    ],
)
def test_the_spark_ends_today_and_shows_the_weeks_without_data_since(
    silent: int, drawn: str
) -> None:
    assert spark(series(2, 7), silent) == drawn


def test_without_a_series_the_spark_is_empty() -> None:
    assert spark(None) == "............"
    assert spark(None, 3) == "............"
