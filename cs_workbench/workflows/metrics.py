"""The metrics of a period: of the whole book, and of its parts; closed periods as they were."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cs_workbench.core.metrics.analysis import Evidence, bridge_of, revenue_metrics
from cs_workbench.core.metrics.customers import which_churn
from cs_workbench.core.metrics.documents import thawed_bridge, thawed_metric
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.results import Metric, unknown
from cs_workbench.core.metrics.revenue import Bridge
from cs_workbench.core.plurals import counted
from cs_workbench.errors import NotFoundError
from cs_workbench.store.closed_periods import ClosedPeriod, closed_period
from cs_workbench.store.database import Database
from cs_workbench.store.known import read_known
from cs_workbench.store.metric_books import account_names, read_reasons
from cs_workbench.workflows.ledger import SEVERAL, Ledger, read_ledger
from cs_workbench.workflows.metric_activity import activity_metrics
from cs_workbench.workflows.metric_groups import By, places_by

UNAVOIDABLE = "{} of the lost left for reasons that nobody could help; they are counted."
LEFT_OUT = "{} left out: at the start or at the end one of their prices is unknown."
MONEY = frozenset(
    {"grr", "nrr", "gross_churn", "net_churn", "gross_renewal_rate", "clv", "existing_share"}
)


@dataclass(frozen=True)
class Answer:
    """The metrics of the whole book or of a part of it.

    Attributes:
        name: of the part; None: it has none of what the parts differ by.
        bridge: None where amounts cannot be added up.
        trust: one sentence on which of the three churns to trust.
        currency: of its amounts; None where there is none.
    """

    name: str | None
    metrics: Mapping[str, Metric]
    bridge: Bridge | None
    trust: str
    currency: str | None


@dataclass(frozen=True)
class Correction:
    """What an account paid at the end of a closed period: as frozen, and as is known now."""

    account_key: int
    frozen: int
    now: int


@dataclass(frozen=True)
class MetricReport:
    """The answer to one question.

    Attributes:
        asked: the period; `period` the part of it that is over.
        as_of: the day as known on which all was computed.
        whole, groups: the book, and its parts in the order of their opening ARR.
        closed: the snapshot, where the period is closed; `whole` is then what it says.
        corrections: accounts whose closed period before turned out otherwise; they count here.
    """

    asked: Period
    period: Period
    as_of: dt.date
    policy: MetricPolicy
    whole: Answer
    by: By | None = None
    groups: tuple[Answer, ...] = ()
    closed: ClosedPeriod | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the period is not over yet."""
        return self.period.end < self.asked.end


def measure(
    db: Database,
    asked: Period,
    policy: MetricPolicy,
    *,
    as_of: dt.date,
    by: By | None = None,
    currency: str | None = None,
    everything: bool = False,
) -> MetricReport:
    """Take a period's metrics, and those of its parts, from what was known on a day.

    What is not over by the day is left out. Of a period that was closed by then, the day of its
    closing counts. With `currency` the subscriptions in that one alone are taken; with `everything`
    the whole book also has voice, service, outreach and adoption.
    """
    closed = None if currency else closed_by(db, asked, as_of)
    known_on = as_of if closed is None else closed.closed_on
    ledger = read_ledger(db, policy, as_of=known_on)
    if currency is not None:
        ledger = _in_currency(ledger, currency)
    evidence = ledger.evidence(asked)
    whole = frozen(answer_of(evidence, ledger), closed)
    whole = _tagged(whole, evidence, _unavoidable(ledger))
    if everything:
        whole = replace(whole, metrics={**whole.metrics, **activity_metrics(ledger, asked)})
    groups = () if by is None else _groups(ledger, asked, evidence, by)
    return MetricReport(
        asked=asked,
        period=asked.until(known_on),
        as_of=known_on,
        policy=policy,
        whole=whole,
        by=by,
        groups=groups,
        closed=closed,
        corrections=corrections_of(evidence),
    )


