"""A play in lines: its road, the current step, the facts beside it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from textual.content import Content

from cs_workbench.core.dates import near_date, with_weekday
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.memory import Promise
from cs_workbench.core.playbooks.model import Playbook, Step
from cs_workbench.core.playbooks.words import in_words
from cs_workbench.core.plays.model import Play
from cs_workbench.core.plays.road import SIGNS, Road, RoadStep
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, band_text, joined, run_on
from cs_workbench.tui.widgets.columns import fitted

STANDING_STYLES: Final = {"behind": LATE_STYLE, "stuck": LATE_STYLE}
FACTS: Final = (
    ("days to deadline", "deadline|in {:.0f} d"),
    ("days to end", "contract ends|in {:.0f} d"),
    ("days since contact", "last spoke|{:.0f} d ago"),
    ("seats", "seats|{:.0f}"),
    ("open urgent tickets", "urgent tickets|{:.0f} open"),
    ("open complaints", "complaints|{:.0f} open"),
)
BREAK: Final = Content("\n")


@dataclass(frozen=True)
class PlayPicture:
    """All that the screen of a play shows.

    Attributes:
        answers: of the current step, as a person reads them; `sources` where they came from that
            nobody typed.
        known: facts of the account by name; `promises` those that are open.
        warnings: what speaks against the message of the step.
        message: the drafted message's subject and text, where the step drafts one.
    """

    name: str
    play: Play
    playbook: Playbook
    road: Road
    today: dt.date
    answers: Mapping[str, str]
    known: Mapping[str, object]
    promises: Sequence[Promise]
    sources: Mapping[str, str] = field(default_factory=dict)
    message: tuple[str, str, str] | None = None
    warnings: Sequence[str] = ()
    gaps: Sequence[str] = ()


def title(picture: PlayPicture, width: int) -> Content:
    """Which account, which play, and how it stands."""
    road, play = picture.road, picture.play
    how = road.standing
    if play.state != "active":
        return _titled(picture, joined((f"{play.state}, {road.length} steps ", "bold")), width)
    late = f", {road.days_late} d late" if road.days_late else ""
    if road.current is not None and road.current.escalated_to:
        late += f", to {road.current.escalated_to}"
    number = road.current.number if road.current else road.length
    right = joined(
        (f"step {number} of {road.length}", "dim"),
        (" · ", "dim"),
        (f"{how}{late}", STANDING_STYLES.get(how, "bold")),
        " ",
    )
    return _titled(picture, right, width)


def _titled(picture: PlayPicture, right: Content, width: int) -> Content:
    left = joined(" ", (picture.name, "bold"), (" · ", "dim"), picture.playbook.title)
    room = max(0, width - right.cell_length)
    return fitted(left, room) + right


def road_lines(picture: PlayPicture) -> Content:
    """The steps that are work for a person, where we are, and why one was passed."""
    lines: list[Content] = [joined((f"v{picture.play.version}", "dim"))]
    if picture.play.started_on:
        started = near_date(picture.play.started_on, picture.today)
        lines = [joined((f"v{picture.play.version} · started {started}", "dim"))]
    lines.append(NOTHING)
    for one in picture.road.steps:
        if one.is_work:
            lines += _road_step(one, picture.today)
    lines.append(NOTHING)
    lines += _ends(picture.playbook)
    return _stacked(lines)


def _road_step(one: RoadStep, today: dt.date) -> Iterator[Content]:
    style = {"current": "bold", "ahead": "", "done": ""}.get(one.state, "dim")
    yield joined((f"{SIGNS[one.state]} {one.number:>2} ", style), (one.step.title, style))
    told = _when(one, today)
    if told:
        yield joined("     ", (told, LATE_STYLE if told.startswith("!") else "dim"))


def _when(one: RoadStep, today: dt.date) -> str:
    if one.state == "current":
        if one.why:
            return f"{one.why}{f', due {near_date(one.due, today)}' if one.due else ''}"
        if one.due is None:
            return ""
        late = (today - one.due).days
        return (
            f"! due {near_date(one.due, today)}, {late} d late"
            if late > 0
            else ("due today" if late == 0 else f"due {with_weekday(one.due)}")
        )
    if one.state == "done" and one.entry is not None and one.entry.done_on is not None:
        reason = f" · {one.why}" if one.why else ""
        return f"{near_date(one.entry.done_on, today)}{reason}"
    if one.state in {"skipped", "passed", "not taken"}:
        return f"{one.state}: {one.why}" if one.why else ""
    return near_date(one.due, today) if one.state == "ahead" and one.due else ""


def _ends(playbook: Playbook) -> Iterator[Content]:
    yield joined(("Ends when ", "dim"), in_words(playbook.exit.when) or playbook.exit.evidence)
    outcome = playbook.outcome
    told = f"{outcome.measure} {outcome.change} within {outcome.within_days} d"
    yield joined(("Judged by ", "dim"), told)


def step_lines(picture: PlayPicture) -> Content:
    """The current step, large: what it is for, how, what it asks, what it drafts."""
    road, play = picture.road, picture.play
    if play.ended_on is not None:
        return _stacked([joined((f"{play.state.capitalize()}: ", "bold"), play.reason)])
    current = road.current
    if current is None:
        return joined("Every step is done. ", ("X", "bold"), " ends the play.")
    step = current.step
    lines = [joined((step.title, "bold"))]
    if play.evidence and current.number == 1:
        lines.append(joined(("because ", "dim"), play.evidence))
    if play.state == "suggested":
        lines.append(joined(("⏎", "bold"), " begins it, ", ("X", "bold"), " lets it go"))
    elif current.why:
        lines.append(joined(f"{current.why[:1].upper()}{current.why[1:]}"))
    lines.append(NOTHING)
    lines += [_markdown(line) for line in unwrapped(step.guidance)]
    if step.guidance:
        lines.append(NOTHING)
    lines += _asked(picture, step)
    if step.evidence:
        lines.append(joined(("Shown by  ", "dim"), step.evidence))
    lines += _drafted(picture)
    return _stacked(lines)


def unwrapped(text: str) -> list[str]:
    """The lines of Markdown with each paragraph, and each point of a list, as one line."""
    lines: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        goes_on = bool(lines and lines[-1] and stripped) and not stripped.startswith("- ")
        if goes_on:
            lines[-1] = f"{lines[-1]} {stripped}"
        else:
            lines.append(stripped)
    return lines


def _markdown(line: str) -> Content:
    stripped = line.lstrip()
    if stripped.startswith("- "):
        return joined(("• ", "dim"), _plain(stripped[2:]))
    return joined(_plain(line))


def _plain(text: str) -> str:
    """Markdown's marks for stress and code are left out; the words stay."""
    return text.replace("**", "").replace("`", "").replace("*", "")


