import datetime as dt
from fractions import Fraction

import pytest

from cs_workbench.core.loyalty import BadExperience, bad_lately
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.loyalty import loyalty_history
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.loyalty import (
    bad_experiences,
    list_loyalty,
    loyalty_summary,
    read_loyalty_facts,
    score_loyalty,
)
from cs_workbench.workflows.promising import break_promise
from cs_workbench.workflows.scoring import refresh
from cs_workbench.workflows.suggesting import suggest_plays
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_promise,
    add_summary,
    add_survey,
    add_ticket,
    add_touchpoint,
    insert,
)


def at(days_ago: int, hour: int = 9) -> str:
    return f"{TODAY - dt.timedelta(days_ago)}T{hour:02}:00:00Z"


@pytest.fixture
def two(db: Database) -> tuple[int, int]:
    """Two accounts of one health: to one we keep our word, to the other we do not."""
    with write(db) as connection:
        keys = []
        for name in ("kept", "broken"):
            key = add_account(connection, name, started_on="2023-01-01")
            add_summary(connection, key, band="yellow", points_e4=600_000)
            add_contact(connection, key, contact_id=f"{name}-c")
            keys.append(key)
        good, bad = keys
        day = (TODAY - dt.timedelta(20)).isoformat()
        for key, kept_on in ((good, day), (bad, None)):
            state = "kept" if kept_on else "open"
            add_promise(connection, key, due_on=day, kept_on=kept_on, state=state)
            add_survey(
                connection,
                key,
                contact_id=f"{'kept' if key == good else 'broken'}-c",
                comment="slow",
                answered_on=day,
            )
        add_touchpoint(
            connection,
            good,
            contact_id="kept-c",
            direction="outbound",
            kind="give",
            occurred_at=at(15),
        )
        add_ticket(connection, good, opened_at=at(10), closed_at=at(10, 12))
        add_ticket(connection, bad, opened_at=at(12), priority="urgent")
    return good, bad


def test_accounts_of_equal_health_differ_for_reasons_that_read_true(
    db: Database, two: tuple[int, int]
) -> None:
    assert score_loyalty(db, as_of=TODAY) == 2
    worst, best = list_loyalty(db, today=TODAY)
    assert (worst.account.name, best.account.name) == ("Broken", "Kept")
    assert worst.account.points_e4 == best.account.points_e4
    assert (best.stored.points_e4, best.standing) == (1_000_000, "")
    assert worst.standing == "loyal and squeezed"
    said = {one.measure_id: one.value_text for one in worst.lines if one.lost_e4}
    assert said["promises_kept"] == said["tat_met"] == said["feedback_answered"] == "0 %"
    assert said["bad_experiences"] == "1"
    (line,) = list_loyalty(db, today=TODAY, account_key=two[1])
    assert sum(one.points_e4 or 0 for one in line.lines) == line.stored.points_e4


def test_the_summary_tells_what_the_list_tells_and_of_a_part_too(
    db: Database, two: tuple[int, int]
) -> None:
    good, bad = two
    assert loyalty_summary(db, today=TODAY) is None
    score_loyalty(db, as_of=TODAY)
    scores = [one.stored.points_e4 or 0 for one in list_loyalty(db, today=TODAY)]
    ours = loyalty_summary(db, today=TODAY)
    assert ours is not None
    assert ours.mean.value == Fraction(sum(scores), 20_000)
    assert ours.standings["loyal and squeezed"].keys == [bad]
    part = loyalty_summary(db, today=TODAY, keys={good})
    assert part is not None
    assert (part.customers, part.mean.value) == (1, Fraction(100))
    with write(db) as connection:
        connection.execute("UPDATE account_summary SET is_former = 1 WHERE account_key = ?", (bad,))
    left = loyalty_summary(db, today=TODAY)
    assert left is not None
    assert (left.customers, left.mean.value) == (1, Fraction(100))


def test_an_account_asked_for_alone_is_valuable_by_the_whole_book(
    db: Database, two: tuple[int, int]
) -> None:
    with write(db) as connection:
        connection.execute("UPDATE account SET started_on = '2026-01-01'")
        connection.execute("UPDATE account_summary SET arr_minor = 100 * account_key")
        connection.execute(
            "UPDATE account_summary SET arr_minor = 1 WHERE account_key = ?", (two[1],)
        )
    score_loyalty(db, as_of=TODAY)
    (alone,) = list_loyalty(db, today=TODAY, account_key=two[1])
    assert alone.standing == ""
    assert [one.standing for one in list_loyalty(db, today=TODAY)] == ["", ""]


@pytest.mark.parametrize(
    ("good_arr", "bad_arr", "told"),
    [
        ("NULL", "100", "neglected and valuable"),
        ("300", "NULL", ""),  # of whom it is not known is not called valuable
        ("NULL", "NULL", ""),
        ("100", "0", ""),
    ],
)
def test_who_is_valuable_is_told_by_known_arr_alone(
    db: Database, two: tuple[int, int], good_arr: str, bad_arr: str, told: str
) -> None:
    with write(db) as connection:
        connection.execute("UPDATE account SET started_on = '2026-01-01'")
        for key, amount in zip(two, (good_arr, bad_arr), strict=True):
            connection.execute(
                f"UPDATE account_summary SET arr_minor = {amount} WHERE account_key = ?", (key,)
            )
    score_loyalty(db, as_of=TODAY)
    (line,) = list_loyalty(db, today=TODAY, account_key=two[1])
    assert line.standing == told


