import datetime as dt

import pytest
from textual.content import Content

from cs_workbench.core.accounts import Band
from cs_workbench.core.glyphs import ASCII
from cs_workbench.tui.formats import (
    LONGEST_LINE,
    band_text,
    coverage_mark,
    coverage_text,
    day_text,
    days_text,
    due_text,
    joined,
    money_text,
    percent_text,
    safe,
    safe_lines,
    spark_text,
    sums_text,
    trend_text,
)

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ACME [/foo] Ltd", "ACME [/foo] Ltd"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\nb\r\nc", "a⏎b⏎c"),
        ("two\u2028lines", "two\\u2028lines"),
        ("tab\tand\x7f", "tab␉and␡"),
        ("\x9b31m", "\\x9b31m"),
        ("gnp\u202eexe", "gnp\\u202eexe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("東京データ KK", "東京データ KK"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        (None, ""),
        (42, "42"),
    ],
)
def test_a_value_is_shown_as_it_is_stored(value: object, shown: str) -> None:
    text = safe(value)
    assert text.plain == shown
    assert not text.spans


def test_every_control_character_becomes_printable() -> None:
    controls = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
    assert safe(controls).plain.isprintable()


def test_a_huge_value_is_cut_before_it_is_measured() -> None:
    assert len(safe("x" * 10_000_000).plain) == LONGEST_LINE + 1


def test_lines_are_kept_where_there_is_room() -> None:
    assert safe_lines("a\nb\x1b").plain == "a\nb␛"


def test_parts_keep_their_styles() -> None:
    text = joined("[b]", ("bold", "bold"), Content.styled("dim", "dim"), 7)
    assert text.plain == "[b]bolddim7"
    assert [(span.start, span.end, span.style) for span in text.spans] == [
        (3, 7, "bold"),
        (7, 10, "dim"),
    ]


@pytest.mark.parametrize(
    ("band", "points_e4", "shown", "ascii_shown"),
    [
        ("red", 310_000, "■ 31", "R 31"),
        ("yellow", 499_999, "◆ 49", "Y 49"),
        ("green", 1_000_000, "●100", "G100"),
        ("unknown", None, "? --", "? --"),
    ],
)
def test_a_band_is_glyph_and_number(
    band: Band, points_e4: int | None, shown: str, ascii_shown: str
) -> None:
    assert band_text(band, points_e4).plain == shown
    assert band_text(band, points_e4, ASCII).plain == ascii_shown


@pytest.mark.parametrize(
    ("trend_e4", "shown"),
    [(-230_000, "↓23"), (40_000, "↑ 4"), (4_000, "→ 0"), (0, "→ 0"), (None, "")],
)
def test_a_trend_is_arrow_and_points(trend_e4: int | None, shown: str) -> None:
    assert trend_text(trend_e4).plain == shown


@pytest.mark.parametrize(
    ("spark", "width", "shown"),
    [
        ("777765433322", 12, "████▇▆▅▄▄▄▃▃"),
        ("777765433322", 5, "▄▄▄▃▃"),
        ("555555......", 12, "▆▆▆▆▆▆······"),
        ("3", 5, "····▄"),
    ],
)
def test_a_week_without_data_is_no_low_bar(spark: str, width: int, shown: str) -> None:
    assert spark_text(spark, width).plain == shown


def test_the_last_four_weeks_stand_out() -> None:
    assert [(span.start, span.end) for span in spark_text("7" * 12).spans] == [(0, 8)]


def test_coverage_is_rounded_down() -> None:
    assert coverage_text(9_299).plain == "92%"
    assert coverage_mark(6_999).plain == "~"
    assert coverage_mark(7_000).plain == ""


def test_money_has_three_digits_and_currencies_are_not_added() -> None:
    assert money_text(41_200_000, "USD").plain == "412k"
    assert sums_text({"USD": 684_000_000}).plain == "6.84M"
    assert sums_text({"EUR": 100_000, "USD": 684_000_000}).plain == "6.84M USD +1"
    assert sums_text({}).plain == ""
    assert sums_text({"USD": None, "EUR": None}).plain == "–"
    assert sums_text({"USD": None, "EUR": 100_000}).plain == "1k"
    assert sums_text({"USD": 0}).plain == "0"


def test_unknown_use_is_a_dash_and_overage_a_percentage() -> None:
    assert percent_text(None).plain == "––"
    assert percent_text(1.18).plain == "118%"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (dt.date(2026, 12, 30), "30 Dec"),
        (dt.date(2027, 8, 11), "11 Aug"),
        (dt.date(2028, 2, 29), "Feb'28"),
    ],
)
def test_a_far_day_names_its_year(day: dt.date, shown: str) -> None:
    assert day_text(day, TODAY) == shown


@pytest.mark.parametrize(
    ("days", "shown", "style"),
    [
        (37, "37d", None),
        (9, "9d", "bold"),
        (-3, "−3d", "bold $late"),
        (-99, "−99d", "bold $late"),
        (-118, "−16w", "bold $late"),
        (-699, "−99w", "bold $late"),
        (-700, "−1y", "bold $late"),
        (999, "999d", None),
        (None, "–", "dim"),
        (1_200, "3y", None),
    ],
)
def test_a_near_deadline_is_bold_and_a_passed_one_loud(
    days: int | None, shown: str, style: str | None
) -> None:
    text = days_text(days)
    assert text.plain == shown
    assert [span.style for span in text.spans] == ([style] if style else [])


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (dt.date(2026, 11, 21), "! 2d"),
        (TODAY, "today"),
        (dt.date(2026, 11, 25), "Wed"),
        (dt.date(2026, 11, 30), "30 Nov"),
        (None, ""),
    ],
)
def test_a_due_day_is_named_as_people_do(due: dt.date | None, shown: str) -> None:
    assert due_text(due, TODAY).plain == shown
