"""What accounts like this one did meanwhile, in this account's own size.

Each peer is held against its own usual level; the middle half of the peers, times this account's
usual level, is the band in which it would be if it had done as they did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

RECENT: Final = 4
USUAL: Final = 26  # weeks, the last four left out, that say what is usual
LEAST_WEEKS: Final = 4
LEAST_PEERS: Final = 8

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class PeerBand:
    """The band in each step of a chart, oldest first; None where too few peers are known.

    Attributes:
        peers: how many could be compared.
        name: who they are, in words.
    """

    name: str
    peers: int
    low: tuple[float | None, ...]
    middle: tuple[float | None, ...]
    high: tuple[float | None, ...]

    def last(self, first: int, end: int) -> "PeerBand":
        """Its steps from `first` to `end` (not included)."""
        return PeerBand(
            self.name, self.peers, self.low[first:end], self.middle[first:end], self.high[first:end]
        )

    def stretched(self, steps: int) -> "PeerBand":
        """With so many unknown steps at its end."""
        more = (None,) * steps
        return PeerBand(
            self.name, self.peers, self.low + more, self.middle + more, self.high + more
        )


def peer_band(own: Values, peers: Sequence[Values], name: str) -> PeerBand | None:
    """The band of weekly levels; None without enough peers, or where nothing own is usual.

    Args:
        own: weekly levels of the account, oldest first.
        peers: those of its peers in the same weeks.
        name: who the peers are.
    """
    usual = usual_level(own)
    scaled = [
        (peer, level) for peer in peers if (level := usual_level(peer)) is not None and level > 0
    ]
    if usual is None or len(scaled) < LEAST_PEERS:
        return None
    low: list[float | None] = []
    middle: list[float | None] = []
    high: list[float | None] = []
    for week in range(len(own)):
        shares = sorted(
            value / level for peer, level in scaled if (value := peer[week]) is not None
        )
        known = len(shares) >= LEAST_PEERS
        for line, part in ((low, 1), (middle, 2), (high, 3)):
            line.append(usual * _quartile(shares, part) if known else None)
    return PeerBand(name, len(scaled), tuple(low), tuple(middle), tuple(high))


def usual_level(levels: Values) -> float | None:
    """The median week of the last half year but its last four; None where too little is known."""
    known = [one for one in levels[-USUAL:-RECENT] if one is not None]
    return median(known) if len(known) >= LEAST_WEEKS else None


def _quartile(ordered: Sequence[float], part: int) -> float:
    """Linear between the neighbours, as spreadsheets do."""
    place = (len(ordered) - 1) * part / 4
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
