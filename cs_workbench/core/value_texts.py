"""Weights and values of measures as a person types them."""

import math
from typing import Final

from cs_workbench.core.measures import MISSING, Measured, Outcome
from cs_workbench.core.scorecards import ScoredMeasure
from cs_workbench.errors import UsageError

UNKNOWN: Final = "?"
_YES: Final = {"yes": 1.0, "no": 0.0}


def read_weight(text: str) -> int:
    """A weight as a person types it.

    Raises:
        UsageError: it is no whole number from 0 on.
    """
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 6:
        raise UsageError("A weight is a whole number, compared with the other weights.")
    return int(typed)


def read_value(line: ScoredMeasure, text: str) -> Outcome:
    """A value as a person types it and as the page shows it: `60 %`, `12 d`, `yes`, `?`.

    Raises:
        UsageError: it is no value.
    """
    typed = text.strip().casefold().replace("−", "-")
    if typed == UNKNOWN:
        return MISSING
    shown = line.measure.show(1.0)
    if shown == "yes" and typed in _YES:
        return Measured(_YES[typed], 0)
    try:
        value = float(typed.rstrip("%d× x").strip())
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text.strip()!r} is no value. Write it like {shown}, or ? for unknown.")
    return Measured(round(value / 100 if "%" in shown else value, 6), 0)
