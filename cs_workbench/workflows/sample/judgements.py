"""What the sample's CSMs said of their accounts' health, beside the scores."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cs_workbench.core.judgements import SENTIMENT, SENTIMENT_SCALE
from cs_workbench.store.database import Database
from cs_workbench.store.undo import last_undoable
from cs_workbench.workflows.judgements import (
    Act,
    make_override,
    make_rating,
    override_band,
    rate,
)
from cs_workbench.workflows.sample.events import day
from cs_workbench.workflows.scoring import default_scorecard


@dataclass(frozen=True)
class Said:
    """A rating with `value`, or an override with `band` and `until`."""

    on: str
    account_id: str
    reason: str
    value: int | None = None
    band: str = ""
    until: str = ""


SAID = (
    Said("07-15", "A002", "They praised the spring release at length", 4),
    Said("09-24", "A009", "The new sponsor signed the plan", band="green", until="11-15"),
    Said("10-14", "A005", "Asked for the same fix for the third time", 2),
    Said("10-31", "A001", "Lena is quiet and puts us off to next week", 2),
    Said("11-19", "A018", "Wants the price for 59 more seats by Thursday", 5),
    Said("11-20", "A003", "Kickoff is booked for 2 December", band="yellow", until="12-18"),
)


def say_all(db: Database, csms: Mapping[str, str]) -> dict[str, str]:
    """Write everything down; gives the instant of each change set.

    Args:
        db: a portfolio with the sample's accounts.
        csms: who says it, by account id.
    """
    keys = {
        row["account_id"]: row["account_key"]
        for row in db.connection.execute("SELECT account_id, account_key FROM account")
    }
    acts = {}
    for number, said in enumerate(SAID):
        act = Act(keys[said.account_id], csms[said.account_id], day(said.on))
        _say(db, act, said)
        if done := last_undoable(db, act.actor):
            acts[done.change_set_id] = f"{act.today.isoformat()}T16:30:{number:02}Z"
    return acts


def _say(db: Database, act: Act, said: Said) -> None:
    if said.value is not None:
        rating = make_rating(
            act, rated=SENTIMENT, value=said.value, reason=said.reason, on=act.today
        )
        rate(db, act, rating, SENTIMENT_SCALE)
        return
    until: dt.date = day(said.until)
    card = default_scorecard()
    override = make_override(
        act, band=said.band, points_e4=None, reason=said.reason, until=until, scorecard=card
    )
    override_band(db, act, override)
