"""What the commands about renewals share: the policy, the window, days as typed."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import click

from cs_workbench.cli.session import Session
from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.store.custom_fields import read_filter
from cs_workbench.workflows.pipeline import WINDOW_DAYS

if TYPE_CHECKING:
    from cs_workbench.store.database import Database
    from cs_workbench.workflows.pipeline import Window

_DAYS: Final = re.compile(r"(\d{1,4})\s*d?", re.IGNORECASE)


class Days(click.ParamType[int]):
    """A number of days: `90` or `90d`."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        found = _DAYS.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no number of days. Write 90d.", param, ctx)
        return int(found[1])


DAYS: Final = Days()
within_option: Final = click.option(
    "--within",
    type=DAYS,
    default=WINDOW_DAYS,
    show_default=True,
    help="Deadlines within so many days: 90d.",
)


def policy_of(session: Session) -> ForecastPolicy:
    """The policy in use."""
    from cs_workbench.workflows.renewal_policy import policy_at

    return policy_at(session.config.renewals)


def window_of(
    session: Session, db: "Database", *, within: int, as_of: str | None, narrowed: str
) -> "Window":
    """The window that was asked for; the renewals are brought up to date first."""
    from cs_workbench.workflows.pipeline import Window, bring_up_to_date

    today = session.reading_day(db)
    bring_up_to_date(db, today, policy_of(session))
    day = today if as_of is None else read_past_date(as_of, today)
    return Window(day, within, read_filter(db, narrowed))


def read_day(text: str | None, today: dt.date) -> dt.date | None:
    """A day as typed; None for nothing."""
    return None if text is None or not text.strip() else read_date(text, today)
