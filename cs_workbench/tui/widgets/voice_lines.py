"""What one account says of us, as lines of its page."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import near_date
from cs_workbench.core.voice import (
    AccountVoice,
    Answer,
    Figure,
    interval_text,
    side_of,
    value_text,
    wants_answer,
)
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.memory_lines import LABEL, Line, labelled

MARKS: Final = {"nps": 10, "csat": 5, "ces": 7}
INDENT: Final = 12
MOST_WORDS: Final = 20  # lines of one answer


def voice_pane(voice: AccountVoice | None, today: dt.date, width: int) -> list[Content]:
    """Figures of a year with their n and interval, and every answer with its text."""
    if voice is None:
        return [safe("reading …", "dim")]
    if not voice.answers:
        return [safe("no answer to a survey within a year", "dim")]
    return labelled(list(_lines(voice, today, width - LABEL)))


def figure_line(figure: Figure, room: int) -> Content:
    """`+40  +5 to +75 (± 35)  n 20, 31 asked (65 %)  by ARR +22`."""
    rate = figure.response_rate
    asked = "" if figure.asked is None else f", {figure.asked:,} asked"
    asked += "" if rate is None else f" ({rate:.0%})"
    parts = [
        joined(
            (f"{value_text(figure, figure.value):>8}", "bold"), f"  {interval_text(figure):<20}"
        ),
        joined((f"  n {figure.n:,}{asked}", "dim")),
    ]
    if figure.weighted is not None:
        parts.append(joined(("  by ARR ", "dim"), value_text(figure, figure.weighted)))
    return fitted(joined(*parts), room)


def answer_lines(
    one: Answer, today: dt.date, room: int, *, who: str = "", most: int = MOST_WORDS
) -> list[Content]:
    """An answer: its day, its mark, whose it is, whether somebody answered; then all its words."""
    against = side_of(one.kind, one.score) < 0
    mark = f"{one.kind.upper()} {one.score} of {MARKS[one.kind]}"
    day = joined((f"{near_date(one.on, today):>11} ", "dim"))
    head = joined(day, (f"{mark:<13}", "bold" if against else ""), who)
    said = " ".join((one.comment or "").split())
    words = fitted_words(said, max(1, room - INDENT), most) if said else []
    return [
        spread(head, _answered(one, today), room),
        *(joined(" " * INDENT, line) for line in words),
    ]


def fitted_words(said: str, room: int, most: int) -> list[Content]:
    """What somebody said, in at most so many lines."""
    cut = said if len(said) <= room * most else f"{said[: room * most - 1]}…"
    return safe(f"“{cut}”").wrap(room)[:most]


def _answered(one: Answer, today: dt.date) -> Content:
    if wants_answer(one):
        return joined(("  waits ", "dim"), (f"{(today - one.on).days:,} d", "bold"))
    if one.replied_on is None or not (one.comment or "").strip():
        return NOTHING
    return joined((f"  answered {near_date(one.replied_on, today)}", "dim"))


def _lines(voice: AccountVoice, today: dt.date, room: int) -> Iterator[Line]:
    for figure in voice.figures:
        if figure.n:
            yield figure.kind.upper(), figure_line(figure, room)
    for one in voice.answers:
        who = voice.people.get(one.person or "", "")
        yield from (("Said", line) for line in answer_lines(one, today, room, who=who))
