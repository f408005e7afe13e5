import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.judgements import SENTIMENT_SCALE, Override
from cs_workbench.core.measures import MISSING, Measured
from cs_workbench.core.timeline import TimelineEntry
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_merge import merge_accounts
from cs_workbench.store.database import Database, write
from cs_workbench.store.overrides import list_overrides
from cs_workbench.store.ratings import list_ratings
from cs_workbench.store.sqlite import sqlite3
from cs_workbench.store.standing import standing_override
from cs_workbench.store.timeline import load_timeline
from cs_workbench.workflows.explaining import explain
from cs_workbench.workflows.judgements import (
    Act,
    find_scale,
    make_override,
    make_rating,
    override_band,
    rate,
    read_points,
    withdraw_override,
)
from cs_workbench.workflows.next_steps import undo_last
from cs_workbench.workflows.scoring import default_scorecard, refresh
from cs_workbench.workflows.verifying import verify
from tests.core.test_rating_measures import CARD, card
from tests.factories import TODAY, add_account, add_person, add_subscription, portfolio

DAY = dt.timedelta(days=1)
ANA = Act(1, "ana", TODAY)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            add_person(pen)
            for number in (1, 2):
                key = add_account(pen, f"a{number}", started_on="2025-01-01")
                add_subscription(pen, key, end_date="2027-12-31")
        yield opened


def override(act: Act = ANA, **fields: Any) -> Override:
    given: dict[str, Any] = {"band": "yellow", "points_e4": None, "reason": "new sponsor"}
    given |= {"until": TODAY + 30 * DAY, "scorecard": default_scorecard()}
    return make_override(act, **{**given, **fields})


def rating(db: Database, value: int, act: Act = ANA, on: dt.date | None = None) -> str:
    made = make_rating(act, rated="sentiment", value=value, reason="quiet", on=on)
    return rate(db, act, made, SENTIMENT_SCALE)


def standing(db: Database, day: dt.date = TODAY) -> str | None:
    found = standing_override(db, 1, day)
    (line,) = account_lines(db, [1], today=day, me="ana")
    assert line.override == found
    return None if found is None else found.band


def test_an_override_stands_from_its_day_to_its_last_and_then_falls_away(db: Database) -> None:
    done = override_band(db, ANA, override(until=TODAY + 7 * DAY))
    assert done == "override: yellow until Mon 30 Nov 2026 · A1"
    days = (-1, 0, 7, 8)
    assert [standing(db, TODAY + day * DAY) for day in days] == [None, "yellow", "yellow", None]
    found = standing_override(db, 1, TODAY)
    assert found is not None
    assert (found.author, found.reason) == ("Ana Ruiz", "new sponsor")


def test_it_is_shown_beside_the_score_and_changes_nothing_of_it(db: Database) -> None:
    refresh(db, as_of=TODAY, actor="ana")
    before = explain(db, 1, default_scorecard(), as_of=TODAY, since=TODAY - 7 * DAY)
    override_band(db, ANA, override(band="red"))
    assert refresh(db, as_of=TODAY, actor="ana").changed == 0
    after = explain(db, 1, default_scorecard(), as_of=TODAY, since=TODAY - 7 * DAY)
    assert (after.now.score, after.causes) == (before.now.score, before.causes)
    assert before.override is None
    assert after.override is not None
    past = explain(db, 1, default_scorecard(), as_of=TODAY - DAY)
    assert past.override is None  # it was not made yet


def test_a_new_one_takes_the_place_of_one_that_stands(db: Database) -> None:
    override_band(db, ANA, override())
    override_band(db, Act(1, "jon", TODAY + 2 * DAY), override(Act(1, "jon", TODAY + 2 * DAY)))
    later = Act(1, "ana", TODAY + 3 * DAY)
    override_band(db, later, override(later, band="green", points_e4=800_000))
    assert [standing(db, TODAY + day * DAY) for day in (1, 2, 3)] == ["yellow", "yellow", "green"]
    ended = [one.override.withdrawn_on for one in list_overrides(db, today=TODAY, everything=True)]
    assert ended == [None, TODAY + 3 * DAY, TODAY + 2 * DAY]
    undo_last(db, "ana", TODAY + 3 * DAY)
    assert standing(db, TODAY + 3 * DAY) == "yellow"


