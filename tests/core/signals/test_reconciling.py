import datetime as dt
from dataclasses import replace

from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.core.signals.model import Signal, Situation
from cs_workbench.core.signals.reconciling import Settlement, StoredSignal, find_signals, settle
from tests.core.signals.situations import TODAY, account, situation, used

SILENT = account(last_two_way_on=dt.date(2026, 9, 1))
(SILENCE,) = find_signals(SILENT)
YESTERDAY = TODAY - dt.timedelta(days=1)


def settled(now: Situation | None, *stored: StoredSignal, held: str = "") -> Settlement:
    settlement = Settlement()
    settle(now, stored, settlement, {"usage"} if held == "usage" else ())
    return settlement


def stored(signal: Signal = SILENCE, **fields: dt.date) -> StoredSignal:
    return StoredSignal("id", signal, fields.pop("last_seen_on", TODAY), **fields)


def test_every_kind_is_in_the_table_under_its_own_name() -> None:
    assert len(KINDS) == 16
    assert all(kind.kind == name for name, kind in KINDS.items())


def test_a_calm_account_has_no_signals() -> None:
    assert find_signals(situation()) == []
    assert settled(situation()).is_empty()


def test_what_is_found_for_the_first_time_opens() -> None:
    assert settled(SILENT) == Settlement(opened=[(1, SILENCE)])


def test_the_same_again_today_changes_nothing() -> None:
    assert settled(SILENT, stored()).is_empty()


def test_the_next_day_it_is_seen_again_not_opened() -> None:
    assert settled(SILENT, stored(last_seen_on=YESTERDAY)) == Settlement(seen=[("id", SILENCE)])


def test_other_words_are_an_update() -> None:
    before = replace(SILENCE, evidence="last week's numbers")
    assert settled(SILENT, stored(before)) == Settlement(seen=[("id", SILENCE)])


def test_what_is_not_found_any_more_ends() -> None:
    assert settled(situation(), stored(last_seen_on=YESTERDAY)) == Settlement(ended=["id"])


def test_what_lasts_keeps_its_words() -> None:
    (shock,) = find_signals(used(40, 19))
    calmer = used(40, 25)
    assert find_signals(calmer) == []
    kept = settled(calmer, stored(shock, last_seen_on=YESTERDAY))
    assert kept == Settlement(seen=[("id", shock)])
    assert settled(used(40, 30), stored(shock, last_seen_on=YESTERDAY)).ended == ["id"]


def test_what_ended_today_and_is_back_returns() -> None:
    back = settled(SILENT, stored(resolved_on=TODAY, ended_on=TODAY))
    assert back == Settlement(returned=["id"])


def test_what_a_person_resolved_stays_so_until_it_is_over() -> None:
    by_hand = stored(last_seen_on=YESTERDAY, resolved_on=YESTERDAY)
    assert settled(SILENT, by_hand).is_empty()
    assert settled(situation(), by_hand) == Settlement(ended=["id"])


def test_signals_of_a_customer_no_longer_end() -> None:
    assert settled(None, stored()) == Settlement(ended=["id"])
    assert settled(None, stored(resolved_on=TODAY, ended_on=TODAY)).is_empty()


def test_a_kind_that_is_gone_from_the_table_ends() -> None:
    assert settled(SILENT, stored(replace(SILENCE, kind="moon phase"))).ended == ["id"]


def test_what_a_changed_ruler_measured_is_left_as_it_was() -> None:
    (shock,) = find_signals(used(40, 19))
    assert settled(used(40, 19), held="usage").is_empty()
    assert settled(used(40, 40), stored(shock, last_seen_on=YESTERDAY), held="usage").is_empty()
    assert settled(SILENT, held="usage") == Settlement(opened=[(1, SILENCE)])


def test_another_champion_or_ticket_is_another_signal() -> None:
    other = replace(SILENCE, reason="something else")
    both = settled(SILENT, stored(other))
    assert both == Settlement(opened=[(1, SILENCE)], ended=["id"])
