"""Plays walked from suggestion to end, on a real file."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.account_merge import merge_accounts
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import PlayQuery, list_plays
from cs_workbench.store.statements import commitment_history, forecast_history
from cs_workbench.store.undo import undo
from cs_workbench.workflows import plays
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.prefilling import Prefilled, step_prefilled
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.suggesting import suggest_plays
from cs_workbench.workflows.tasks import By
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_signal,
    add_summary,
    portfolio,
)
from tests.workflows.renewal_books import END, kestrel

ANA = By("ana", TODAY)
CALL = {
    "reached": "yes",
    "channel": "call",
    "changed": "SAP module",
    "mood": "3",
    "mood_reason": "worried",
    "we_promise": "training",
    "we_promise_by": "+10",
    "next": "agree the repair",
    "next_by": "+3",
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            add_person(c, "ana", name="Ana Ruiz")
            key = add_account(c, "kes-1", name="Kestrel", csm="ana")
            add_summary(c, key, band="red", arr_minor=41_200_000, deadline="2026-12-30")
            add_contact(c, key, contact_id="c1", name="Tomasz Brandt", role="decision maker")
            add_signal(c, key, "usage shock", evidence="active users fell from 48 to 19")
        yield opened


@pytest.fixture(scope="module")
def drop() -> Playbook:
    return find_playbook("usage-drop").playbook


def begin(db: Database, playbook: Playbook) -> str:
    return start_play(db, ANA, 1, playbook, Start(reason="a drop"))


def rows(db: Database, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.connection.execute(statement)]


def current(db: Database, play_id: str, today: dt.date = TODAY) -> str:
    found = open_walk(db, play_id, today).road.current
    return "" if found is None else found.step.step_id


@pytest.mark.parametrize("ends", [False, True])
def test_what_somebody_else_did_meanwhile_is_not_done_again(
    db: Database, drop: Playbook, monkeypatch: pytest.MonkeyPatch, ends: bool
) -> None:
    play_id = begin(db, drop)
    plays.finish_step(db, ANA, play_id, answers={"real": "yes"})
    plays.finish_step(db, ANA, play_id, answers={"person": "c1", "purpose": "why"})

    def meanwhile(*given: object) -> dict[str, Prefilled]:
        """A second terminal is quicker, between this one's reading and its writing."""
        monkeypatch.undo()
        if ends:
            plays.abandon_play(db, ANA, play_id, reason="merged")
        else:
            plays.finish_step(db, ANA, play_id, answers=CALL)
        return {}

    monkeypatch.setattr("cs_workbench.workflows.plays.prefilled", meanwhile)
    with pytest.raises(ConflictError, match="in the meantime"):
        plays.finish_step(db, ANA, play_id, answers=CALL)
    assert len(rows(db, "SELECT 1 FROM promise")) == (0 if ends else 1)


def test_a_signal_suggests_a_play_once(db: Database, drop: Playbook) -> None:
    found = suggest_plays(db, today=TODAY, playbooks=[drop])
    assert [(one.candidate.account_id, one.evidence) for one in found.new] == [
        ("kes-1", "active users fell from 48 to 19")
    ]
    assert suggest_plays(db, today=TODAY, playbooks=[drop]).new == ()
    (line,) = list_plays(db)
    assert (line.play.state, line.owner_name, line.title) == ("suggested", "Ana Ruiz", drop.title)
    plays.abandon_play(db, ANA, line.play.play_id, reason="they are on holiday")
    assert suggest_plays(db, today=TODAY, playbooks=[drop]).new == ()  # answered


def test_a_dry_run_writes_nothing(db: Database, drop: Playbook) -> None:
    assert len(suggest_plays(db, today=TODAY, playbooks=[drop], dry_run=True).new) == 1
    tomorrow = TODAY + dt.timedelta(1)  # by the scores of today
    assert len(suggest_plays(db, today=tomorrow, playbooks=[drop], dry_run=True).new) == 1
    assert suggest_plays(db, today=tomorrow, playbooks=[drop]).new == ()
    yesterday = TODAY - dt.timedelta(1)
    assert suggest_plays(db, today=yesterday, playbooks=[drop], dry_run=True).new == ()
    assert list_plays(db) == []
    assert rows(db, "SELECT count(*) FROM trial") == [(0,)]


def test_a_suggestion_ends_when_nothing_speaks_for_it(db: Database, drop: Playbook) -> None:
    suggest_plays(db, today=TODAY, playbooks=[drop])
    with write(db) as c:
        c.execute("UPDATE signal SET resolved_on = ?, resolution = 'r'", (TODAY.isoformat(),))
    assert suggest_plays(db, today=TODAY, playbooks=[drop]).withdrawn == 1
    assert list_plays(db) == []
    assert rows(db, "SELECT ended_on IS NOT NULL FROM trial") == [(1,)]


