"""Text into typed values; what does not fit is a `ValueError` that says why."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from cs_workbench.core.money import to_minor
from cs_workbench.core.records import Field, Value
from cs_workbench.importers.day_orders import ORDERS, read_by_order
from cs_workbench.importers.mapping import Numbers

FIRST_YEAR, LAST_YEAR = 1900, 2199
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_CURRENCY_SIGNS = re.compile(r"[\s\u00a0\u202f]|[$€£¥₹]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,])")
# Groups of three digits only: `1.234` is not a thousand where points are decimal.
_WRITTEN: Mapping[Numbers, re.Pattern[str]] = {
    "1,234.5": re.compile(r"([+-]?(?:\d{1,3}(?:[,']\d{3})+|\d+))(\.\d+)?"),
    "1.234,5": re.compile(r"([+-]?(?:\d{1,3}(?:[.']\d{3})+|\d+))(,\d+)?"),
    "1 234,5": re.compile(r"([+-]?\d+)(,\d+)?"),
}
UNIX = {"unix": 1, "unix_ms": 1_000}  # in place of a format: seconds or milliseconds since 1970
_FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "y", "t"), 1),
    **dict.fromkeys(("0", "false", "no", "n", "f"), 0),
}

Parse = Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file writes its values.

    Attributes:
        date_formats: as `strptime` knows them, `unix`, `unix_ms`, or an order such as `dmy` for
            all ways to write days and times in it; none means ISO.
        zone: of times that name none; without it they are refused.
    """

    date_formats: tuple[str, ...] = ()
    zone: ZoneInfo | None = None


def parser(field: Field, reading: Reading) -> Parse:
    """The reader of a field's text, for all types but money, which needs its currency."""
    if field.type == "date":
        return lambda text: read_day(text, reading).isoformat()
    if field.type == "instant":
        return lambda text: write_instant(read_moment(text, reading))
    if field.type == "integer":
        return lambda text: _read_integer(text, field)
    if field.type == "choice":
        return lambda text: _read_choice(text, field)
    return _PLAIN.get(field.type, _read_text)


def read_day(text: str, reading: Reading) -> dt.date:
    """A date; of a date with a time, the date as written."""
    written = _by_formats(text, reading.date_formats)
    if written is not None:
        return _checked(written.date())
    text = _with_offset(text)
    if not _ISO_DATE.match(text):
        wanted = " or ".join((*reading.date_formats, "2026-12-31"))
        raise ValueError(f"{text!r} is not a date as expected here ({wanted})")
    try:
        day = dt.date.fromisoformat(text[:10])
        if len(text) > 10:
            dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date") from None
    return _checked(day)


def read_moment(text: str, reading: Reading) -> dt.datetime:
    """A moment in UTC; a date alone is its midnight."""
    moment = _moment(text, reading.date_formats)
    if moment.tzinfo is None:
        if reading.zone is None:
            raise ValueError(
                f"{text!r} names no time zone; declare one (--timezone, or timezone in the mapping)"
            )
        moment = moment.replace(tzinfo=reading.zone)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is out of range") from None


def write_instant(moment: dt.datetime) -> str:
    """The moment as the store writes it, down to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_amount(text: str, currency: str, field: Field) -> int:
    """Money in minor units."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not an amount such as 1234.50")
    return int(_bounded(to_minor(text, currency), field, text))


def plain_number(text: str, written: Numbers) -> str:
    """A number as its file writes it, as `1234.5`; plain ones and what is no number stay.

    Signs and codes of currencies are left out, brackets mean less than zero, `%` a hundredth.
    """
    if written == "plain":
        return text
    bare = _CURRENCY_SIGNS.sub("", text)
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    hundredth = bare.endswith("%")
    match = _WRITTEN[written].fullmatch(bare.removesuffix("%"))
    if match is None:
        return text
    whole = "".join(sign for sign in match[1] if sign.isdigit() or sign in "+-")
    number = f"{whole}.{match[2][1:]}" if match[2] else whole
    return multiplied(number, Decimal("0.01")) if hundredth else number


def thousands_of(text: str) -> str | None:
    """The whole number that `12.500` is where points stand between thousands; None: it is none."""
    found = _THOUSANDS.search(text)
    return found[0].replace(".", "") if found else None


def read_factor(text: str) -> Decimal:
    """A number to multiply by."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number such as 12")
    return Decimal(text)


def read_number(text: str) -> float:
    """A plain finite number."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not a number such as 1234.5")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is too large")
    return number


def is_number(text: str, written: Numbers) -> bool:
    """Whether a text is a number in that way to write one."""
    try:
        read_number(plain_number(text.strip(), written))
    except ValueError:
        return False
    return True


def multiplied(text: str, factor: Decimal) -> str:
    """The number times a factor, exactly, as text again."""
    try:
        return f"{Decimal(text) * factor:f}"
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None


def _moment(text: str, formats: tuple[str, ...]) -> dt.datetime:
    moment = _by_formats(text, formats)
    text = _with_offset(text)
    try:
        moment = moment or dt.datetime.fromisoformat(text if _ISO_DATE.match(text) else "")
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 2026-12-31 14:05") from None
    _checked(moment.date())
    return moment


def _with_offset(text: str) -> str:
    """The text with the zone as ISO has it: warehouses write `2026-01-05 10:00:00 UTC`."""
    return f"{text[:-4]}+00:00" if text.endswith(" UTC") else text


def _by_formats(text: str, formats: tuple[str, ...]) -> dt.datetime | None:
    """The text as the first format that fits reads it; its zone is missing where it names none."""
    for form in formats:
        if form in ORDERS:
            if (written := read_by_order(text, form)) is not None:
                return written
            continue
        try:
            if form in UNIX:
                return dt.datetime.fromtimestamp(float(text) / UNIX[form], dt.UTC)
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 - `read_moment` adds the zone
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _checked(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"{day.isoformat()} is outside {FIRST_YEAR} to {LAST_YEAR}; leave out what is not known"
        )
    return day


def _read_integer(text: str, field: Field) -> int:
    try:
        number = Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        number = None
    if number is None or number != number.to_integral_value() or abs(number) > 2**53:
        raise ValueError(f"{text!r} is not a whole number")
    return int(_bounded(int(number), field, text))


def _bounded(number: int, field: Field, text: str) -> int:
    if abs(number) >= 2**63:
        raise ValueError(f"{text} is too large")
    if field.low is not None and number < field.low:
        raise ValueError(f"{text} is below {field.low}")
    if field.high is not None and number > field.high:
        raise ValueError(f"{text} is above {field.high}")
    return number


def _read_choice(text: str, field: Field) -> str:
    word = text.casefold().replace("_", " ")
    if word not in field.choices:
        raise ValueError(f"{text!r} is none of: {', '.join(field.choices)}")
    return word


def _read_flag(text: str) -> int:
    try:
        return _FLAGS[text.casefold()]
    except KeyError:
        raise ValueError(f"{text!r} is neither yes nor no (1, 0, true, false)") from None


def _read_currency(text: str) -> str:
    code = text.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ValueError(f"{text!r} is not a currency code such as USD")
    return code


def _read_rate(text: str) -> int:
    number = read_number(text)
    if not 0 <= number <= 1:
        raise ValueError(f"{text} is not a rate from 0 to 1")
    return round(number * 10_000)


def _read_text(text: str) -> str:
    return text


_PLAIN: dict[str, Parse] = {
    "flag": _read_flag,
    "currency": _read_currency,
    "rate": _read_rate,
}
