from zoneinfo import ZoneInfo

import pytest

from cs_workbench.core.records import KINDS, Field, FieldType, Value
from cs_workbench.importers.mapping import Numbers
from cs_workbench.importers.values import (
    Reading,
    parser,
    plain_number,
    read_amount,
    read_day,
    read_moment,
    read_number,
    write_instant,
)

MADRID = Reading(zone=ZoneInfo("Europe/Madrid"))
EUROPEAN = Reading(date_formats=("%d.%m.%Y", "%d.%m.%Y %H:%M"), zone=ZoneInfo("UTC"))


def made(type_: FieldType, text: str, **more: int) -> Value:
    return parser(Field("f", type_, "f", low=more.get("low"), high=more.get("high")), MADRID)(text)


@pytest.mark.parametrize(
    ("reading", "text", "day"),
    [
        (Reading(), "2026-02-28", "2026-02-28"),
        (Reading(), "2026-02-28 23:30", "2026-02-28"),
        (Reading(), "2026-02-28T23:30:00-08:00", "2026-02-28"),
        (EUROPEAN, "28.02.2026", "2026-02-28"),
        (EUROPEAN, "2026-02-28", "2026-02-28"),
    ],
)
def test_dates(reading: Reading, text: str, day: str) -> None:
    assert read_day(text, reading).isoformat() == day


@pytest.mark.parametrize(
    "text",
    [
        "28.02.2026",
        "2026-02-30",
        "20260228",
        "2026-W01-1",
        "9999-12-31",
        "0001-01-01",
        "soon",
        "2026-02-28 25:00",
        "2026-02-28x",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|outside"):
        read_day(text, Reading())


@pytest.mark.parametrize(
    ("reading", "text", "instant"),
    [
        (MADRID, "2026-07-01 10:00", "2026-07-01T08:00:00Z"),
        (MADRID, "2026-12-01 10:00:59.9", "2026-12-01T09:00:59Z"),
        (MADRID, "2026-12-01", "2026-11-30T23:00:00Z"),
        (MADRID, "2026-12-01T10:00:00Z", "2026-12-01T10:00:00Z"),
        (Reading(), "2026-12-01T10:00:00+02:00", "2026-12-01T08:00:00Z"),
        (EUROPEAN, "01.12.2026 10:30", "2026-12-01T10:30:00Z"),
    ],
)
def test_moments_become_utc(reading: Reading, text: str, instant: str) -> None:
    assert write_instant(read_moment(text, reading)) == instant


def test_a_time_without_zone_needs_a_declared_one() -> None:
    with pytest.raises(ValueError, match="names no time zone"):
        read_moment("2026-12-01 10:00", Reading())


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("integer", "4.0", 4),
        ("integer", "-3", -3),
        ("flag", "TRUE", 1),
        ("flag", "no", 0),
        ("currency", "eur", "EUR"),
        ("rate", "0.4567", 4567),
        ("text", " kept as it is ", " kept as it is "),
    ],
)
def test_values(type_: FieldType, text: str, value: Value) -> None:
    assert made(type_, text) == value


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("integer", "4.5"),
        ("integer", "1_000"),
        ("integer", "1,000"),
        ("integer", "nan"),
        ("integer", "9" * 30),
        ("integer", "-1"),
        ("integer", "11"),
        ("flag", "maybe"),
        ("currency", "EURO"),
        ("currency", "E1R"),
        ("rate", "1.01"),
        ("rate", "50%"),
    ],
)
def test_what_does_not_fit_is_refused(type_: FieldType, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        made(type_, text, low=0, high=10)


def test_a_choice_is_one_of_its_words() -> None:
    category = parser(KINDS["opportunities"].field("category"), Reading())
    assert category("At_Risk") == "at risk"
    with pytest.raises(ValueError, match="none of: closed, commit"):
        category("sure")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1234.50", "USD", 123450), ("1500", "JPY", 1500), ("1e3", "USD", 100_000)],
)
def test_money(text: str, currency: str, minor: int) -> None:
    assert read_amount(text, currency, KINDS["subscriptions"].field("arr")) == minor


@pytest.mark.parametrize("text", ["1.234,50", "0.001", "-5", "1e30", "$5", "Infinity"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_amount(text, "USD", KINDS["subscriptions"].field("arr"))


@pytest.mark.parametrize("text", ["", "1_0", "nan", "inf", "1e999", "0x1", "1,5"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|too large"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("$1,234.50", "1,234.5", "1234.50"),
        ("USD 1,234", "1,234.5", "1234"),
        ("(1,234.5)", "1,234.5", "-1234.5"),
        ("75%", "1,234.5", "0.75"),
        ("1'234.5", "1,234.5", "1234.5"),
        ("12.000,50 €", "1.234,5", "12000.50"),
        ("1 234,5", "1 234,5", "1234.5"),
        ("1\u202f234,5", "1 234,5", "1234.5"),
        # never a comma for a point: what does not fit stays, and is refused
        ("12.000,50", "1,234.5", "12.000,50"),
        ("8,00", "1,234.5", "8,00"),
        ("1.5", "1.234,5", "1.5"),
        ("12,5", "plain", "12,5"),
        ("many", "1,234.5", "many"),
    ],
)
def test_numbers_as_they_are_written(text: str, written: Numbers, expected: str) -> None:
    assert plain_number(text, written) == expected
