import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.memory import Concession
from cs_workbench.core.renewal_records import RENEWAL_KEYS
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.kept import read_kept
from cs_workbench.store.plays import PlayQuery, list_plays
from cs_workbench.store.reviews import decisions, find_review, open_review, save_place
from cs_workbench.store.tasks import list_tasks
from cs_workbench.store.undo import undo
from cs_workbench.workflows.forecasting import new_forecast
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.review_changes import moved_since
from cs_workbench.workflows.review_exports import export_review, load_snapshot
from cs_workbench.workflows.reviews import (
    Opening,
    Sitting,
    close_review,
    decide,
    decide_concession,
    decide_forecast,
    decide_play,
    decide_step,
    entry_of,
    read_back,
    resume_review,
    start_review,
    undecided_after,
)
from cs_workbench.workflows.scoring import default_scorecard, refresh
from tests.factories import (
    TODAY,
    add_account,
    add_forecast,
    add_signal,
    add_subscription,
    add_summary,
    add_usage,
)
from tests.workflows.renewal_books import ANA, POLICY

CARD = default_scorecard()

NASTY = (
    '=HYPERLINK("http://x")\r\nBEGIN:VALARM\n<script>alert(1)</script> | [x](javascript:1) \x1b[2J'
)


def book(db: Database) -> None:
    """Red and near; commit and red; no forecast; fine and far; above what is due."""
    rows = (
        ("near", "2027-01-15", "red", "at risk", 100),
        ("clash", "2027-02-28", "red", "commit", 200),
        ("bare", "2027-03-31", "yellow", None, 300),
        ("fine", "2027-03-31", "green", "likely", 400),
        ("grown", "2027-04-15", "green", "likely", 500),
    )
    with write(db) as connection:
        for name, end, band, category, arr in rows:
            key = add_account(connection, name, csm="ana")
            add_summary(connection, key, band=band)
            term = {"start_date": "2026-04-01", "end_date": end, "arr_minor": arr * 100}
            add_subscription(connection, key, **term, auto_renew=0)
            if category:
                more = {"amount_minor": 60_000 if name == "grown" else arr * 100}
                said = {"renewal_end": end, "category": category, **more}
                made = "2026-11-20T09:00:00Z"
                fact = {"missing_fact": "PO", "missing_on": "2026-12-20"}
                add_forecast(connection, key, **said, **fact, made_at=made)


def test_two_bad_experiences_put_an_account_on_the_agenda(db: Database) -> None:
    book(db)
    with write(db) as connection:
        for key, severity in ((4, "high"), (5, "medium")):
            told = {"severity": severity, "evidence": f"bad {key}", "opened_on": "2026-11-20"}
            add_signal(connection, key, "bad experience", **told)
    sitting = start_review(db, ANA, Opening("", 150), POLICY)
    assert ("hurt", "bad 4") in [(one.section, one.why) for one in sitting.items]
    assert "bad 5" not in str(sitting.items)


def begin(db: Database, name: str = "") -> Sitting:
    book(db)
    return start_review(db, ANA, Opening(name, 150), POLICY)


def test_the_agenda_is_in_its_order_and_says_why(db: Database) -> None:
    sitting = begin(db)
    names = [entry_of(db, sitting, one, POLICY).account.name for one in sitting.items]
    assert names == ["Clash", "Near", "Bare", "Grown"]
    assert [one.section for one in sitting.items] == [
        *("disagreement", "red or near", "unconfirmed", "expansion"),
    ]
    assert sitting.items[0].why == "commit, and the score is red; red"
    with pytest.raises(ConflictError, match="goes on"):
        start_review(db, ANA, Opening(), POLICY)


def test_nothing_to_talk_about_is_no_meeting(db: Database) -> None:
    with pytest.raises(NotFoundError, match="needs talk"):
        start_review(db, ANA, Opening(), POLICY)


