"""A history of health as lines of signs: one for each band, one for each quartile."""

from collections.abc import Iterator, Sequence
from typing import Final

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.health_summaries import HealthSummary, Span, Spread, share_e4

LABEL: Final = 16
MOST: Final = 52  # signs in a line: of a longer history the newest
Value = int | None


def history_lines(found: HealthSummary, signs: Glyphs) -> Iterator[str]:
    """The history as a caption and lines: what, a sign a week or month, from where to where."""
    shown = found.history[-MOST:]
    days = [span.as_of for span, _ in shown if span.as_of is not None]
    if not days:
        return
    scored = f"{len(days)} of {len(shown)} {found.every}s scored"
    gap = f", {signs.gap} none" if len(days) < len(shown) else ""
    yield f"{days[0].isoformat()} to {days[-1].isoformat()}, {scored}{gap}"
    yield "Share of accounts (each line from 0 to its own highest)"
    for band in BANDS:
        shares = [_share(spread, band) for _, spread in shown]
        yield _line(f"{signs.bands[band]} {band}", shares, signs, unit=" %")
    yield from _arr_lines(shown, signs)
    yield "Score"
    for place, name in enumerate(("lower quarter", "median", "upper quarter")):
        points = [_quarter(spread, place) for _, spread in shown]
        yield _line(name, points, signs, unit="")


def _arr_lines(shown: Sequence[tuple[Span, Spread | None]], signs: Glyphs) -> Iterator[str]:
    currencies = sorted({name for _, spread in shown if spread for name in spread.arr})
    for currency in currencies:
        yield f"Share of ARR {currency}"
        for band in BANDS:
            shares = [_arr_share(spread, currency, band) for _, spread in shown]
            yield _line(f"{signs.bands[band]} {band}", shares, signs, unit=" %")


def _line(label: str, values: Sequence[Value], signs: Glyphs, *, unit: str) -> str:
    """Each line is drawn from 0 to its own highest; from where and to where in whole numbers."""
    known = [one for one in values if one is not None]
    top = max(known, default=0) or 1
    spark = "".join(
        signs.gap if one is None else signs.levels[one * (len(signs.levels) - 1) // top]
        for one in values
    )
    ends = f"{known[0] // 100:>3} to {known[-1] // 100:>3}{unit}" if known else "unknown"
    return f"{label:<{LABEL}}{spark}  {ends}"


def _share(spread: Spread | None, band: Band) -> Value:
    return None if spread is None else share_e4(spread.bands[band], spread.accounts)


def _quarter(spread: Spread | None, place: int) -> Value:
    """In 1/100 of a point, so that 100 points are the whole."""
    return None if spread is None or spread.quarters is None else spread.quarters[place] * 10


def _arr_share(spread: Spread | None, currency: str, band: Band) -> Value:
    amounts = None if spread is None else spread.arr.get(currency)
    return None if amounts is None else share_e4(amounts[band], sum(amounts.values()))
