"""A backtest as lines: the verdict, the models side by side, what was said and what came."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.content import Content

from cs_workbench.core.churn_said import MODELS
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.record_figures import fraction, share, spanned
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe

NAME, CELL, SPAN = 22, 9, 18
BAR = 24
LEGEND = (
    "AUC: how often one that left was ranked above one that stayed, .5 is a coin; window: among "
    "renewals that are due. skill: share of the base rate's loss that is saved. O/E: left for each "
    "one expected. slope below 1: too extreme. ARR@10%: of the ARR that left, what the first tenth "
    "by ARR x probability held."
)


def backtest_lines(document: Mapping[str, Any], width: int, glyphs: Glyphs) -> list[Content]:
    """The lines for a width.

    Args:
        document: as `csw churn backtest --json` prints it.
        width: cells.
        glyphs: signs, or letters.
    """
    return list(_lines(document, max(20, width), glyphs))


def _lines(document: Mapping[str, Any], width: int, glyphs: Glyphs) -> Iterator[Content]:
    yield from joined((str(document["verdict"]), "bold")).wrap(width)
    for alarm in document["alarms"]:
        yield from joined(("! ", LATE_STYLE), str(alarm["what"])).wrap(width)
    yield NOTHING
    if document["models"]:
        yield from _measured(document, width, glyphs)
    yield joined(("What the history can teach", "bold"))
    for one in document["readiness"]["findings"]:
        style = LATE_STYLE if one["level"] == "problem" else ""
        yield from safe(str(one["what"]), style).wrap(width)


def _measured(document: Mapping[str, Any], width: int, glyphs: Glyphs) -> Iterator[Content]:
    lead = f", from {document['lead']} days on" if document["lead"] else ""
    asked = (
        f"Who leaves within {document['horizon']} days{lead}, as of {document['as_of']}: "
        f"{document['n']:,} snapshots, {document['events']:,} accounts left"
    )
    yield from joined((asked, "dim")).wrap(width)
    yield _row("", ("AUC", "window", "skill", "O/E", "slope", "ARR@10%"), "dim")
    for name, one in document["models"].items():
        cells = (
            *(fraction(one["auc"]), fraction(one["auc_in_window"]), share(one["skill"])),
            *(fraction(one["o_e"]), fraction(one["slope"]), share(one["arr_captured_10"])),
        )
        yield _row(MODELS.get(name, str(name)), cells, "bold" if name == "model" else "")
    model = document["models"]["model"]
    said = (
        f"AUC {fraction(model['low'])} to {fraction(model['high'])}, skill "
        f"{share(model['skill_low'])} to {share(model['skill_high'])}, "
        f"O/E {fraction(model.get('o_e_low'))} to {fraction(model.get('o_e_high'))} (90 %). "
        f"While notice can be given: AUC {fraction(model['auc_pre_notice'])}. The first "
        f"{document['k']} of a month held "
        f"{share(model['arr_captured_k'])} of the ARR that left. Calibration error "
        f"{share(model['ece'])}, a perfect model would show {share(model['ece_floor'])}"
    )
    yield from joined((said, "dim")).wrap(width)
    yield from joined((LEGEND, "dim")).wrap(width)
    yield NOTHING
    yield from _reliability(document["reliability"], width, glyphs)
    yield from _tables(document)


def _reliability(
    bins: Sequence[Mapping[str, Any]], width: int, glyphs: Glyphs
) -> Iterator[Content]:
    """What was said, what came, and the interval of what came as a bar."""
    yield joined(("What was said, and what came", "bold"), (" (bar: 95 % interval)", "dim"))
    yield joined((f"{'said':>8} {'came':>8} {'of':>7}", "dim"))
    most = max([0.01, *(one["high"] for one in bins)])
    bar = min(BAR, width - 34)
    for one in bins:
        text = f"{share(one['expected']):>8} {share(one['observed']):>8} {one['n']:>7,} "
        yield joined(text, _bar(one, most, bar, glyphs))
    yield NOTHING


def _bar(one: Mapping[str, Any], most: float, width: int, glyphs: Glyphs) -> str:
    """The interval as a line, what was said as a sign upon it."""
    if width < 5:
        return ""
    low, high, said = (
        round(one[name] / most * (width - 1)) for name in ("low", "high", "expected")
    )
    signs = [glyphs.rule if low <= at <= high else " " for at in range(width)]
    signs[min(said, width - 1)] = "o" if glyphs.rule.isascii() else "●"
    return "".join(signs)


def _tables(document: Mapping[str, Any]) -> Iterator[Content]:
    yield joined(("By days of warning", "bold"))
    yield _row("days ahead", ("left", f"{'AUC':>{SPAN}}", "skill"), "dim")
    for one in document["leads"]:
        cells = (str(one["events"]), _span(one, "auc"), share(one["skill"]))
        yield _row(str(one["lead"]), cells)
    yield NOTHING
    yield from _parts("Each renewal, days before its end", document["renewals"], "days_before")
    yield from _parts("By origin", document["origins"], "as_of")
    yield from _parts("By segment", document["segments"], "segment")


def _parts(title: str, rows: Sequence[Mapping[str, Any]], key: str) -> Iterator[Content]:
    if not rows:
        return
    yield joined((title, "bold"))
    yield _row("", ("snapshots", "left", *(f"{name:>{SPAN}}" for name in ("AUC", "O/E"))), "dim")
    for one in rows:
        cells = (f"{one['n']:,}", str(one["events"]), _span(one, "auc"), _span(one, "o_e"))
        yield _row(str(one[key]), cells)
    yield NOTHING


def _span(one: Mapping[str, Any], name: str) -> str:
    """A figure with its 90 % interval; records of earlier versions have none."""
    told = spanned(one[name], one.get(f"{name}_low"), one.get(f"{name}_high"))
    return f"{told:>{SPAN}}"


def _row(name: str, cells: Sequence[str], style: str = "") -> Content:
    shown = safe(name).truncate(NAME, ellipsis=False, pad=True)
    return joined(shown, ("".join(f"{cell:>{CELL}}" for cell in cells), style))
