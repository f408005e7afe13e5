import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.memory import Promise
from cs_workbench.core.promises import broken, kept, outcome_of, record_of, renegotiated
from cs_workbench.errors import ConflictError
from tests.factories import TODAY

DAY = dt.timedelta(days=1)
PROMISE = Promise(
    promise_id="p", account_key=1, promised_by="us", what="refund", made_on=TODAY - 9 * DAY
)


@pytest.mark.parametrize(
    ("due", "state", "kept_on", "outcome"),
    [
        (None, "open", None, "open"),
        (TODAY, "open", None, "open"),  # the day itself still belongs to us
        (TODAY - DAY, "open", None, "late"),
        (TODAY, "kept", TODAY, "kept on time"),
        (TODAY - DAY, "kept", TODAY, "kept late"),
        (TODAY - DAY, "kept", None, "kept on time"),  # a source that gives no day of keeping
        (None, "kept", TODAY, "kept on time"),
        (TODAY - DAY, "broken", None, "broken"),
        (TODAY - DAY, "renegotiated", None, "renegotiated"),
    ],
)
def test_how_a_promise_stands(
    due: dt.date | None, state: str, kept_on: dt.date | None, outcome: str
) -> None:
    promise = replace(PROMISE, due_on=due, state=state, kept_on=kept_on)
    assert outcome_of(promise, TODAY) == outcome


def test_a_sides_record_leaves_renegotiated_and_waiting_ones_out() -> None:
    made = [
        replace(PROMISE, due_on=TODAY - DAY, state="kept", kept_on=TODAY - DAY),
        replace(PROMISE, due_on=TODAY - DAY, state="kept", kept_on=TODAY),
        replace(PROMISE, due_on=TODAY - DAY),
        replace(PROMISE, state="broken"),
        replace(PROMISE, due_on=TODAY + DAY),
        replace(PROMISE, due_on=TODAY - DAY, state="renegotiated"),
    ]
    record = record_of(made, TODAY)
    assert (record.settled, record.on_time, record.kept_late) == (4, 1, 1)
    assert (record.broken, record.late, record.kept_share_e4) == (1, 1, 2_500)
    assert record_of([replace(PROMISE, due_on=TODAY)], TODAY).kept_share_e4 is None


def test_what_is_agreed_anew_keeps_its_past() -> None:
    old, new = renegotiated(
        replace(PROMISE, due_on=TODAY), promise_id="q", made_on=TODAY, due_on=TODAY + DAY, what=None
    )
    assert (old.state, old.due_on) == ("renegotiated", TODAY)
    assert (new.follows, new.what, new.state, new.due_on) == ("p", "refund", "open", TODAY + DAY)


def test_only_an_open_promise_is_settled() -> None:
    settled = kept(PROMISE, TODAY, "mail of Mon")
    assert settled.evidence == "mail of Mon"
    with pytest.raises(ConflictError, match="“refund” is kept already"):
        broken(settled, None)
