import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.ruler import FeedStop, RulerChange
from cs_workbench.workflows.refresh_reports import RefreshReport, alarm_told, told_briefly

DAY = dt.date(2026, 11, 23)
BANDS = {"red": 0, "unknown": 0, "yellow": 3, "green": 0}
QUIET = RefreshReport(
    as_of=DAY,
    accounts=3,
    bands=BANDS,  # type: ignore[arg-type] # the keys are bands
    up=1,
    down=2,
    unknown=0,
    signals=0,
    former=0,
    seconds=0.1,
    metric="logins",
    seat_metric=None,
    changed=0,
)
RULER = RulerChange("logins", "logins", DAY, "up", accounts=500, moved=498, factor=10.0)
STOP = FeedStop("seats", "seats", DAY, accounts=400, quiet=390)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "3 accounts scored: nothing new."),
        ({"changed": 3}, "3 accounts scored: 2 worse, 1 better."),
        ({"signals": 1}, "3 accounts scored: 1 new signal."),
        ({"changed": 1, "signals": 74}, "3 accounts scored: 2 worse, 1 better, 74 new signals."),
        (
            {"warnings": ("logins ends 9 days ago.",)},
            "3 accounts scored: nothing new. 1 warning about the data: see `csw check`.",
        ),
        (
            {"warnings": ("The ruler changed.",), "ruler": (RULER,)},
            "3 accounts scored: nothing new. The ruler changed, not the customers: logins.",
        ),
    ],
)
def test_a_breath_tells_what_is_new_and_in_doubt(changes: dict[str, object], told: str) -> None:
    assert told_briefly(replace(QUIET, **changes)) == told  # type: ignore[arg-type] # fields of it


def test_the_alarm_names_each_metric_once() -> None:
    assert alarm_told(QUIET) == ""
    assert alarm_told(replace(QUIET, ruler=(RULER, RULER), stops=(STOP,))) == (
        "The ruler changed, not the customers: logins. The feed stopped, not the customers: seats."
    )
