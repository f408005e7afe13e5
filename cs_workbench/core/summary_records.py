"""A summary of health as JSON and CSV tell it; `docs/json.md` explains the keys."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from cs_workbench.core.account_records import in_points
from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.health_summaries import Group, HealthSummary, Money, Span, Spread
from cs_workbench.core.money import to_major
from cs_workbench.core.rollup import FamilyHealth, Member, Rollup

SCHEMA: Final = "csw.health-summary/1"
_BANDS: Final = tuple(BANDS)
CSV_KEYS: Final = (
    *("part", "name", "id", "first", "last", "as_of", "accounts", *_BANDS, "up", "down"),
    *("lower_quartile", "median", "upper_quartile", "currency", "arr"),
    *(f"arr_{band}" for band in _BANDS),
    *("score", "coverage", "rollup_score", "rollup_band", "rollup_coverage"),
)


def summary_document(summary: HealthSummary, filter_text: str) -> dict[str, Any]:
    """The whole summary as one document."""
    return {
        "schema": SCHEMA,
        "as_of": summary.as_of,
        "by": summary.by,
        "filter": filter_text,
        "compared_with": summary.compared_with,
        "groups": [_group(one) for one in summary.groups],
        "without_family": summary.apart if summary.by == "parent" else None,
        "total": _group(summary.total),
        "every": summary.every,
        "history": [_point(span, spread) for span, spread in summary.history],
    }


def summary_rows(summary: HealthSummary) -> Iterator[tuple[Any, ...]]:
    """Rows of CSV: groups, their total, then the history; one for each currency of each."""
    for part, group in (*(("group", one) for one in summary.groups), ("total", summary.total)):
        cells = _plain_row(part, group, summary.as_of)
        for money in group.money or (None,):
            yield _csv_row({**cells, **({} if money is None else _money_cells(money))})
    for span, spread in summary.history:
        plain: dict[str, Any] = {
            "part": "history",
            "first": span.first,
            "last": span.last,
            "as_of": span.as_of,
        }
        if spread is None:
            yield _csv_row(plain)
            continue
        plain |= {"accounts": spread.accounts, **_bands(spread.bands), **_quarters(spread)}
        for currency, bands in spread.arr.items():
            yield _csv_row({**plain, **_arr_cells(currency, bands)})
        if not spread.arr:
            yield _csv_row(plain)


def _group(one: Group) -> dict[str, Any]:
    return {
        "id": one.group_id,
        "name": one.name,
        "accounts": one.accounts,
        "bands": _bands(one.bands),
        "unknown_share": as_rate(one.unknown_e4),
        "up": one.up,
        "down": one.down,
        "median": in_points(one.median_e4),
        "arr": [_money(money) for money in one.money],
        "unpriced": one.unpriced,
        "rollup": None if one.rollup is None else rollup_record(one.rollup),
    }


def rollup_record(one: Rollup) -> dict[str, Any]:
    """What a family comes to together."""
    return {
        "method": one.method,
        "reason": one.reason,
        "score": in_points(one.points_e4),
        "band": one.band,
        "coverage": as_rate(one.coverage_e4),
        "coverage_of": one.covers,
        "accounts": one.accounts,
        "known": one.known,
        "worst": None if one.worst is None else _member(one.worst),
    }


def family_record(one: FamilyHealth) -> dict[str, Any]:
    """The family of one account."""
    above, together = one.parent_rollup, one.rollup
    return {
        "parent": None if one.parent is None else _member(one.parent),
        "parent_rollup": None if above is None else rollup_record(above),
        "rollup": None if together is None else rollup_record(together),
        "below": [
            {
                **_member(member),
                "depth": depth,
                "arr": to_major(member.arr_minor, member.currency),
                "currency": member.currency,
                "is_former": member.is_former,
            }
            for depth, member in one.below
        ],
    }


def _member(one: Member) -> dict[str, Any]:
    return {
        "account_id": one.account_id,
        "name": one.name,
        "score": in_points(one.points_e4),
        "band": one.band,
    }


def _money(one: Money) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "arr": to_major(one.minor, one.currency),
        "bands": _majors(one.currency, one.by_band),
        "score": in_points(one.points_e4),
        "coverage": as_rate(one.coverage_e4),
    }


def _point(span: Span, spread: Spread | None) -> dict[str, Any]:
    plain = {"first": span.first, "last": span.last, "as_of": span.as_of}
    if spread is None:
        return {**plain, "accounts": None, "bands": None, **_quarters(None), "arr": []}
    return {
        **plain,
        "accounts": spread.accounts,
        "bands": _bands(spread.bands),
        **_quarters(spread),
        "arr": [
            {"currency": currency, "bands": _majors(currency, bands)}
            for currency, bands in spread.arr.items()
        ],
    }


def _bands(bands: Mapping[Band, int]) -> dict[str, int]:
    return {band: bands.get(band, 0) for band in BANDS}


def _quarters(spread: Spread | None) -> dict[str, Decimal | None]:
    found = spread.quarters if spread is not None else None
    names = ("lower_quartile", "median", "upper_quartile")
    return {
        name: None if found is None else Decimal(found[place]) / 10
        for place, name in enumerate(names)
    }


def _majors(currency: str, bands: Mapping[Band, int]) -> dict[str, Decimal]:
    return {band: to_major(bands.get(band, 0), currency) for band in BANDS}


def as_rate(share_e4: int | None) -> Decimal | None:
    """A share between 0 and 1."""
    return None if share_e4 is None else Decimal(share_e4) / 10_000


def _plain_row(part: str, group: Group, as_of: dt.date | None) -> dict[str, Any]:
    rolled = group.rollup
    return {
        "part": part,
        "name": group.name,
        "id": group.group_id,
        "as_of": as_of,
        "accounts": group.accounts,
        **_bands(group.bands),
        "up": group.up,
        "down": group.down,
        "median": in_points(group.median_e4),
        "rollup_score": None if rolled is None else in_points(rolled.points_e4),
        "rollup_band": None if rolled is None else rolled.band,
        "rollup_coverage": None if rolled is None else as_rate(rolled.coverage_e4),
    }


def _money_cells(one: Money) -> dict[str, Any]:
    return {
        **_arr_cells(one.currency, one.by_band),
        "score": in_points(one.points_e4),
        "coverage": as_rate(one.coverage_e4),
    }


def _arr_cells(currency: str, bands: Mapping[Band, int]) -> dict[str, Any]:
    by_band = {f"arr_{band}": value for band, value in _majors(currency, bands).items()}
    return {"currency": currency, "arr": to_major(sum(bands.values()), currency), **by_band}


def _csv_row(cells: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(cells.get(key) for key in CSV_KEYS)
