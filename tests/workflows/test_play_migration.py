"""A running play that moves to what its playbook's file says today, on a real file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import find_play
from cs_workbench.store.undo import undo
from cs_workbench.workflows import plays
from cs_workbench.workflows.play_migration import migrate_play, plan_migration
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.tasks import By
from tests.factories import TODAY, add_account, add_person, add_summary, portfolio

ANA = By("ana", TODAY)
STEP = """  - id: {id}
    title: {title}
    owner: csm
    due: today + 1 day
    kind: do
"""
HEAD = """id: mine
title: Mine
version: {version}
purpose: Try.
trigger: {{manual: true, because: Asked for.}}
exit: {{evidence: It is done.}}
outcome: {{measure: score, change: up, within_days: 30}}
steps:
"""
Write = Callable[..., None]


def step(step_id: str, title: str = "") -> str:
    return STEP.format(id=step_id, title=title or step_id.title())


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setenv("CSW_PLAYBOOKS", str(tmp_path))

    def put(*steps: str, version: int = 1) -> None:
        (tmp_path / "mine.yaml").write_text(HEAD.format(version=version) + "".join(steps))

    return put


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as c:
            add_person(c, "ana", name="Ana Ruiz")
            add_summary(c, add_account(c, "kes-1", name="Kestrel", csm="ana"))
        yield opened


@pytest.fixture
def play_id(db: Database, file: Write) -> str:
    """A play that is at its second step, `call`."""
    file(step("look"), step("call"), step("write"))
    begun = start_play(db, ANA, 1, find_playbook("mine").playbook, Start())
    plays.finish_step(db, ANA, begun)
    return begun


def current(db: Database, play_id: str) -> str:
    found = open_walk(db, play_id, TODAY).road.current
    return "" if found is None else found.step.step_id


def test_a_play_moves_to_the_new_text_and_one_undo_takes_it_back(
    db: Database, file: Write, play_id: str
) -> None:
    old = find_play(db, play_id).play
    file(step("call", "Ring them"), step("sum-up"), version=2)
    plan = plan_migration(db, ANA, play_id)
    assert plan.differences == (
        "version 1 → 2",
        "step look (Look) is gone",
        "step write (Write) is gone",
        "step call, title: Ring them (was Call)",
        "step sum-up (Sum-Up) is new, as number 2",
    )
    assert (plan.kept, plan.step.title) == (("Look",), "Ring them")
    assert find_play(db, play_id).play == old  # a plan writes nothing

    assert "version 1 to 2, at: Ring them" in migrate_play(db, ANA, play_id)
    moved = find_play(db, play_id).play
    assert (moved.version, moved.digest) == (2, find_playbook("mine").playbook.digest)
    walk = open_walk(db, play_id, TODAY)
    assert [one.step.step_id for one in walk.road.steps] == ["call", "sum-up"]
    assert walk.entries["look"].state == "done"  # what was done stays
    undo(db, "ana", today=TODAY)
    assert find_play(db, play_id).play == old
    assert current(db, play_id) == "call"


def test_a_new_step_before_the_current_one_is_done_first(
    db: Database, file: Write, play_id: str
) -> None:
    file(step("look"), step("ask"), step("call"), step("write"))
    migrate_play(db, ANA, play_id)
    assert current(db, play_id) == "ask"
    plays.finish_step(db, ANA, play_id)
    assert current(db, play_id) == "call"


def test_a_new_decision_on_the_way_is_taken_and_kept(
    db: Database, file: Write, play_id: str
) -> None:
    decide = (
        "  - id: way\n    title: Way\n    owner: csm\n    due: today\n    kind: decide\n"
        "    branches: [{otherwise: true, go: call}]\n"
    )
    file(step("look"), decide, step("call"), step("write"))
    migrate_play(db, ANA, play_id)
    assert current(db, play_id) == "call"
    assert open_walk(db, play_id, TODAY).entries["way"].answers == {"go": "call"}


def test_nothing_to_move_to(db: Database, file: Write, play_id: str) -> None:
    with pytest.raises(ConflictError, match="nothing differs"):
        plan_migration(db, ANA, play_id)
    file("# a remark changes nothing\n", step("look"), step("call"), step("write"))
    with pytest.raises(ConflictError, match="nothing differs"):
        migrate_play(db, ANA, play_id)


def test_a_play_never_loses_its_place(db: Database, file: Write, play_id: str) -> None:
    file(step("look"), step("write"))
    with pytest.raises(ConflictError, match="is at “Call”, which today's “Mine” no longer has"):
        migrate_play(db, ANA, play_id)
    file(step("look"), step("call") + "    when: [former = yes]\n")
    with pytest.raises(ConflictError, match="nothing is left to do"):
        migrate_play(db, ANA, play_id)
    assert current(db, play_id) == "call"


def test_a_branch_that_was_taken_has_to_be_there(db: Database, file: Write) -> None:
    decide = (
        "  - id: way\n    title: Way\n    owner: csm\n    due: today\n    kind: decide\n"
        "    branches: [{otherwise: true, go: %s}]\n"
    )
    file(decide % "look", step("look"), step("call"))
    play_id = start_play(db, ANA, 1, find_playbook("mine").playbook, Start())
    plays.finish_step(db, ANA, play_id)
    file(decide % "call", step("call"))
    with pytest.raises(ConflictError, match="went by “look”"):
        migrate_play(db, ANA, play_id)


def test_only_a_running_play_moves(db: Database, file: Write, play_id: str) -> None:
    plays.abandon_play(db, ANA, play_id, reason="not now")
    file(step("call"))
    with pytest.raises(ConflictError, match="was abandoned"):
        plan_migration(db, ANA, play_id)
