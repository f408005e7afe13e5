"""A plain scorecard, so that tests of how scores are made do not depend on the shipped one."""

from pathlib import Path

from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import Scorecard


def plain_scorecard() -> Scorecard:
    """Twelve measures whose weights add up to a hundred."""
    place = Path(__file__).with_name("plain_scorecard.toml")
    return read_scorecard(place.read_text(encoding="utf-8"), place.name)