def _asked(picture: PlayPicture, step: Step) -> Iterator[Content]:
    for one in step.fields:
        answer = picture.answers.get(one.field_id, "")
        source = picture.sources.get(one.field_id, "")
        choices = f" ({', '.join(one.choices)})" if one.choices and not answer else ""
        mark = "*" if one.is_required and not answer else " "
        yield joined(
            (f"{mark} ", "bold"),
            (f"{one.label}  ", "dim"),
            (answer, "bold") if answer else (f"…{choices}", "dim"),
            (f"  from {source}" if answer and source else "", "dim"),
        )


def _drafted(picture: PlayPicture) -> Iterator[Content]:
    if picture.message is None:
        return
    to, subject, body = picture.message
    yield joined(("To    ", "dim"), to)
    yield joined(("Subj  ", "dim"), (subject, "bold"))
    yield NOTHING
    for line in body.splitlines():
        yield joined(line)
    yield NOTHING
    for warning in picture.warnings:
        yield joined(("! ", LATE_STYLE), warning)
    if picture.gaps:
        yield joined((f"to fill: {', '.join(picture.gaps)}", "bold"))


def fact_lines(picture: PlayPicture, glyphs: Glyphs) -> Content:
    """What one has to know while doing the step."""
    known = picture.known
    score = known.get("score")
    points = round(float(score) * 10_000) if isinstance(score, int | float) else None
    band = known.get("band")
    lines = [joined(_band(band, points, glyphs))] if band else []
    for name, told in FACTS:
        value = known.get(name)
        if isinstance(value, int | float) and (value or name.startswith("days")):
            label, _, words = told.partition("|")
            is_today = name.startswith("days") and not round(value)
            said = "today" if is_today else words.format(value)
            lines.append(joined((f"{label}  ", "dim"), said))
    ours = [one for one in picture.promises if one.promised_by == "us"]
    theirs = [one for one in picture.promises if one.promised_by != "us"]
    lines += [
        *_promised("We owe", ours, picture.today),
        *_promised("They owe", theirs, picture.today),
    ]
    return _stacked(lines)


def _band(band: object, points: int | None, glyphs: Glyphs) -> Content:
    for known in ("red", "yellow", "green", "unknown"):
        if known == band:
            return joined(band_text(known, points, glyphs), " ", known)
    return NOTHING


def _promised(label: str, promises: Sequence[Promise], today: dt.date) -> Iterator[Content]:
    if not promises:
        return
    yield NOTHING
    yield joined((label, "dim"))
    for one in promises[:4]:
        late = one.due_on is not None and one.due_on < today
        due = f" {near_date(one.due_on, today)}" if one.due_on else ""
        yield joined(("! " if late else "  ", LATE_STYLE), one.what, (due, "dim"))


def _stacked(lines: Sequence[Content]) -> Content:
    return run_on(part for line in lines for part in (line, BREAK))
