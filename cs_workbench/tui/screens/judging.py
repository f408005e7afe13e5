"""`e` on an account's page: what one can judge of it or write down, and the forms for that."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from textual.app import App
from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.dates import near_date
from cs_workbench.core.judgements import ASSERTED, Rating, Scale, counts_on, rating_text
from cs_workbench.core.scorecard_ratings import scales_of
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.formats import BAND_STYLES, band_text, joined, safe
from cs_workbench.tui.screens.complaint_sheets import complaint_choices, take_on
from cs_workbench.tui.screens.field_sheets import conflict_choices, decide, edit_fields
from cs_workbench.tui.screens.judgement import JudgementForm, Sheet
from cs_workbench.tui.screens.memory_steps import KINDS, write_down
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.judged_lines import override_text
from cs_workbench.workflows.drafts import OVERRIDE, rating_form
from cs_workbench.workflows.editing import disagreements
from cs_workbench.workflows.judgements import (
    Act,
    make_override,
    make_rating,
    override_band,
    rate,
    read_points,
    withdraw_override,
)
from cs_workbench.workflows.scorecards import scorecard_at

FIRST_UNTIL: Final = "+30"
_OVERRIDE, _WITHDRAW, _RATE = "override", "withdraw", "rate "
_FIELDS, _DECIDE, _COMPLAINT, _WRITE = "fields", "decide ", "complaint ", "write "


async def judge(app: App[Any], session: Session, page: AccountPage) -> str | None:
    """Ask what to judge, and do it; returns what was done, in words.

    Raises:
        WorkbenchError: the scorecard cannot be read, or there is nothing to withdraw.
    """
    card = scorecard_at(session.scorecard)
    act = Act(page.line.account_key, session.me, session.today)
    found = disagreements(session.db, act.account_key)
    decisions = [*complaint_choices(page.memory.open_complaints), *conflict_choices(found)]
    menu = judging_menu(session, page, scales_of(card), decisions)
    chosen = await app.push_screen_wait(menu)
    if chosen is None:
        return None
    if chosen.value == _FIELDS:
        return await edit_fields(app, session, act, page.line.name)
    if chosen.value.startswith(_WRITE):
        kind = KINDS[int(chosen.value.removeprefix(_WRITE))]
        return await write_down(app, session, act, kind)
    if chosen.value.startswith(_COMPLAINT):
        return await take_on(app, session, chosen.value.removeprefix(_COMPLAINT))
    if chosen.value.startswith(_DECIDE):
        return await decide(app, session, act, found[int(chosen.value.removeprefix(_DECIDE))])
    if chosen.value == _WITHDRAW:
        with open_database(session.db.path) as db:
            return withdraw_override(db, act)
    if chosen.value == _OVERRIDE:
        sheet = override_sheet(session, page, act, card)
    else:
        rated = chosen.value.removeprefix(_RATE)
        scale = next(one for one in scales_of(card) if one.rated == rated)
        sheet = rating_sheet(page, act, scale)
    return await app.push_screen_wait(JudgementForm(session, sheet))


def judging_menu(
    session: Session,
    page: AccountPage,
    scales: tuple[Scale, ...],
    decisions: Sequence[Choice] = (),
) -> Menu:
    """To override the band or end that, all that can be rated, edited or written down."""
    choices = [Choice("o", safe("Override the band"), _OVERRIDE)]
    if page.line.override is not None:
        band = page.line.override.band
        told = joined("Withdraw the override ", (session.glyphs.bands[band], BAND_STYLES[band]))
        choices.append(Choice("w", told, _WITHDRAW))
    for place, scale in enumerate(scales):
        key = "r" if not place else str(place) if place < 10 else ""
        choices.append(Choice(key, joined("Rate ", scale.label), f"{_RATE}{scale.rated}"))
    choices.append(Choice("f", safe("Edit fields: segment, stage, CSM, fit …"), _FIELDS))
    choices.extend(
        Choice(kind.key, safe(kind.label), f"{_WRITE}{place}") for place, kind in enumerate(KINDS)
    )
    choices.extend(decisions)
    note = joined(("an override stands beside the score, a rating counts in it", "dim"))
    return Menu(joined("Edit ", page.line.name), choices, note=note)


def override_sheet(session: Session, page: AccountPage, act: Act, card: Scorecard) -> Sheet:
    """The form of an override."""
    line = page.line
    now = joined(
        ("computed ", "dim"),
        band_text(line.band, line.points_e4, session.glyphs),
        (f" {line.band}", BAND_STYLES[line.band]),
    )
    if line.override is not None:
        standing = override_text(line.override, page.today, session.glyphs)
        now = Content("\n").join([now, joined(("ends     ", "dim"), standing)])

    def apply(db: Database, fields: Mapping[str, str], until: dt.date | None) -> str:
        override = make_override(
            act,
            band=fields["choice"],
            points_e4=read_points(fields["score"]),
            reason=fields["reason"],
            until=until,
            scorecard=card,
        )
        return override_band(db, act, override)

    return Sheet(
        form=OVERRIDE,
        subject=str(act.account_key),
        title=joined(("Override the band", "bold"), " · ", line.name),
        now=now,
        question="I say",
        choices=tuple(
            Choice(
                band[0], joined((f"{session.glyphs.bands[band]} {band}", BAND_STYLES[band])), band
            )
            for band in ASSERTED
        ),
        day="Until",
        first_day=FIRST_UNTIL,
        has_score=True,
        apply=apply,
    )


def rating_sheet(page: AccountPage, act: Act, scale: Scale) -> Sheet:
    """The form of a rating."""

    def apply(db: Database, fields: Mapping[str, str], on: dt.date | None) -> str:
        value = int(fields["choice"]) if fields["choice"] else None
        rating = make_rating(act, rated=scale.rated, value=value, reason=fields["reason"], on=on)
        return rate(db, act, rating, scale)

    last = next((one for one in page.ratings if one.rated == scale.rated), None)
    return Sheet(
        form=rating_form(scale.rated),
        subject=str(act.account_key),
        title=joined(("Rate ", "bold"), (scale.label, "bold"), " · ", page.line.name),
        now=_last(last, page.today),
        question="I see",
        choices=tuple(
            Choice(str(value), safe(words), str(value))
            for value, words in enumerate(scale.words, start=1)
        ),
        day="On",
        first_day="today",
        has_score=False,
        apply=apply,
    )


def _last(rating: Rating | None, today: dt.date) -> Content:
    if rating is None:
        return joined(("not rated yet", "dim"))
    day = near_date(rating.rated_on, today)
    faded = "" if counts_on(rating, today) else ", faded"
    return joined(
        ("last ", "dim"),
        rating_text(rating.value),
        (f" · {rating.author}, {day}{faded}: ", "dim"),
        rating.reason,
    )
