"""An account's page of a review as lines: the judgements, what changed, facts, the decision."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.money import written
from cs_workbench.tui.formats import (
    LATE_STYLE,
    NOTHING,
    band_text,
    joined,
    points,
    run_on,
    safe,
    trend_text,
)
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.health_lines import health_lines
from cs_workbench.tui.widgets.lines import between, spread
from cs_workbench.tui.widgets.renewal_history import history_lines
from cs_workbench.tui.widgets.review_facts import (
    DOT,
    VIEWS,
    ItemView,
    View,
    changed_box,
    disagreement_line,
    everybody,
    forecast_box,
    forecast_now,
    forecast_then,
    forecast_title,
    last_time,
    model_box,
    model_now,
    open_box,
    open_lines,
    people_box,
    people_lines,
    score_box,
    usage_box,
    usage_line,
)

NARROW: Final = 100
THIRD: Final = 3
LEAST_FACTS: Final = 8  # lines of the boxes of facts
EVERYTHING: Final = 99
LETTERS: Final = (
    *(("c", "commit"), ("l", "likely"), ("a", "at risk"), ("x", "churn exp."), ("o", "omitted")),
)


def item_lines(view: ItemView, size: tuple[int, int], glyphs: Glyphs) -> list[Content]:
    """One account's page for a width and a height; the facts take the lines that are left."""
    width, height = size
    if width < NARROW:
        return [*_head(view, width), *_narrow(view, width, glyphs)]
    third = width // THIRD
    widths = (third, third, width - 2 * third)
    top = [
        *_head(view, width),
        safe(glyphs.rule * width, "dim"),
        *boxes(
            (
                ("Score, computed", score_box(view, glyphs)),
                (forecast_title(view), forecast_box(view)),
                ("Model, its record beside it", model_box(view)),
            ),
            widths,
        ),
        *boxes(((f"What changed since {view.near(view.since)}", changed_box(view)),), (width,)),
    ]
    below = [
        *boxes(
            (("Decide", [*_decided(view), *_needs(view), *_suggested(view), _keys()]),), (width,)
        ),
        joined((f" {view.standing}", "dim")),
    ]
    room = max(LEAST_FACTS, height - len(top) - len(below) - 2)
    return [*top, *_facts(view, widths, room, glyphs), *below]


def boxes(
    parts: Sequence[tuple[str, Sequence[Content]]], widths: Sequence[int], height: int = 0
) -> list[Content]:
    """Framed texts of one height beside one another; at least so many lines high."""
    height = max(height, *(len(lines) for _, lines in parts))
    top = run_on(
        joined(
            ("╭─ ", "dim"),
            (title, "bold"),
            (f" {'─' * max(0, width - safe(title).cell_length - 5)}╮", "dim"),
        )
        for (title, _), width in zip(parts, widths, strict=True)
    )
    rows = [
        run_on(
            joined(
                ("│ ", "dim"),
                fitted(lines[number] if number < len(lines) else NOTHING, width - 4),
                (" │", "dim"),
            )
            for (_, lines), width in zip(parts, widths, strict=True)
        )
        for number in range(height)
    ]
    bottom = joined(*((f"╰{'─' * (width - 2)}╯", "dim") for width in widths))
    return [top, *rows, bottom]


def _head(view: ItemView, width: int) -> Iterator[Content]:
    renewal, account = view.entry.renewal, view.entry.account
    money = written(
        renewal.due_minor, renewal.currency, digits=0, and_more=renewal.is_partly_priced
    )
    name = joined((f" {account.name.upper()}   ", "bold"), (money, "bold"))
    yield spread(name, joined(("CSM ", "dim"), account.csm_name or "nobody", " "), width)
    why = joined(("on the agenda: ", "dim"), view.why)
    reasons = why.wrap(width - 1)[:2] if width < NARROW else [why]
    yield from (joined(" ", one) for one in reasons)
    yield _dates(view, width)


def _dates(view: ItemView, width: int) -> Content:
    renewal = view.entry.renewal
    last = (
        f"Notice by {view.near(renewal.notice_date)}"
        if renewal.notice_date
        else f"Decided by {view.near(renewal.deadline)}"
    )
    left = (renewal.commit_by - view.day).days
    late = LATE_STYLE if left < 0 and view.entry.said.commitment is None else ""
    auto = "auto-renew" if renewal.auto_renew else "no auto-renew"
    return joined(
        f" {last}, {view.entry.days(view.day)} d · commit by {view.near(renewal.commit_by)}, ",
        (f"{left} d" if left >= 0 else f"! {-left} d late" if late else "over", late or "bold"),
        f" · ends {view.near(renewal.end_date)}",
        f" · {auto}" if width >= NARROW else "",
    )


