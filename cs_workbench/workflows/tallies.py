"""What a refresh counts and gathers while the accounts pass."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cs_workbench.core.accounts import Band
from cs_workbench.core.signals.reconciling import Settlement

_ORDER = {"red": 0, "yellow": 1, "green": 2}


@dataclass
class Tally:
    """Counts that grow.

    Attributes:
        moves: accounts whose band is better (`up`) or worse (`down`) than before.
        changed: scores that were written; `opened` signals.
        run_id: of the run, from the first score that is written.
    """

    bands: Counter[Band] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    former: int = 0
    changed: int = 0
    opened: int = 0
    waiting: int = 0
    run_id: int | None = None

    def count(self, band: Band, before: Band | None) -> None:
        """One account; a band that is unknown, or was, moved nowhere."""
        self.bands[band] += 1
        if before is None or before in {"unknown", band} or band == "unknown":
            return
        self.moves["up" if _ORDER[band] > _ORDER[before] else "down"] += 1


@dataclass
class Chunk:
    """What a range of accounts wants written."""

    scores: list[tuple[Any, ...]] = field(default_factory=list)
    summaries: list[tuple[Any, ...]] = field(default_factory=list)
    gone_scores: list[int] = field(default_factory=list)
    gone_summaries: list[int] = field(default_factory=list)
    signals: Settlement = field(default_factory=Settlement)

    def is_empty(self) -> bool:
        """Whether everything is stored already."""
        written = self.scores or self.summaries or self.gone_scores or self.gone_summaries
        return not written and self.signals.is_empty()
