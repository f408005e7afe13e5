"""A playbook run dry on an account: nothing is written."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.plays.answers import read_answer
from cs_workbench.core.plays.rehearsal import Fixture, RehearsedStep, rehearse
from cs_workbench.core.plays.road import Moment
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import account_title
from cs_workbench.store.database import Database
from cs_workbench.workflows.play_moments import account_moment
from cs_workbench.workflows.remembering import find_contact
from cs_workbench.workflows.working_calendars import holidays_of


@dataclass(frozen=True)
class Rehearsal:
    """The path that a playbook would take on an account if it began on `today`.

    Attributes:
        account_id: None of an invented account.
    """

    playbook: Playbook
    account_id: str | None
    name: str
    today: dt.date
    path: tuple[RehearsedStep, ...]

    @property
    def ends_on(self) -> dt.date:
        """The day of the last step."""
        return self.path[-1].on if self.path else self.today


def rehearse_on(
    db: Database, account_key: int, playbook: Playbook, given: Mapping[str, str], today: dt.date
) -> Rehearsal:
    """Run a playbook dry on an account as it is known today, with these answers.

    Raises:
        UsageError: an answer to nothing that is asked, or one that does not fit its field.
        NotFoundError: an answer names a contact whom the account does not have.
    """
    answers = _read(playbook, given, today)
    for name, text in answers.items():
        field = playbook.field(name)
        if text and field is not None and field.type == "contact":
            answers[name] = find_contact(db, account_key, text)
    moment = account_moment(db, account_key, today, started_on=today, signal_on=None)
    account_id, name = account_title(db, account_key)
    return Rehearsal(playbook, account_id, name, today, rehearse(playbook, answers, moment))


def rehearse_fixture(playbook: Playbook, fixture: Fixture, given: Mapping[str, str]) -> Rehearsal:
    """Run a playbook dry on an invented account; `given` comes before the answers of its file.

    Raises:
        UsageError: an answer to nothing that is asked, or one that does not fit its field.
    """
    today = fixture.today
    moment = Moment(
        today=today,
        known=fixture.known,
        anchors={**fixture.anchors, "signal date": fixture.anchors.get("signal date") or today},
        started_on=today,
        is_holiday=holidays_of(fixture.region),
    )
    answers = _read(playbook, {**fixture.answers, **given}, today)
    return Rehearsal(playbook, None, fixture.name, today, rehearse(playbook, answers, moment))


def _read(playbook: Playbook, given: Mapping[str, str], today: dt.date) -> dict[str, str]:
    """Answers in the form in which they are kept."""
    answers = {}
    for name, typed in given.items():
        field = playbook.field(name)
        if field is None:
            asked = ", ".join(one.field_id for one in playbook.asked())
            raise UsageError(f"“{playbook.title}” does not ask for {name!r}. It asks for: {asked}.")
        answers[name] = read_answer(field, typed, today)
    return answers