def test_decisions_are_one_act_with_what_they_make(db: Database) -> None:
    sitting = begin(db)
    clash, near, bare, _ = sitting.items
    decide(db, sitting, near, "no change", "")
    given = {"category": "at risk", "risk": "budget", "narrative": "They cut.", "amount_minor": 500}
    one = new_forecast(sitting.speaker, entry_of(db, sitting, clash, POLICY), **given)
    decide_forecast(db, sitting, clash, one, POLICY)
    due = TODAY + dt.timedelta(2)
    decide_step(db, sitting, bare, what="call M. Roux", owner="jon", due_on=due)
    made = decisions(db, sitting.review.review_id)
    assert [(one.kind, one.told) for one in made] == [
        ("no change", "no change"),
        ("forecast", "at risk 5"),
        ("next step", "call M. Roux · jon, Wed 25 Nov 2026"),
    ]
    assert entry_of(db, sitting, clash, POLICY).standing.category == "at risk"
    assert [line.task.origin_id for line in list_tasks(db, today=TODAY)] == [
        sitting.review.review_id
    ]
    undo(db, "ana", today=TODAY)
    undo(db, "ana", today=TODAY)
    assert len(decisions(db, sitting.review.review_id)) == 1
    assert entry_of(db, sitting, clash, POLICY).standing.category == "commit"
    assert list_tasks(db, today=TODAY) == []


def test_a_play_or_a_concession_and_its_decision_are_taken_back_together(db: Database) -> None:
    sitting = begin(db)
    clash, near, *_ = sitting.items
    decide_play(db, sitting, clash, find_playbook("qbr").playbook)
    told = decide_concession(db, sitting, near, kind="discount", reason="bridge", cost_minor=300)
    assert told == "concession: discount 3, approved: bridge"
    made = decisions(db, sitting.review.review_id)
    kept = read_kept(db, Concession, near.account_key)
    plays = list_plays(db, PlayQuery(account_key=clash.account_key))
    assert [one.ref_id for one in made] == [plays[0].play.play_id, kept[0].concession_id]
    undo(db, "ana", today=TODAY)
    assert read_kept(db, Concession, near.account_key) == []
    undo(db, "ana", today=TODAY)
    assert list_plays(db, PlayQuery(account_key=clash.account_key)) == []
    assert decisions(db, sitting.review.review_id) == []


def test_a_concession_above_the_limit_waits_for_who_may(db: Database) -> None:
    sitting = begin(db)
    near = sitting.items[1]
    much = 90_000_000
    told = decide_concession(db, sitting, near, kind="discount", reason="ask", cost_minor=much)
    assert told == "concession: discount 900k, proposed: ask"


def test_what_is_parked_and_another_renewal_of_the_account_stay_undecided(db: Database) -> None:
    book(db)
    with write(db) as connection:  # Near has a second contract, which ends later
        more = {"start_date": "2026-05-01", "end_date": "2027-04-01", "product": "Add-on"}
        add_subscription(connection, 1, **more, arr_minor=500, auto_renew=0)
    sitting = start_review(db, ANA, Opening("", 150), POLICY)
    first, second = [one for one in sitting.items if one.account_key == 1]
    decide(db, sitting, first, "no change", "")
    decide(db, sitting, sitting.items[0], "parked", "ask legal")
    assert {len(made) for item, made in read_back(db, sitting) if item == second} == {0}
    places = [undecided_after(db, sitting, place) for place in (0, second.number, 99)]
    assert places == [1, second.number + 1, 1]
    for item in sitting.items:
        decide(db, sitting, item, "no change", "")
    with pytest.raises(NotFoundError, match="decided"):
        undecided_after(db, sitting, 0)


def test_a_decision_that_lacks_something_is_refused_as_a_whole(db: Database) -> None:
    sitting = begin(db)
    clash = sitting.items[0]
    one = new_forecast(sitting.speaker, entry_of(db, sitting, clash, POLICY))
    with pytest.raises(UsageError, match="risk"):
        decide_forecast(db, sitting, clash, one, POLICY)
    with pytest.raises(UsageError, match="what is parked"):
        decide(db, sitting, clash, "parked", " ")
    assert decisions(db, sitting.review.review_id) == []


def test_a_meeting_is_resumed_where_it_was_by_another_process(db: Database) -> None:
    sitting = begin(db, "EMEA weekly")
    save_place(db, sitting.review.review_id, 3, (130, 40))
    decide(db, sitting, sitting.items[0], "no change", "")
    with open_database(db.path) as other:
        again = resume_review(other, ANA)
        assert (again.review.name, again.review.place, again.review.seconds) == (
            *("EMEA weekly", 3),
            130,
        )
        assert again.items[2].seconds == 40
        back = read_back(other, again)
        assert [len(made) for _, made in back] == [1, 0, 0, 0]