def _facts(
    view: ItemView, widths: tuple[int, int, int], room: int, glyphs: Glyphs
) -> list[Content]:
    if view.shown == "Facts":
        parts = (
            ("Usage", usage_box(view, (widths[0] - 4, room), glyphs)),
            ("People", people_box(view)),
            ("Open, terms", open_box(view)),
        )
        return boxes(parts, widths, room)
    width = sum(widths)
    return boxes(((view.shown, _LOOKED_AT[view.shown](view, width - 4, glyphs)),), (width,), room)


def _score(view: ItemView, width: int, glyphs: Glyphs) -> list[Content]:
    return health_lines(view.page, width, glyphs, by_loss=True)


def _people(view: ItemView, _width: int, _glyphs: Glyphs) -> list[Content]:
    return everybody(view)


def _history(view: ItemView, _width: int, _glyphs: Glyphs) -> list[Content]:
    said = view.forecasts, view.commitments
    lines = history_lines(view.entry, view.marks, said, view.day, EVERYTHING)
    return [*lines, joined(("Last time    ", "dim"), last_time(view))]


_LOOKED_AT: Final[Mapping[View, Callable[[ItemView, int, Glyphs], list[Content]]]] = {
    "Score": _score,
    "People": _people,
    "History": _history,
}


def _decided(view: ItemView) -> list[Content]:
    lines = [
        joined((f"{kind:<13}", "bold"), told if told != kind else "", ("   z undoes", "dim"))
        for kind, told in view.decided
    ]
    return lines or [joined(("not decided yet", "dim"))]


def _needs(view: ItemView) -> list[Content]:
    return [
        joined(("Wants        ", "dim"), (told, "bold"))
        for told in (view.marks.gate, "a new forecast" if view.marks.stale else None)
        if told
    ]


def _suggested(view: ItemView) -> list[Content]:
    if not view.plays:
        return []
    return [
        joined(
            ("Suggested    ", "dim"),
            " · ".join(view.plays),
            ("   p", "bold"),
            (" starts one", "dim"),
        )
    ]


def _keys() -> Content:
    letters = (joined((key, "bold"), (f" {name}  ", "dim")) for key, name in LETTERS)
    return joined(
        ("f", "bold"), (" then  ", "dim"), *letters, ("   =", "bold"), (" no change", "dim")
    )


def _narrow(view: ItemView, width: int, glyphs: Glyphs) -> Iterator[Content]:
    line = view.page.line
    before = "" if view.before_e4 is None else f" {points(view.before_e4)} then"
    yield joined(
        (" Score ", "dim"),
        band_text(line.band, line.points_e4, glyphs),
        " ",
        trend_text(line.trend_e4, glyphs),
        (before, "dim"),
        ("   Forecast ", "dim"),
        forecast_now(view),
        (f", then {forecast_then(view)}", "dim"),
    )
    if view.page.churn is not None or view.marks.disagrees:
        yield joined((" Model ", "dim"), model_now(view), "  ", disagreement_line(view))
    causes = between([safe(one) for one in view.causes[:2]], DOT)
    yield joined((f" Since {view.near(view.since)}  ", "dim"), causes)
    yield joined((" Last time  ", "dim"), last_time(view))
    yield _tabs(view, width, glyphs)
    if view.shown == "Facts":
        facts = [usage_line(view, glyphs), *people_lines(view), *open_lines(view)]
    else:
        facts = _LOOKED_AT[view.shown](view, width - 1, glyphs)
    yield from (joined(" ", one) for one in facts)
    yield _titled("Decide", f"{view.standing} ", width, glyphs)
    yield from (joined(" ", one) for one in (*_decided(view), *_needs(view), *_suggested(view)))


def _tabs(view: ItemView, width: int, glyphs: Glyphs) -> Content:
    """`─[Facts]──Score──People───── tab ──`."""
    rule = glyphs.rule
    names = joined(
        *(
            joined((f"{rule}[", "dim"), (name, "bold"), ("]", "dim"))
            if name == view.shown
            else joined((rule * 2, "dim"), name, (rule, "dim"))
            for name in VIEWS
        )
    )
    return joined(names, (rule * max(0, width - names.cell_length - 7) + " tab " + rule * 2, "dim"))


def _titled(title: str, right: str, width: int, glyphs: Glyphs) -> Content:
    rule = glyphs.rule
    fill = rule * max(0, width - len(title) - len(right) - 5)
    return joined((f"{rule} ", "dim"), (title, "bold"), (f" {fill} {right}", "dim"))