def test_a_day_of_the_past_is_scored_by_what_was_known_then(
    db: Database, two: tuple[int, int]
) -> None:
    good, bad = two
    before = TODAY - dt.timedelta(30)
    assert score_loyalty(db, as_of=before) == 2
    assert score_loyalty(db, as_of=TODAY) == 2
    assert score_loyalty(db, as_of=before) == 2  # again: the same rows
    first, last = loyalty_history(db, bad)
    assert (first.as_of, last.as_of) == (before, TODAY)
    assert (first.points_e4 or 0) > (last.points_e4 or 0)
    assert read_loyalty_facts(db, before).keys() <= {good, bad}


def test_what_happened_is_found_where_it_is_written_down(
    db: Database, two: tuple[int, int]
) -> None:
    _, key = two
    (promise_id,) = db.connection.execute(
        "SELECT promise_id FROM promise WHERE account_key = ?", (key,)
    ).fetchone()
    break_promise(db, Act(key, "ana", TODAY), promise_id, evidence=None)
    with write(db) as connection:
        for changes in (
            [Change("account", str(key), "csm", new=None)],
            [
                Change("person", "jon", new={"name": "Jon"}),
                Change("person", "mei", new={"name": "Mei"}),
                Change("account", str(key), "csm", new="jon", effective_on=TODAY.isoformat()),
            ],
            [Change("account", str(key), "csm", new="mei", effective_on=TODAY.isoformat())],
        ):
            apply_changes(connection, actor="ana", summary="s", changes=changes)
        insert(connection, "incident", {
            "incident_id": "i", "account_key": key, "shared": "s", "what": "w", "severity": "high",
            "began_on": TODAY.isoformat(), "told_on": TODAY.isoformat(), "author": "ana",
        })  # fmt: skip
        insert(connection, "imposed_change", {
            "imposed_change_id": "i", "account_key": key, "kind": "CSM", "what": "w",
            "announced_on": TODAY.isoformat(), "author": "ana",
        })  # fmt: skip
    facts = read_loyalty_facts(db, TODAY)[key]
    assert facts.owner_changes == (TODAY,)  # a first owner is no change; told once, changed once
    kinds = {one.kind: one for one in facts.bad}
    assert kinds["incident"] == BadExperience(TODAY, "incident", TODAY)
    assert set(kinds) == {"incident", "broken promise", "urgent breach"}


def test_what_nobody_counts_or_knows_is_unknown_and_not_good(
    db: Database, two: tuple[int, int]
) -> None:
    good, bad = two
    facts = read_loyalty_facts(db, TODAY)
    assert (facts[good].asked_again, facts[good].owner_changes) == (None, None)
    with write(db) as connection:
        add_ticket(connection, bad, opened_at=at(9), asked_again_count=2, closed_at=at(9, 10))
        connection.execute("INSERT INTO person (person_id, name) VALUES ('mei', 'Mei')")
        connection.execute("UPDATE account SET csm = 'mei' WHERE account_key = ?", (good,))
    facts = read_loyalty_facts(db, TODAY)
    assert (facts[good].asked_again, facts[good].owner_changes) == ((), ())
    assert len(facts[bad].asked_again or ()) == 2
    assert facts[bad].owner_changes is None
    assert read_loyalty_facts(db, TODAY - dt.timedelta(10))[good].asked_again is None


def complain(db: Database, key: int, number: int, days_ago: int = 5) -> None:
    with write(db) as connection:
        row = {"what": "w", "severity": "high", "owner": "ana", "state": "received", "author": "a"}
        day = (TODAY - dt.timedelta(days_ago)).isoformat()
        insert(
            connection,
            "complaint",
            {**row, "complaint_id": f"c{number}", "account_key": key, "arrived_on": day},
        )


def test_what_went_wrong_is_what_nobody_made_good(db: Database, two: tuple[int, int]) -> None:
    good, bad = two
    complain(db, good, 1)
    complain(db, good, 2, days_ago=91)
    found = bad_experiences(db, TODAY)
    assert {key: [one.kind for one in some] for key, some in found.items()} == {
        good: ["complaint"],
        bad: ["urgent breach"],
    }
    assert bad_experiences(db, TODAY) == {
        key: some for key, one in read_loyalty_facts(db, TODAY).items() if (some := bad_lately(one))
    }
    step = {"complaint_step_id": "s", "complaint_id": "c1", "state": "resolved", "author": "a"}
    with write(db) as connection:
        row = {**step, "account_key": good, "reached_on": TODAY.isoformat()}
        insert(connection, "complaint_step", row)
    assert list(bad_experiences(db, TODAY)) == [bad]


def test_one_bad_experience_suggests_recovery(db: Database, two: tuple[int, int]) -> None:
    good, _ = two
    complain(db, good, 1)
    refresh(db, as_of=TODAY, actor="ana")
    plays = suggest_plays(db, today=TODAY).new
    because = {one.candidate.account_key: one.evidence for one in plays
               if one.playbook.playbook_id == "complaint-recovery"}  # fmt: skip
    assert "1 bad experience in 90 days, not made good: complaint" in because[good]
