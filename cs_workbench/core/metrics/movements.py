"""What each account paid at both ends of a period, and what happened to it in between."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cs_workbench.core.metric_kernels import columns

Column = Sequence[int]


@dataclass(frozen=True, slots=True)
class Movements:
    """Accounts in parallel columns, over the period (start, end]; money in one currency.

    Attributes:
        start, end: the days whose ends are opening and closing, as ordinals.
        keys: of the accounts.
        opening, closing: ARR at both ends.
        kept: of the opening ARR, what is still there: the smaller of both, of the account or of
            each of its products, as the policy says.
        first: the day on which the account first paid; 0 never.
        lost: the last day inside on which it stopped paying; 0 none.
        days: how many days of the period it was a customer.
        in_grace: 1 where the closing ARR rests on a renewal that is late, and may still come.
        restated: closing of the period before as it was frozen, less what is known now; empty
            where no period before is closed.
    """

    start: int
    end: int
    keys: Column
    opening: Column
    closing: Column
    kept: Column
    first: Column
    lost: Column
    days: Column
    in_grace: Column
    restated: Column = ()

    @property
    def length(self) -> int:
        """Days of the period."""
        return self.end - self.start

    def only(self, places: Iterable[int]) -> "Movements":
        """Some of the accounts, by their places."""
        wanted = array("q", places)

        def pick(column: Column) -> Column:
            return columns.picked(column, wanted)

        return Movements(
            self.start,
            self.end,
            pick(self.keys),
            pick(self.opening),
            pick(self.closing),
            kept=pick(self.kept),
            first=pick(self.first),
            lost=pick(self.lost),
            days=pick(self.days),
            in_grace=pick(self.in_grace),
            restated=pick(self.restated) if self.restated else (),
        )

    def without(self, places: Column) -> "Movements":
        """The same accounts, those at some places as if they never had paid."""

        def blank(column: Column) -> Column:
            return columns.zeroed(column, places)

        return replace(
            self,
            opening=blank(self.opening),
            closing=blank(self.closing),
            kept=blank(self.kept),
            lost=blank(self.lost),
            days=blank(self.days),
            in_grace=blank(self.in_grace),
            restated=blank(self.restated) if self.restated else (),
        )

    def there_at_start(self) -> Column:
        """Places of the accounts that pay at the opening."""
        return columns.places_above_zero(self.opening)


def movements_of(
    pairs: Sequence[tuple[int, int]], *, start: int = 0, end: int = 30, first: Column = ()
) -> Movements:
    """Movements of accounts numbered from 0 of which only both ends are told.

    An account that opens with nothing is new on the last day unless `first` says otherwise; one
    that closes with nothing left on the last day.
    """
    opening, closing = [a for a, _ in pairs], [b for _, b in pairs]
    return Movements(
        start,
        end,
        list(range(len(pairs))),
        opening,
        closing,
        kept=[min(a, b) for a, b in pairs],
        first=first or [start if a else end for a in opening],
        lost=[end if a and not b else 0 for a, b in pairs],
        days=[end - start if a else 0 for a in opening],
        in_grace=[0] * len(pairs),
    )
