"""The thresholds of usage detection as a person calibrated them; else those of the program."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final

from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS, Thresholds
from cs_workbench.store.settings import set_setting
from cs_workbench.store.sqlite import Connection

NAME: Final = "usage thresholds"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds with where they come from.

    Attributes:
        budget: false alarms an account and year that were allowed.
        fitted_on: the portfolio's day, as ISO text; `actor` who asked for it.
        metric: whose history it was; `account_years` how much of it.
    """

    thresholds: Thresholds
    budget: float
    fitted_on: str
    actor: str
    metric: str
    account_years: float

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that stand for the thresholds."""
        text = json.dumps(asdict(self.thresholds), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_calibration(connection: Connection) -> Calibration | None:
    """What was calibrated last; None where it never was, or cannot be read."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (NAME,)).fetchone()
    if row is None:
        return None
    try:
        stored = json.loads(row[0])
        return Calibration(**{**stored, "thresholds": Thresholds(**stored["thresholds"])})
    except (ValueError, TypeError, KeyError):
        return None


def load_thresholds(connection: Connection) -> Thresholds:
    """The calibrated thresholds, or the program's own."""
    found = load_calibration(connection)
    return DEFAULT_THRESHOLDS if found is None else found.thresholds


def save_calibration(connection: Connection, calibration: Calibration) -> None:
    """Keep it for the next refresh; inside a write."""
    set_setting(connection, NAME, json.dumps(asdict(calibration), sort_keys=True))


def forget_calibration(connection: Connection) -> None:
    """Go back to the program's thresholds; inside a write."""
    connection.execute("DELETE FROM setting WHERE name = ?", (NAME,))