def test_withdrawing_ends_it_and_can_be_undone(db: Database) -> None:
    override_band(db, ANA, override())
    assert withdraw_override(db, ANA) == "override withdrawn: yellow by Ana Ruiz · A1"
    assert standing(db) is None
    with pytest.raises(NotFoundError, match="No override stands"):
        withdraw_override(db, ANA)
    undo_last(db, "ana", TODAY)
    assert standing(db) == "yellow"
    undo_last(db, "ana", TODAY)
    assert list_overrides(db, today=TODAY, everything=True) == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"band": "unknown"}, "Choose the band"),
        ({"band": ""}, "Choose the band"),
        ({"reason": " \n "}, "Say why in one line"),
        ({"reason": "x" * 501}, "at most 500"),
        ({"until": None}, "Say until when"),
        ({"until": TODAY}, "a day ahead"),
        ({"until": TODAY + 91 * DAY}, "at most 90 days, until Sun 21 Feb 2027"),
        ({"points_e4": 700_000}, "A score of 70 is green, not yellow"),
        ({"points_e4": 499_999}, "A score of 49.9999 is red, not yellow"),
    ],
)
def test_what_is_no_override_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        override(**fields)


def test_the_limits_are_allowed() -> None:
    assert override(until=TODAY + 90 * DAY).expires_on == dt.date(2027, 2, 21)
    assert override(points_e4=500_000).points_e4 == 500_000
    assert override(reason=" new \n sponsor ").reason == "new sponsor"


@pytest.mark.parametrize(
    ("text", "points"), [(None, None), (" ", None), ("55", 550_000), ("54.5", 545_000)]
)
def test_scores_are_read(text: str | None, points: int | None) -> None:
    assert read_points(text) == points


