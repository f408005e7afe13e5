"""The signs of a printed list of accounts, and letters for terminals that cannot show them."""

from dataclasses import dataclass
from typing import Final

from cs_workbench.core.accounts import Band


@dataclass(frozen=True, slots=True)
class Signs:
    """One set of signs; `levels` are eight heights of usage, `gap` a week without data."""

    bands: dict[Band, str]
    up: str
    down: str
    flat: str
    levels: str
    gap: str

    @property
    def all(self) -> str:
        """Every sign, to ask whether an encoding has them."""
        return "".join([*self.bands.values(), self.up, self.down, self.flat, self.levels, self.gap])

    def trend(self, trend_e4: int | None) -> str:
        """Direction and whole points over 28 days: `↓23`."""
        if trend_e4 is None:
            return ""
        moved = round(trend_e4 / 10_000)
        arrow = self.up if moved > 0 else self.down if moved < 0 else self.flat
        return f"{arrow}{abs(moved):>2}"

    def spark(self, spark: str) -> str:
        """Weekly levels of usage as bars."""
        return "".join(self.levels[int(sign)] if sign.isdigit() else self.gap for sign in spark)


UNICODE: Final = Signs(
    {"red": "■", "yellow": "◆", "green": "●", "unknown": "?"}, "↑", "↓", "→", "▁▂▃▄▅▆▇█", "·"
)
ASCII: Final = Signs(
    {"red": "R", "yellow": "Y", "green": "G", "unknown": "?"}, "+", "-", "=", "01234567", "."
)
