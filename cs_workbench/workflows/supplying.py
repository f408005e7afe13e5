"""What accounts have left of credits and allowances, and until when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs_workbench.core.depletion import Supply, foresee
from cs_workbench.store.known import Known
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.supplies import SupplyMetric, supply_metrics, used_or_left


@dataclass(frozen=True, slots=True)
class Supplies:
    """Foretells for accounts; there is nothing to do where no metric runs out."""

    known: Known
    metrics: tuple[SupplyMetric, ...]

    def of(
        self, connection: Connection, seats: Mapping[int, int | None]
    ) -> dict[int, tuple[Supply, ...]]:
        """By account what it has left of each metric.

        Args:
            connection: in a snapshot.
            seats: the accounts, with their contracted seats of the day.
        """
        found: dict[int, list[Supply]] = defaultdict(list)
        for one in self.metrics:
            days = used_or_left(connection, self.known, one, list(seats))
            for key, values in days.items():
                left = _left(one, values, seats[key])
                supply = foresee(one.metric.name, one.label, left, one.metric.last_day)
                if supply is not None:
                    found[key].append(supply)
        return {key: tuple(supplies) for key, supplies in found.items()}


def prepare_supplies(connection: Connection, known: Known) -> Supplies:
    """Look up which metrics run out."""
    return Supplies(known, tuple(supply_metrics(connection, known)))


def _left(
    one: SupplyMetric, days: Sequence[float | None], seats: int | None
) -> Sequence[float | None]:
    """What is left: the balance itself, or the allowance less what is used of it."""
    if one.allowance is None:
        return days
    if one.is_per_seat and not seats:
        return [None] * len(days)
    allowance = one.allowance * (seats or 1 if one.is_per_seat else 1)
    return [None if value is None else allowance - value for value in days]
