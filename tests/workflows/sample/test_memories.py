"""What the sample's people wrote down tells the stories that it is meant to tell."""

from pathlib import Path

from cs_workbench.core import memory
from cs_workbench.store.database import write
from cs_workbench.store.kept import read_kept
from cs_workbench.store.page_memory import load_page_memory
from cs_workbench.workflows.sample.memories import remember_all
from cs_workbench.workflows.sample.stories import STORIES
from tests.factories import add_account, add_contact, portfolio

ACCOUNTS = (*(one.account_id for one in STORIES), "A055")


def test_a_complaint_from_arrival_to_the_advocate_check_and_goals_that_were_confirmed(
    tmp_path: Path,
) -> None:
    with portfolio(tmp_path) as db:
        with write(db) as connection:
            for account_id in ACCOUNTS:
                key = add_account(connection, account_id)
                add_contact(connection, key, role="champion")
        acts = remember_all(db, dict.fromkeys(ACCOUNTS, "Ana Ruiz"))
        assert len(acts) == len(set(acts.values()))  # each act has an instant of its own
        kestrel = load_page_memory(db, 1)
        (complaint,) = kestrel.complaints
        assert (complaint.state, complaint.verdict) == ("closed", "satisfied")
        states = [one.state for one in kestrel.steps[complaint.complaint_id]]
        assert states == ["received", "acknowledged", "resolved", "followed up", "closed"]
        assert all(one.told_on for one in kestrel.steps[complaint.complaint_id])
        assert [one.confirmed_on is not None for one in kestrel.goals].count(True) == 1
        (waits,) = [one for one in read_kept(db, memory.Complaint) if one.state != "closed"]
        assert (waits.severity, waits.account_key) == ("urgent", 2)
