"""A book that changes hands: what moves, what stays, covers that end, plans that begin."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import PlayQuery, list_plays
from cs_workbench.store.undo import undo
from cs_workbench.workflows import plays
from cs_workbench.workflows.hand_over_pages import save_pages
from cs_workbench.workflows.play_messages import draft_of
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.reassigning import (
    PLAYBOOK,
    Wish,
    giver_of,
    hand_over,
    plan_hand_over,
    settle_hand_overs,
)
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By, add_task, make_task
from cs_workbench.workflows.today import todays_queue
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_summary,
    add_touchpoint,
    portfolio,
)

ANA = By("Ana Ruiz", TODAY)
WEEK = dt.timedelta(7)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            add_person(c, "ana", name="Ana Ruiz")
            add_person(c, "jon", name="Jon Beck")
            kestrel = add_account(
                c, "kes", name="Kestrel", csm="ana", next_step="call", next_step_owner="Ana Ruiz"
            )
            add_summary(c, kestrel, band="red", arr_minor=41_200_000, deadline="2026-12-10")
            other = add_account(c, "orc", name="Orchid", csm="ana")
            add_summary(c, other, arr_minor=900_000)
            theirs = add_account(c, "mei", name="Of Mei", csm="mei")
            add_contact(c, kestrel, contact_id="c1", name="Lena Voss", role="champion")
            add_contact(c, other, contact_id="c2", name="Ola", role="sponsor", opted_out=1)
            add_promise(c, kestrel, what="refund", owner="Ana Ruiz", due_on="2026-11-30")
            add_promise(c, kestrel, what="kept long ago", owner="Ana Ruiz", state="kept")
            add_promise(c, kestrel, what="theirs", promised_by="customer", owner="Ana Ruiz")
            add_touchpoint(c, kestrel, author="Ana Ruiz")
        for what, key, owner in (
            ("report", kestrel, "Ana Ruiz"),
            ("help Mei", theirs, "ana"),
            ("tidy up", None, "Ana Ruiz"),
            ("not hers", kestrel, "mei"),
        ):
            add_task(opened, ANA, make_task(ANA, what=what, account_key=key, owner=owner))
        drop = find_playbook("usage-drop").playbook
        start_play(opened, ANA, kestrel, drop, Start())
        yield opened


def owners(db: Database) -> dict[str, str]:
    rows = db.connection.execute(
        "SELECT 'task ' || what, owner FROM task UNION ALL SELECT 'promise ' || what, owner "
        "FROM promise UNION ALL SELECT 'play ' || playbook_id || account_key, owner FROM play "
        "UNION ALL SELECT 'csm ' || account_id, csm FROM account "
        "UNION ALL SELECT 'next ' || account_id, next_step_owner FROM account "
        "WHERE next_step IS NOT NULL"
    )
    return dict(rows.fetchall())


BEFORE = {
    "task report": "Ana Ruiz",
    "task help Mei": "ana",
    "task tidy up": "Ana Ruiz",
    "task not hers": "mei",
    "promise refund": "Ana Ruiz",
    "promise kept long ago": "Ana Ruiz",
    "promise theirs": "Ana Ruiz",
    "play usage-drop1": "Ana Ruiz",
    "csm kes": "ana",
    "csm orc": "ana",
    "csm mei": "mei",
    "next kes": "Ana Ruiz",
}
GONE_TO_JON = ("report", "help Mei", "tidy up")


def test_all_of_a_book_moves_and_history_stays(db: Database) -> None:
    hand_over(db, ANA, Wish("Ana Ruiz", "Jon Beck"))
    assert owners(db) == {
        **BEFORE,
        **{f"task {what}": "Jon Beck" for what in GONE_TO_JON},
        "promise refund": "Jon Beck",
        "play usage-drop1": "Jon Beck",
        "play hand-over1": "Jon Beck",
        "play hand-over2": "Jon Beck",
        "csm kes": "jon",
        "csm orc": "jon",
        "next kes": "Jon Beck",
    }
    undo(db, "Ana Ruiz")
    assert owners(db) == BEFORE


def test_the_plan_tells_all_of_it_and_writes_nothing(db: Database) -> None:
    plan = plan_hand_over(db, TODAY, Wish("ana", "jon beck"))
    kestrel, orchid = plan.accounts
    assert [one.kind for one in kestrel.moving] == [
        *("account", "next step", "task", "play", "promise"),
    ]
    assert kestrel.human == ("in red", "a promise of ours is due in 7 d", "deadline in 17 d")
    assert kestrel.introduction.who == "Lena Voss"
    assert orchid.human == ("Ola opted out: introduce yourself when they write",)
    assert [one.what for one in plan.elsewhere] == ["help Mei", "tidy up"]
    assert plan.stays == (("contacts logged", 1), ("promises kept or broken", 1))
    assert owners(db) == BEFORE


def test_chosen_accounts_leave_all_others_alone(db: Database) -> None:
    hand_over(db, ANA, Wish("Ana Ruiz", "Jon Beck", [2]))
    changed = {key: owner for key, owner in owners(db).items() if BEFORE.get(key) != owner}
    assert changed == {"csm orc": "jon", "play hand-over2": "Jon Beck"}


def test_a_cover_leaves_the_csm_and_gives_back_what_it_still_has(db: Database) -> None:
    hand_over(db, ANA, Wish("Ana Ruiz", "Jon Beck", until=TODAY + WEEK))
    during = owners(db)
    assert (during["csm kes"], during["task report"]) == ("ana", "Jon Beck")
    assert "play hand-over2" not in during  # nothing is open there: nobody is bothered
    with write(db) as c:
        (task_id,) = c.execute("SELECT task_id FROM task WHERE what = 'tidy up'").fetchone()
        done = [Change("task", task_id, "owner", new="mei")]
        apply_changes(c, actor="Jon Beck", summary="given on", changes=done)
    assert settle_hand_overs(db, TODAY + WEEK) == []  # its last day
    (told,) = settle_hand_overs(db, TODAY + WEEK + dt.timedelta(1))
    assert told == "cover is over: 5 things back with Ana Ruiz, from Jon Beck"
    after = owners(db)
    assert {key: after[key] for key in BEFORE} == {**BEFORE, "task help Mei": "Ana Ruiz"} | {
        "task tidy up": "mei"
    }
    assert [one.play.playbook_id for one in list_plays(db)] == ["usage-drop"]
    assert settle_hand_overs(db, TODAY + 2 * WEEK) == []


def test_who_covers_sees_the_day_of_those_accounts(db: Database) -> None:
    assert {one.item.what for one in todays_queue(db, TODAY, me="Mei")} == {"not hers"}
    hand_over(db, ANA, Wish("Ana Ruiz", "Mei", [1], until=TODAY + WEEK))
    covered = {one.item.what for one in todays_queue(db, TODAY, me="Mei")}
    assert {"refund", "theirs", "report", "not hers"} <= covered
    late = TODAY + WEEK + dt.timedelta(1)
    assert "theirs" not in {one.item.what for one in todays_queue(db, late, me="Mei")}


def test_a_planned_one_waits_for_its_day(db: Database) -> None:
    told = hand_over(db, ANA, Wish("Ana Ruiz", "Jon Beck", [1], TODAY + WEEK))
    assert told.startswith("planned for Mon 30 Nov 2026")
    assert settle_hand_overs(db, TODAY) == []
    assert owners(db) == BEFORE
    assert settle_hand_overs(db, TODAY + WEEK) == [
        "handed over 1 account and 4 things on them from Ana Ruiz to Jon Beck"
    ]
    assert owners(db)["csm kes"] == "jon"
    assert settle_hand_overs(db, TODAY + WEEK) == []


def test_the_introduction_is_written_and_held_to_the_cap(db: Database) -> None:
    with write(db) as c:
        for day in ("2026-11-10", "2026-11-12", "2026-11-14", "2026-11-16"):
            add_touchpoint(
                c, 1, contact_id="c1", occurred_at=f"{day}T10:00:00Z", direction="outbound",
                channel="email",
            )  # fmt: skip
    hand_over(db, ANA, Wish("Ana Ruiz", "Jon Beck", [1]))
    (line,) = list_plays(db, PlayQuery(account_key=1, playbook_id=PLAYBOOK))
    walk = open_walk(db, line.play.play_id, TODAY)
    hello = next(one for one in walk.road.steps if one.step.step_id == "hello")
    assert hello.due == dt.date(2026, 12, 10)  # thirty days after the oldest of the four
    jon = By("Jon Beck", dt.date(2026, 12, 10))
    plays.finish_step(db, jon, line.play.play_id, evidence="she wants it short")
    body = draft_of(db, jon, open_walk(db, line.play.play_id, jon.today)).message.body
    assert "I take over from Ana Ruiz" in body
    assert "refund, by 30 Nov" in body
    assert "▢" not in body


def test_a_page_for_each_account(db: Database, tmp_path: Path) -> None:
    with write(db) as c:
        c.execute(
            "UPDATE account SET account_id = '../../x', name = '# K [a](b)' WHERE account_key = 1"
        )
    plan = plan_hand_over(db, TODAY, Wish("ana", "jon"))
    folder = tmp_path / "pages"
    saved = save_pages(db, plan, folder, TODAY)
    assert [one.relative_to(folder).name for one in saved] == ["x-1.md", "orc-2.md"]
    text = saved[0].read_text(encoding="utf-8")
    assert text.startswith("# \\# K \\[a\\](b) · score 50 · red\n\nFrom Ana Ruiz to Jon Beck")
    assert "- a promise of ours is due in 7 d" in text
    assert "- report" in text.partition("## Tasks that come with it")[2]
    with pytest.raises(UsageError, match="is not empty"):
        save_pages(db, plan, folder, TODAY)


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (Wish("Ana Ruiz", "ana"), "has that already"),
        (Wish("ana", "jon", begins_on=TODAY - WEEK), "is over"),
        (Wish("ana", "jon", begins_on=TODAY + WEEK, until=TODAY), "ends before it begins"),
        (Wish("jon", "ana"), "nothing there that could move"),
    ],
)
def test_what_cannot_be(db: Database, wish: Wish, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        plan_hand_over(db, TODAY, wish)


def test_nobody_is_made_by_a_typing_error(db: Database) -> None:
    with pytest.raises(NotFoundError, match="Known: Ana Ruiz, Jon Beck, Mei"):
        plan_hand_over(db, TODAY, Wish("ana", "Jonn Beck"))
    with pytest.raises(UsageError, match="of 2 CSMs"):
        giver_of(db, [1, 3])