def test_what_was_suggested_is_taken_up(db: Database, drop: Playbook) -> None:
    suggest_plays(db, today=TODAY, playbooks=[drop])
    (line,) = list_plays(db)
    assert begin(db, drop) == line.play.play_id
    with pytest.raises(ConflictError, match="runs on Kestrel already"):
        begin(db, drop)


def test_a_step_writes_to_the_account_in_one_act(db: Database, drop: Playbook) -> None:
    play_id = begin(db, drop)
    plays.finish_step(db, ANA, play_id, answers={"real": "yes"})
    plays.finish_step(db, ANA, play_id, answers={"person": "Brandt", "purpose": "What changed?"})
    told = plays.finish_step(db, ANA, play_id, answers=CALL)
    assert "logged check-in: What changed? SAP module" in told
    assert "we promise: training" in told
    assert "next step: agree the repair" in told
    assert current(db, play_id) == "follow-up"
    assert rows(db, "SELECT what, due_on, contact_id, origin FROM promise") == [
        ("training", "2026-12-03", "c1", f"play {play_id}")
    ]
    assert rows(db, "SELECT channel, kind, contact_id FROM touchpoint") == [
        ("call", "check-in", "c1")
    ]
    assert rows(db, "SELECT rated, value, reason FROM rating") == [("sentiment", 3, "worried")]
    assert rows(db, "SELECT next_step, next_step_due FROM account") == [
        ("agree the repair", "2026-11-26")
    ]
    undo(db, "ana", today=TODAY)
    assert current(db, play_id) == "call"
    for table in ("promise", "touchpoint", "rating"):
        assert rows(db, f"SELECT count(*) FROM {table}") == [(0,)]
    assert rows(db, "SELECT next_step FROM account") == [(None,)]


def test_a_drop_that_is_none_ends_the_play(db: Database, drop: Playbook) -> None:
    play_id = begin(db, drop)
    assert "is complete" in plays.finish_step(db, ANA, play_id, answers={"real": "no"})
    assert list_plays(db) == []
    with pytest.raises(ConflictError, match="was completed"):
        plays.finish_step(db, ANA, play_id)


def test_what_has_to_be_filled_is_named_and_kept(db: Database, drop: Playbook) -> None:
    play_id = begin(db, drop)
    plays.finish_step(db, ANA, play_id, answers={"real": "yes"})
    plays.answer(db, ANA, play_id, {"who_stopped": "dispatch"})
    with pytest.raises(UsageError, match="Still to fill: Whom do you call"):
        plays.finish_step(db, ANA, play_id)
    with pytest.raises(UsageError, match="does not ask for 'colour'"):
        plays.answer(db, ANA, play_id, {"colour": "red"})
    entry = open_walk(db, play_id, TODAY).entries["who"]
    assert entry.answers == {"who_stopped": "dispatch"}


def test_skip_snooze_hand_over_and_abandon(db: Database, drop: Playbook) -> None:
    play_id = begin(db, drop)
    with pytest.raises(UsageError, match="why it is skipped"):
        plays.skip_step(db, ANA, play_id, reason=" ")
    plays.snooze_step(db, ANA, play_id, until=TODAY + dt.timedelta(days=3))
    assert open_walk(db, play_id, TODAY).road.standing == "waiting"
    with pytest.raises(UsageError, match="not ahead"):
        plays.snooze_step(db, ANA, play_id, until=TODAY)
    plays.hand_over_step(db, ANA, play_id, owner="jon")
    assert open_walk(db, play_id, TODAY).entries["confirm"].owner == "jon"
    plays.skip_step(db, ANA, play_id, reason="support has confirmed it")
    assert current(db, play_id) == "who"
    plays.abandon_play(db, ANA, play_id, reason="merged with another play")
    (line,) = list_plays(db, PlayQuery(everything=True))
    assert (line.play.state, line.play.reason) == ("abandoned", "merged with another play")


