"""What the sample's CSMs do with plays: Ana walks Kestrel's usage-drop check-in, to its call."""

import datetime as dt

from cs_workbench.store.database import Database
from cs_workbench.store.plays import running_play
from cs_workbench.store.undo import last_undoable
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.plays import finish_step
from cs_workbench.workflows.sample.profile import TODAY
from cs_workbench.workflows.starting_plays import Start, accept_play, start_play
from cs_workbench.workflows.tasks import By

ANA = "Ana Ruiz"
KESTREL = "A001"
BEGUN = TODAY - dt.timedelta(days=5)
PURPOSE = "Dispatch went from 48 to 19 people since 26 October; I would like to know what changed."


def walk_plays(db: Database) -> dict[str, str]:
    """Walk what was suggested; gives the instant of each change set."""
    row = db.connection.execute(
        "SELECT account_key FROM account WHERE account_id = ?", (KESTREL,)
    ).fetchone()
    if row is None:
        return {}
    acts: dict[str, str] = {}
    first = By(ANA, BEGUN)
    line = running_play(db, row[0], "usage-drop")
    if line is None:  # by another seed nothing was found
        playbook = find_playbook("usage-drop").playbook
        play_id = start_play(db, first, row[0], playbook, Start(reason="usage fell"))
    else:
        play_id = line.play.play_id
        accept_play(db, first, play_id)
    acts |= _done(db, BEGUN, 1)
    finish_step(db, first, play_id, answers={"real": "yes"})
    acts |= _done(db, BEGUN, 2)
    second = By(ANA, BEGUN + dt.timedelta(days=1))
    answers = {"who_stopped": "dispatch, 29 people", "person": "Brandt", "purpose": PURPOSE}
    finish_step(db, second, play_id, answers=answers)
    return acts | _done(db, second.today, 3)


def _done(db: Database, on: dt.date, number: int) -> dict[str, str]:
    done = last_undoable(db, ANA)
    return {} if done is None else {done.change_set_id: f"{on.isoformat()}T09:30:{number:02}Z"}
