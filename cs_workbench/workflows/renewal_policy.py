"""The renewal policy: which file holds, reading it, and making a copy to change."""

import datetime as dt
from importlib.resources import files
from pathlib import Path

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecast_policy_files import check_policy, read_policy
from cs_workbench.core.renewals import RenewalPolicy
from cs_workbench.core.scorecard_files import Mistake
from cs_workbench.store.database import Database, write
from cs_workbench.store.renewal_rules import is_kept, keep_rules
from cs_workbench.workflows.text_files import text_of, write_new


def shipped_policy() -> Path:
    """The file of the policy that comes with the program."""
    return Path(str(files("cs_workbench"))) / "policies" / "renewals.toml"


def policy_at(path: Path | None) -> ForecastPolicy:
    """The policy of a file; without one, that which comes with the program.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no renewal policy.
    """
    place = path or shipped_policy()
    return read_policy(text_of(place, "renewal policy"), str(place))


def adopt_policy(db: Database, policy: ForecastPolicy, as_of: dt.date) -> None:
    """Have the scores of a day, and of later ones, reckon with the days of a policy."""
    if not is_kept(db.connection, as_of, policy.renewal):
        with write(db) as connection:
            keep_rules(connection, as_of, policy.renewal)


def days_to_adopt(db: Database, policy: ForecastPolicy, as_of: dt.date) -> RenewalPolicy | None:
    """The days that `adopt_policy` would have a day reckon with; None where it would not."""
    return None if is_kept(db.connection, as_of, policy.renewal) else policy.renewal


def find_mistakes(path: Path) -> tuple[Mistake, ...]:
    """Everything that is wrong with a file, by line.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no text.
    """
    return check_policy(text_of(path, "renewal policy"))[1]


def copy_policy(target: Path) -> None:
    """Copy the policy that comes with the program, to change it.

    Raises:
        ConflictError: there is a file already.
    """
    write_new(text_of(shipped_policy(), "renewal policy"), target)