def test_a_closed_meeting_is_final_and_the_next_one_opens_on_the_difference(
    db: Database, tmp_path: Path
) -> None:
    sitting = begin(db)
    decide(db, sitting, sitting.items[0], "no change", "")
    told = close_review(db, sitting, POLICY, CARD)
    assert told.endswith("closed: 1 of 4 decided")
    assert open_review(db) is None
    with pytest.raises(ConflictError, match="closed already"):
        close_review(db, sitting, POLICY, CARD)
    first = export_review(db, find_review(db, None), tmp_path / "a")
    with write(db) as connection:  # whatever changes since, the same bytes come out
        connection.execute("UPDATE account SET name = 'Other'")
        connection.execute("UPDATE account_summary SET band = 'green', band_rank = 3")
    again = export_review(db, find_review(db, None), tmp_path / "b")
    assert [one.read_bytes() for one in first] == [one.read_bytes() for one in again]
    later = replace(ANA, today=TODAY + dt.timedelta(7))
    with write(db) as connection:
        connection.execute("UPDATE account_summary SET band = 'red', band_rank = 0")
    following = start_review(db, later, Opening("", 150), POLICY)
    assert following.review.since == TODAY


def test_two_meetings_of_a_day_leave_files_of_their_own(db: Database, tmp_path: Path) -> None:
    close_review(db, begin(db, "EMEA"), POLICY, CARD)
    emea = export_review(db, find_review(db, "EMEA"), tmp_path)
    close_review(db, start_review(db, ANA, Opening("APAC", 150), POLICY), POLICY, CARD)
    apac = export_review(db, find_review(db, "APAC"), tmp_path)
    assert emea[0].name == "review-2026-11-23.md"
    assert apac[0].name == "review-2026-11-23-2.md"
    assert "# EMEA" in emea[0].read_text(encoding="utf-8")
    assert export_review(db, find_review(db, "EMEA"), tmp_path) == emea


def test_what_is_left_tells_what_moved_the_score_since_the_last_meeting(
    db: Database, tmp_path: Path
) -> None:
    book(db)
    last, between = TODAY - dt.timedelta(7), TODAY - dt.timedelta(28)
    with write(db) as connection:  # fell three weeks before the last meeting, and stayed there
        add_usage(connection, 1, between - dt.timedelta(120), [40.0] * 120 + [4.0] * 29)
    for day in (between, last, TODAY):
        refresh(db, as_of=day, actor="ana")
    close_review(
        db, start_review(db, replace(ANA, today=last), Opening("", 150), POLICY), POLICY, CARD
    )
    close_review(db, start_review(db, ANA, Opening("", 150), POLICY), POLICY, CARD)
    review = find_review(db, TODAY.isoformat())
    (facts,) = [
        one["facts"]
        for one in load_snapshot(db, review)["items"]
        if one["renewal"]["account_id"] == "near"
    ]
    since = moved_since(db, 1, CARD, since=last, day=TODAY)
    whole = moved_since(db, 1, CARD, since=between, day=TODAY)
    assert facts["causes"] == [*since.causes]
    assert since.causes != whole.causes
    text = export_review(db, review, tmp_path)[0].read_text(encoding="utf-8")
    assert "Score since 2026-11-16: " in text


def test_the_workbook_has_every_cell_and_the_minutes_what_was_parked(
    db: Database, tmp_path: Path
) -> None:
    from python_calamine import CalamineWorkbook

    sitting = begin(db)
    decide(db, sitting, sitting.items[0], "parked", "ask legal")
    decide(db, sitting, sitting.items[1], "no change", "")
    said = {"category": "at risk", "amount_minor": 500, "risk": "budget", "narrative": "They cut."}
    bare = entry_of(db, sitting, sitting.items[2], POLICY)
    one = new_forecast(sitting.speaker, bare, **said)
    decide_forecast(db, sitting, sitting.items[2], one, POLICY)
    close_review(db, sitting, POLICY, CARD)
    review = find_review(db, None)
    files = {one.suffix: one for one in export_review(db, review, tmp_path)}
    sheet = CalamineWorkbook.from_path(str(files[".xlsx"])).get_sheet_by_name("forecast")
    head, *rows = sheet.to_python()
    assert tuple(head) == RENEWAL_KEYS
    records = load_snapshot(db, review)["renewals"]
    for row, record in zip(rows, records, strict=True):
        for key, cell in zip(RENEWAL_KEYS, row, strict=True):
            value = record[key]
            wanted = " ".join(value) if isinstance(value, list) else value
            assert cell == ("" if wanted is None else wanted), key
    html = files[".html"].read_text(encoding="utf-8")
    assert "<h2>Parked</h2>" in html
    assert '<td class="n">' in html  # amounts end at the right
    text = files[".md"].read_text(encoding="utf-8")
    assert "| Clash | ask legal |" in text
    assert "- **no change** (ana)" in text
    assert "Forecast by ana, 2026-11-23: budget · They cut." in text
    assert "<p>Forecast by ana, 2026-11-23: budget · They cut.</p>" in html


