"""Usage under the ids of accounts that are one by now: a feed may go on naming both."""

from typing import TYPE_CHECKING

from cs_workbench.core.usage_metrics import UsageMetric, combined
from cs_workbench.core.weeks import MONDAY_AT

if TYPE_CHECKING:
    from cs_workbench.importers.usage import Metrics, Owner, UsageBatch


class MergedUsage:
    """Holds a merged account's usage apart while a file is read; then adds it to the other's."""

    def __init__(self, metrics: "Metrics") -> None:
        self._metrics = metrics
        self._rollups: dict[int, str] = {}
        self._accounts: dict[int, int] = {}

    def metric(self, metric: UsageMetric) -> int:
        """The metric's id; how its days are put together is remembered."""
        found = self._metrics(metric)
        self._rollups[found] = metric.rollup
        return found

    def key(self, owner: "Owner") -> int:
        """The account's key; below zero where the id of an account was given that is in it now."""
        if not owner.merged_key:
            return owner.account_key
        self._accounts[-owner.merged_key] = owner.account_key
        return -owner.merged_key

    def whole(self, batch: "UsageBatch") -> "UsageBatch":
        """The batch with the usage of accounts that are one put together, as a merge does it."""
        if not self._accounts:
            return batch
        for key in [key for key in batch.weeks if key[0] in self._accounts]:
            account, metric, week = key
            other = batch.weeks.pop(key)
            row = batch.week(self._accounts[account], metric, week)
            rollup = self._rollups[metric]
            for at in range(MONDAY_AT, len(row)):
                row[at] = combined(row[at], other[at], rollup)
        for account in [account for account in batch.rows if account in self._accounts]:
            counts = batch.rows.setdefault(self._accounts[account], {})
            for day, count in batch.rows.pop(account).items():
                counts[day] = counts.get(day, 0) + count
        return batch
