"""What a refresh writes by columns, against the plain functions, over invented histories."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.causes import tell_causes
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import decode_contributions, measure_account, score_health
from cs_workbench.core.kernels.candidates import CANDIDATES, Scene, candidate_kinds, past_columns
from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.scores import CardTables, score_columns
from cs_workbench.core.measures import seats_used
from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.core.signals.model import PastScore, Situation
from cs_workbench.core.signals.reconciling import find_signals
from cs_workbench.core.usage import spark
from cs_workbench.core.usage_findings import Thresholds, UsageState
from cs_workbench.store.database import Database, write
from cs_workbench.store.fact_columns import columns_between
from cs_workbench.store.facts import account_keys, facts_between, read_portfolio
from cs_workbench.store.health import scores_between
from cs_workbench.store.known import Known, read_known
from cs_workbench.store.usage_facts import Metric
from cs_workbench.workflows.detecting import prepare_detector
from cs_workbench.workflows.scoring import default_scorecard, refresh
from tests.factories import TODAY
from tests.store.test_facts_history import Chance, change_something, invent

CARD = default_scorecard()
DAYS = tuple(TODAY - dt.timedelta(days=back) for back in (29, 22, 8, 1, 0))


def some_history(db: Database, seed: int) -> None:
    chance = Chance(seed)
    with write(db) as connection:
        for number in range(8):
            invent(connection, chance, number)
        if seed % 2:
            change_something(connection, chance)
        connection.execute(
            "UPDATE account SET segment = CASE account_key % 3 WHEN 0 THEN 'smb' WHEN 1 "
            "THEN 'Enterprise' END, lifecycle_stage = CASE account_key % 4 WHEN 0 THEN "
            "'onboarding' ELSE lifecycle_stage END"
        )


def plain_facts(db: Database, day: dt.date) -> list[AccountFacts]:
    known = read_known(db.connection, day)
    portfolio, usage = read_portfolio(db.connection, known, CARD)
    keys = account_keys(db.connection)
    return facts_between(db.connection, known, portfolio, usage, (keys[0], keys[-1]))


def usage_states(db: Database, chunk: ChunkColumns, known: Known) -> list[UsageState | None]:
    """By account what the detectors say, with thresholds that let nearly everything through."""
    name = chunk.portfolio.main_metric
    usage = chunk.of_metric(name)
    if usage is None or chunk.portfolio.usage_until is None:
        return [None] * chunk.size
    (metric_id,) = db.connection.execute(
        "SELECT metric_id FROM usage_metric WHERE name = ?", (name,)
    ).fetchone()
    metric = Metric(metric_id, str(name), chunk.portfolio.usage_until)
    detector = replace(
        prepare_detector(db.connection, known, metric), thresholds=Thresholds(0.1, 0.1, 0.1, 0.1)
    )
    keys = [one.account_key for one in chunk.facts]
    found = detector.states(db.connection, keys, usage, is_quiet=False)
    return [found.get(key) for key in keys]


def listed(db: Database) -> dict[int, Mapping[str, Any]]:
    rows = db.connection.execute("SELECT * FROM account_summary")
    return {row["account_key"]: dict(row) for row in rows}


@pytest.mark.parametrize("seed", range(6))
def test_the_list_says_what_the_plain_functions_say(db: Database, seed: int) -> None:
    some_history(db, seed)
    for day in DAYS:
        refresh(db, as_of=day, actor="test")
    shown = listed(db)
    facts = plain_facts(db, TODAY)
    keys = facts[0].account_key, facts[-1].account_key
    before = scores_between(db.connection, DAYS[0], keys)
    for one in facts:
        row = shown[one.account_key]
        main, until = one.portfolio.main_metric, one.portfolio.usage_until
        silent = 0 if until is None else (TODAY - until).days // 7
        assert row["spark"] == spark(one.usage.get(main or ""), silent)
        used = seats_used(one, {})
        assert row["seats_used"] == (None if used is None else round(used[0]))
        if one.is_former:
            assert (row["causes"], row["trend_e4"], row["band"]) == ("[]", None, "unknown")
            continue
        card = CARD.of_account(one)
        score = score_health(card, measure_account(card, one))
        past, earlier = before.get(one.account_key), None
        if past is not None and past.band != "unknown":
            cards = {each.digest: each for each in (CARD, *CARD.variants.values())}
            earlier = cards[past.scorecard_hash], decode_contributions(past.contributions)[0]
        assert tuple(json.loads(row["causes"])) == tell_causes(card, one, score, earlier)
        assert row["band"] == score.band


@pytest.mark.parametrize("seed", range(12))
def test_no_signal_is_missed_by_the_candidates(db: Database, seed: int) -> None:
    some_history(db, seed)
    chance = Chance(1000 + seed)
    for day in DAYS:
        known = read_known(db.connection, day)
        portfolio, usage = read_portfolio(db.connection, known, CARD)
        keys = account_keys(db.connection)
        chunk = columns_between(db.connection, known, portfolio, usage, (keys[0], keys[-1]))
        scores = score_columns(CardTables(CARD), chunk)
        past = [
            [
                chance.choice(
                    (
                        None,
                        PastScore(day - dt.timedelta(days=ago), chance.randint(0, 10**6), "green"),
                        PastScore(day - dt.timedelta(days=ago), chance.randint(0, 10**6), "yellow"),
                        PastScore(day - dt.timedelta(days=ago), None, "unknown"),
                    )
                )
                for _ in chunk.facts
            ]
            for ago in (1, 28)
        ]
        states = usage_states(db, chunk, known)
        earlier = past_columns(past[0], 1), past_columns(past[1], 28)
        scene = Scene(chunk, scores, earlier, states)
        kinds = candidate_kinds(scene)
        for at, one in enumerate(chunk.facts):
            now = Situation(one, scores.standings[at], past[0][at], past[1][at], usage=states[at])
            found = find_signals(now)
            assert {signal.kind for signal in found} <= set(kinds.get(at, ()))
            assert find_signals(now, kinds=kinds.get(at, ())) == found


def test_candidates_are_of_kinds_that_there_are() -> None:
    assert set(CANDIDATES) <= set(KINDS)