def test_a_meeting_about_contracts_without_a_price_leaves_its_files(
    db: Database, tmp_path: Path
) -> None:
    from python_calamine import CalamineWorkbook

    with write(db) as connection:
        key = add_account(connection, "bare", csm="ana")
        add_summary(connection, key, arr_minor=None)
        term = {"start_date": "2025-04-01", "end_date": "2027-01-15", "auto_renew": 0}
        add_subscription(connection, key, **term, arr_minor=None)
    settle_renewals(db, today=TODAY, policy=POLICY)
    sitting = start_review(db, ANA, Opening("", 150), POLICY)
    close_review(db, sitting, POLICY, CARD)
    files = {one.suffix: one for one in export_review(db, find_review(db, None), tmp_path)}
    text = files[".md"].read_text(encoding="utf-8")
    assert "| due | 1 | unknown, 1 not fully priced | " in text
    assert "Weighted unknown; renewal rate of due unknown without 1 of unknown amount; GRR" in text
    assert "NRR unknown without 1 of unknown amount." in text
    html = files[".html"].read_text(encoding="utf-8")
    assert "<p>Due unknown, 1 not fully priced. Weighted <b>unknown</b>" in html
    assert "NRR unknown without 1 of unknown amount.</p>" in html
    about = CalamineWorkbook.from_path(str(files[".xlsx"])).get_sheet_by_name("about").to_python()
    assert ["weighted", "not known"] in about
    for one in files.values():
        assert "None" not in one.read_bytes().decode("utf-8", "replace").replace("\nNone.\n", "")


def test_what_it_leaves_can_be_read_and_nothing_in_it_acts(db: Database, tmp_path: Path) -> None:
    from icalendar import Calendar
    from python_calamine import CalamineWorkbook

    book(db)
    with write(db) as connection:
        connection.execute("UPDATE account SET name = ?", (NASTY,))
        connection.execute("UPDATE account SET next_step = ?", (NASTY,))
    sitting = start_review(db, ANA, Opening(NASTY, 150), POLICY)
    decide(db, sitting, sitting.items[0], "parked", NASTY)
    due = TODAY + dt.timedelta(2)
    decide_step(db, sitting, sitting.items[1], what=NASTY, owner=NASTY, due_on=due)
    close_review(db, sitting, POLICY, CARD)
    review = find_review(db, None)
    files = {one.suffix: one for one in export_review(db, review, tmp_path)}

    snapshot = load_snapshot(db, review)
    rows = CalamineWorkbook.from_path(str(files[".xlsx"])).get_sheet_by_name("forecast").to_python()
    assert len(rows) == 1 + len(snapshot["renewals"])
    for row, one in zip(rows[1:], snapshot["renewals"], strict=True):
        read = dict(zip(rows[0], row, strict=True))
        assert str(read["name"]).startswith('=HYPERLINK("http://x")')
        assert read["arr_due"] == one["arr_due"]
        assert read["auto_renew"] is one["auto_renew"]

    csv = files[".csv"].read_text(encoding="utf-8")
    assert "'=HYPERLINK" in csv
    assert ',"=HYPERLINK' not in csv

    calendar = Calendar.from_ical(files[".ics"].read_bytes())
    (todo,) = calendar.walk("VTODO")
    assert todo.decoded("due") == due
    assert calendar.walk("VALARM") == []

    html = files[".html"].read_text(encoding="utf-8")
    assert "<script" not in html
    assert "http://x" not in html.replace("&quot;http://x&quot;", "")
    assert "&lt;script&gt;" in html
    assert html.count("<svg") >= 1
    text = files[".md"].read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "[x](javascript" not in text.replace("\\[x\\](javascript", "")
    assert "<script>" not in text.replace("\\<script\\>", "")
    found = json.loads(files[".json"].read_text(encoding="utf-8"))
    assert {one["kind"] for one in found["decisions"]} == {"parked", "next step"}
    for kind in (".md", ".html", ".json"):
        assert review.review_id in files[kind].read_text(encoding="utf-8")