def test_editing_the_file_never_changes_a_running_play(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSW_PLAYBOOKS", str(tmp_path))
    text = find_playbook("usage-drop").playbook.text
    own = tmp_path / "usage-drop.yaml"
    own.write_text(text)
    play_id = begin(db, find_playbook("usage-drop").playbook)
    own.write_text(text.replace("Confirm that the drop is real", "Another first step"))
    assert find_playbook("usage-drop").playbook.steps[0].title == "Another first step"
    assert open_walk(db, play_id, TODAY).playbook.steps[0].title == "Confirm that the drop is real"


def test_a_record_that_lacks_a_value_asks_for_it(db: Database) -> None:
    renewal = find_playbook("exit-interview").playbook
    play_id = begin(db, renewal)
    plays.skip_step(db, ANA, play_id, reason="they called")
    plays.skip_step(db, ANA, play_id, reason="they called")
    told = plays.finish_step(
        db, ANA, play_id, answers={"spoke": "no", "ours": "price", "first_sign": "a quote in May"}
    )
    assert "exit reason diagnosed: price" in told  # nothing was stated, so that was passed
    assert rows(db, "SELECT view, reason, detail FROM exit_reason") == [
        ("diagnosed", "price", "a quote in May")
    ]


def test_the_data_end_a_play(db: Database) -> None:
    champion = find_playbook("champion-left").playbook
    play_id = begin(db, champion)
    with write(db) as c:
        c.execute("UPDATE play SET started_on = '2026-11-20'")
        add_contact(c, 1, contact_id="c2", name="New", role="champion")
    assert suggest_plays(db, today=TODAY, playbooks=[champion]).ended == 1
    (line,) = list_plays(db, PlayQuery(everything=True))
    assert (line.play.play_id, line.play.state, line.play.reason) == (
        *(play_id, "completed", "champion is yes"),
    )


def test_a_play_that_is_not_there(db: Database) -> None:
    with pytest.raises(NotFoundError, match="no play 'nope'"):
        plays.finish_step(db, ANA, "nope")


def test_merged_accounts_keep_one_play_of_a_playbook(db: Database, drop: Playbook) -> None:
    kept = begin(db, drop)
    with write(db) as c:
        other = add_account(c, "kes-2", name="Kestrel two")
        add_summary(c, other)
    ended = start_play(db, ANA, other, drop, Start())
    merge_accounts(db, "kes-2", "kes-1", actor="ana")
    lines = {line.play.play_id: line.play for line in list_plays(db, PlayQuery(everything=True))}
    assert {play.account_key for play in lines.values()} == {1}
    assert (lines[kept].state, lines[ended].state) == ("active", "abandoned")
    assert "runs too" in lines[ended].reason


GATE = {"category": "at risk", "amount": "380000", "narrative": "They test a rival. Price talks."}
ASKED = {
    "committed": "yes",
    "level": "written",
    "evidence": "mail of 20 Nov",
    "committed_on": "2026-11-20",
}


@pytest.fixture
def at_the_gate(tmp_path: Path) -> Iterator[tuple[Database, str]]:
    """The shipped renewal playbook, walked up to the forecast; Tomasz Brandt (c2) signs."""
    with portfolio(tmp_path) as opened:
        key = kestrel(opened)
        renewal = find_playbook("renewal").playbook
        play_id = start_play(opened, ANA, key, renewal, Start(reason="D-120"))
        plays.finish_step(opened, ANA, play_id, answers={"facts_right": "yes", "signer": "Tomasz"})
        plays.finish_step(opened, ANA, play_id)
        plays.finish_step(opened, ANA, play_id)
        yield opened, play_id


def said_of(db: Database) -> tuple[list[object], list[object]]:
    forecasts = forecast_history(db, 1, END, TODAY)
    commitments = commitment_history(db, 1, END, TODAY)
    return (
        [(one.category, one.amount_minor, one.risk, one.author) for one in forecasts],
        [(one.level, one.contact_id, one.given_on, one.evidence) for one in commitments],
    )


def walk_to(db: Database, play_id: str, step_id: str) -> None:
    while current(db, play_id) != step_id:
        plays.skip_step(db, ANA, play_id, reason="done in a call")


def test_the_renewal_play_keeps_its_forecast_and_commitment(
    at_the_gate: tuple[Database, str],
) -> None:
    db, play_id = at_the_gate
    told = plays.finish_step(db, ANA, play_id, answers={**GATE, "risk": "competitor"})
    assert "forecast: at risk 380k · next:" in told
    assert said_of(db) == ([("at risk", 38_000_000, "competitor", "ana")], [])
    undo(db, "ana", today=TODAY)
    assert said_of(db) == ([], [])
    assert current(db, play_id) == "gate"
    plays.finish_step(db, ANA, play_id, answers={**GATE, "risk": "competitor"})
    walk_to(db, play_id, "ask")
    told = plays.finish_step(db, ANA, play_id, answers=ASKED)
    assert "commitment: written by Tomasz Brandt · next: Out for signature" in told
    assert said_of(db)[1] == [("written", "c2", dt.date(2026, 11, 20), "mail of 20 Nov")]


def test_a_forecast_that_the_policy_refuses_waits_as_a_step(
    at_the_gate: tuple[Database, str],
) -> None:
    db, play_id = at_the_gate
    assert "At risk wants the one risk" in plays.finish_step(db, ANA, play_id, answers=GATE)
    assert (current(db, play_id), said_of(db)) == ("forecast", ([], []))
    with pytest.raises(UsageError, match="At risk wants the one risk"):
        plays.finish_step(db, ANA, play_id)
    told = plays.finish_step(db, ANA, play_id, answers={"risk": "budget", "amount": "400k"})
    assert "Keep the forecast: done" in told
    assert said_of(db)[0] == [("at risk", 40_000_000, "budget", "ana")]
    assert current(db, play_id) == "value"


def test_a_commitment_without_evidence_asks_for_it(at_the_gate: tuple[Database, str]) -> None:
    db, play_id = at_the_gate
    walk_to(db, play_id, "ask")
    plays.finish_step(db, ANA, play_id, answers={**ASKED, "evidence": ""})
    assert (current(db, play_id), said_of(db)) == ("commitment", ([], []))
    with pytest.raises(UsageError, match=r"Still to fill: evidence\."):
        plays.finish_step(db, ANA, play_id)
    with pytest.raises(UsageError, match="Uwe User is a user; commitments come from"):
        plays.finish_step(db, ANA, play_id, answers={"evidence": "a word", "signer": "uwe"})
    plays.finish_step(db, ANA, play_id, answers={"evidence": "a word", "date": "2026-11-02"})
    assert said_of(db)[1] == [("written", "c2", dt.date(2026, 11, 2), "a word")]


def test_a_play_follows_the_own_renewal_policy(
    at_the_gate: tuple[Database, str], tmp_path: Path
) -> None:
    db, play_id = at_the_gate
    own = tmp_path / "own.toml"
    own.write_text('[required]\n"at risk" = ["amount", "reason"]\n')
    by = By("ana", TODAY, own)
    assert "At risk wants the reason" in plays.finish_step(db, by, play_id, answers=GATE)
    plays.finish_step(db, by, play_id, answers={"reason": "a rival came"})
    assert said_of(db)[0] == [("at risk", 38_000_000, None, "ana")]


def test_back_takes_back_what_was_written_and_keeps_the_answers(
    db: Database, drop: Playbook
) -> None:
    play_id = begin(db, drop)
    with pytest.raises(ConflictError, match="first step"):
        plays.back_step(db, ANA, play_id)
    plays.finish_step(db, ANA, play_id, answers={"real": "yes"})
    plays.finish_step(db, ANA, play_id, answers={"person": "Brandt", "purpose": "What changed?"})
    plays.finish_step(db, ANA, play_id, answers=CALL)
    plays.snooze_step(db, ANA, play_id, until=TODAY + dt.timedelta(3))
    assert rows(db, "SELECT count(*) FROM promise") == [(1,)]
    told = plays.back_step(db, By("jon", TODAY), play_id)
    assert told == "play: back to Call the account · Kestrel"
    assert current(db, play_id) == "call"
    assert rows(db, "SELECT count(*) FROM promise") == [(0,)]
    assert rows(db, "SELECT next_step FROM account") == [(None,)]
    plays.finish_step(db, ANA, play_id, answers={"we_promise": "two trainings"})
    assert rows(db, "SELECT what, due_on FROM promise") == [
        ("two trainings", str(TODAY + dt.timedelta(10)))
    ]
    plays.back_step(db, ANA, play_id)
    plays.back_step(db, ANA, play_id)
    assert current(db, play_id) == "who"


def test_what_was_answered_before_is_not_asked_again(db: Database, drop: Playbook) -> None:
    renewal = find_playbook("renewal").playbook
    first = start_play(db, ANA, 1, renewal, Start())
    plays.finish_step(db, ANA, first, answers={"facts_right": "yes", "signer": "Brandt"})
    plays.abandon_play(db, ANA, first, reason="merged")
    later = By("ana", TODAY + dt.timedelta(9))
    second = start_play(db, later, 1, renewal, Start())
    walk = open_walk(db, second, later.today)
    assert step_prefilled(db, walk)["signer"] == Prefilled("c1", "Renewal, Mon 23 Nov 2026")
    plays.finish_step(db, later, second, answers={"facts_right": "yes"})
    walk = open_walk(db, second, later.today)
    assert walk.entries["facts"].answers["signer"] == "c1"
    known = step_prefilled(db, walk)
    assert known == {"decides": Prefilled("c1", "the decision maker Tomasz Brandt, Wed 2 Dec 2026")}
    with write(db) as c:
        c.execute("UPDATE contact SET left_on = '2026-12-01'")
    assert step_prefilled(db, walk) == {}
