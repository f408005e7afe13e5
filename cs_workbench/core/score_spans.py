"""A history of scores as one text for each account, for ranges of accounts.

A row a score would be millions of rows. Each score is two characters instead: one for its points in
tenths and its band (`code_of`), and one for the refresh that wrote it (from `RUNS_FROM` on).
`core/kernels/spreads.py` counts such texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cs_workbench.core.accounts import BANDS, Band

CODES_FROM: Final = 0x100
RUNS_FROM: Final = 0xE000  # beyond the surrogates
RESIDUES: Final = 5  # by which the first letters of the bands differ
SIGNS: Final = 2
BAND_OF: Final[dict[int, Band]] = {ord(band[0]) % RESIDUES: band for band in BANDS}


class Contract(NamedTuple):
    """ARR from the first to the last day, ISO dates; 0 for what entitles but is no ARR.

    Attributes:
        at: the place of its account in the range.
    """

    at: int
    first: str
    last: str
    arr_minor: int


@dataclass(frozen=True, slots=True)
class ScoredRange:
    """A range of accounts that have scores.

    Attributes:
        codes: of each account its scores, oldest first, in characters as above.
        currencies: of each account.
        contracts: of all of them, in any order.
    """

    codes: Sequence[str]
    currencies: Sequence[str]
    contracts: Sequence[Contract]


def code_of(tenths: int, band: Band) -> str:
    """The character of a score."""
    return chr(CODES_FROM + tenths * RESIDUES + ord(band[0]) % RESIDUES)