def answer_of(evidence: Evidence, ledger: Ledger, name: str | None = None) -> Answer:
    """The metrics of some evidence; amounts are unknown where currencies cannot be added up."""
    metrics = revenue_metrics(evidence, ledger.policy)
    if evidence.left_out:
        flag = LEFT_OUT.format(counted(len(evidence.left_out), "account"))
        metrics = _flagged(metrics, MONEY - {"gross_renewal_rate"}, flag)  # which says its own
    bridge = bridge_of(evidence) if ledger.currency else None
    if ledger.currency is None:
        metrics = {
            key: unknown(key, one.unit, SEVERAL) if key in MONEY else one
            for key, one in metrics.items()
        }
    trust = which_churn(evidence.there, ledger.policy.fast_growth)
    return Answer(name, metrics, bridge, trust, ledger.currency)


def corrections_of(evidence: Evidence) -> tuple[Correction, ...]:
    """Accounts whose frozen closing differs from what is known now."""
    moved = evidence.known
    return (
        tuple(
            Correction(key, before, before + more)
            for key, before, more in zip(moved.keys, moved.opening, moved.restated, strict=True)
            if more
        )
        if moved.restated
        else ()
    )


def names_of(db: Database, keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Id and name of accounts, for lists."""
    return account_names(db.connection, json.dumps(sorted(set(keys))))


def _unavoidable(ledger: Ledger) -> set[int]:
    """Accounts that left for a reason that nobody could have helped."""
    connection = ledger.db.connection
    reasons = read_reasons(connection, read_known(connection, ledger.as_of))
    return {
        key
        for key, (_, reason) in reasons.items()
        if (reason or "").casefold() in ledger.policy.unavoidable
    }


def _tagged(answer: Answer, evidence: Evidence, unavoidable: set[int]) -> Answer:
    """Say how many of the lost left for such a reason; they are counted all the same."""
    there = evidence.there
    rows = zip(there.keys, there.opening, there.closing, strict=True)
    lost = [key for key, before, after in rows if before and not after and key in unavoidable]
    if not lost:
        return answer
    flag = UNAVOIDABLE.format(len(lost))
    return replace(answer, metrics=_flagged(answer.metrics, ("grr", "ccr"), flag))


def _flagged(metrics: Mapping[str, Metric], keys: Iterable[str], flag: str) -> dict[str, Metric]:
    told = {key: replace(metrics[key], flags=(*metrics[key].flags, flag)) for key in keys}
    return {**metrics, **told}


def _in_currency(ledger: Ledger, currency: str) -> Ledger:
    code = currency.upper()
    if code not in ledger.book.currencies:
        there = ", ".join(sorted(ledger.book.currencies)) or "none"
        raise NotFoundError(f"No subscription is in {code}. There are: {there}.")
    return ledger.only("currency", ledger.book.currencies.index(code))


def _groups(ledger: Ledger, asked: Period, evidence: Evidence, by: By) -> tuple[Answer, ...]:
    if by in {"product", "currency"}:
        names = ledger.book.products if by == "product" else ledger.book.currencies
        found = []
        for place, name in enumerate(names):
            part = ledger.only(by, place)
            mine = part.evidence(asked)
            if any(mine.there.opening) or any(mine.there.closing):
                found.append((sum(mine.moved.opening), answer_of(mine, part, name)))
    else:
        found = []
        for name, places in places_by(ledger, asked, by).items():
            mine = evidence.only(places)
            if any(mine.there.opening) or any(mine.there.closing):
                found.append((sum(mine.moved.opening), answer_of(mine, ledger, name)))
    found.sort(key=lambda one: (-one[0], one[1].name or ""))
    return tuple(answer for _, answer in found)


def closed_by(db: Database, period: Period, day: dt.date) -> ClosedPeriod | None:
    """The snapshot of a period that was closed by a day."""
    found = closed_period(db.connection, period.first, period.end)
    return None if found is None or found.closed_on > day else found


def frozen(now: Answer, closed: ClosedPeriod | None) -> Answer:
    """What a snapshot says, with the accounts of today's computation where they still add up."""
    if closed is None:
        return now
    document = closed.document
    metrics = dict(now.metrics)
    for given in document["metrics"]:
        metric = thawed_metric(given)
        live = now.metrics.get(metric.key)
        same = live is not None and live.value == metric.value
        metrics[metric.key] = replace(metric, members=live.members) if same and live else metric
    bridge = document["bridge"] and thawed_bridge(document["bridge"])
    if bridge and now.bridge and bridge.plain() == now.bridge.plain():
        bridge = now.bridge
    return Answer(None, metrics, bridge or None, document["trust"], document["currency"])