@pytest.mark.parametrize("text", ["high", "nan", "inf", "1e999999999", "5,5", "-1", "100.1"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no score"):
        read_points(text)


def test_a_rating_is_written_down_and_told(db: Database) -> None:
    done = rating(db, 2, on=TODAY - 23 * DAY)
    assert done == "rated the relationship 2 of 5 (unhappy, and they say so) · A1"
    (line,) = list_ratings(db, account_key=1)
    assert (line.rating.rated_on, line.rating.known_on) == (TODAY - 23 * DAY, TODAY)
    assert list_ratings(db, account_key=2) == []


@pytest.mark.parametrize(
    ("value", "reason", "on", "why"),
    [
        (None, "x", None, "Choose a value from 1 to 5"),
        (0, "x", None, "from 1 to 5"),
        (6, "x", None, "from 1 to 5"),
        (3, "", None, "Say why"),
        (3, "x", TODAY + DAY, "Tue 24 Nov 2026 is still to come"),
    ],
)
def test_what_is_no_rating_is_refused(
    value: int | None, reason: str, on: dt.date | None, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        make_rating(ANA, rated="sentiment", value=value, reason=reason, on=on)


def test_only_what_the_scorecard_asks_can_be_rated() -> None:
    assert find_scale(card(), "access").label == "access to executives"
    with pytest.raises(NotFoundError, match="There are: sentiment, access"):
        find_scale(card(), "sponsor")
    with pytest.raises(NotFoundError, match=r"There are: sentiment\."):
        find_scale(default_scorecard(), "access")


def test_who_is_gone_or_a_customer_no_longer_is_not_judged(db: Database) -> None:
    gone = Act(99, "ana", TODAY)
    for act, error in ((gone, NotFoundError), (ANA, ConflictError)):
        with write(db) as pen:
            pen.execute("UPDATE subscription SET end_date = '2026-02-01', auto_renew = 0")
        refresh(db, as_of=TODAY, actor="ana")
        with pytest.raises(error):
            override_band(db, act, override(act))
        with pytest.raises(error):
            rating(db, 3, act)
    assert list_overrides(db, today=TODAY, everything=True) == []
    assert list_ratings(db) == []


def measured(db: Database, day: dt.date) -> object:
    found = explain(db, 1, card(CARD), as_of=day)
    return found.now.score.outcomes[0]


def test_a_rating_counts_from_the_day_it_was_written_down(db: Database) -> None:
    rating(db, 2, on=TODAY - 20 * DAY)
    assert measured(db, TODAY - DAY) is MISSING  # it is about then, and was not known then
    assert measured(db, TODAY) == Measured(2, 20)
    assert measured(db, TODAY + 70 * DAY) == Measured(2, 90)


def test_one_that_was_taken_back_counts_up_to_the_day_before(db: Database) -> None:
    rating(db, 2)
    later = TODAY + 5 * DAY
    undo_last(db, "ana", later)
    assert list_ratings(db) == []
    days = (TODAY - DAY, TODAY, later - DAY, later)
    assert [measured(db, day) for day in days] == [MISSING, Measured(2, 0), Measured(2, 4), MISSING]


def test_stored_scores_are_recomputed_the_same_after_later_judgements(db: Database) -> None:
    rating(db, 4, Act(1, "ana", TODAY - 10 * DAY))
    for day in (TODAY - 5 * DAY, TODAY):
        refresh(db, as_of=day, actor="ana", scorecard=card(CARD))
    undo_last(db, "ana", TODAY + DAY)
    rating(db, 1, Act(1, "ana", TODAY + DAY), on=TODAY - 7 * DAY)
    override_band(db, Act(1, "ana", TODAY + DAY), override(Act(1, "ana", TODAY + DAY)))
    report = verify(db)
    assert (report.scores, report.different) == (4, 0)


def test_both_are_on_the_timeline(db: Database) -> None:
    rating(db, 2, on=TODAY - DAY)
    override_band(db, ANA, override())
    withdraw_override(db, Act(1, "jon", TODAY + DAY))
    found = [one for one in load_timeline(db, 1, today=TODAY + DAY) if one.kind == "judgement"]
    assert found == [
        TimelineEntry(TODAY + DAY, "judgement", "override withdrawn: yellow", "jon"),
        TimelineEntry(
            TODAY, "judgement", "override: yellow until 23 Dec 2026: new sponsor", "Ana Ruiz"
        ),
        TimelineEntry(TODAY - DAY, "judgement", "sentiment 2 of 5: quiet", "Ana Ruiz", loud=True),
    ]


def test_they_go_with_an_account_that_is_merged(db: Database) -> None:
    rating(db, 2)
    override_band(db, ANA, override())
    moved = merge_accounts(db, "a1", "a2", actor="ana").moved
    assert (moved["override"], moved["rating"]) == (1, 1)
    assert standing_override(db, 2, TODAY) is not None
    assert [one.account_id for one in list_ratings(db)] == ["a2"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE override SET band = 'green'",
        "UPDATE override SET expires_on = '2030-01-01'",
        "UPDATE rating SET value = 5",
        "UPDATE rating SET known_on = '2020-01-01', rated_on = '2020-01-01'",
        "INSERT INTO override SELECT 'x', 1, 'unknown', NULL, 'r', 'a', made_on, expires_on, "
        "NULL, NULL FROM override",
        "INSERT INTO rating SELECT 'x', 1, 'sentiment', 6, 'r', 'a', rated_on, known_on "
        "FROM rating",
        "INSERT INTO rating SELECT 'x', 1, 'sentiment', 5, 'r', 'a', '2026-11-24', '2026-11-23' "
        "FROM rating",
    ],
)
def test_the_tables_refuse_what_cannot_be(db: Database, statement: str) -> None:
    rating(db, 2)
    override_band(db, ANA, override())
    with pytest.raises(sqlite3.IntegrityError):
        db.connection.execute(statement)
