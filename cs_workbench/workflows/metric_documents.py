"""What `csw metrics` tells programs: JSON, rows of CSV, and lists of accounts."""

from collections.abc import Iterator
from typing import Any

from cs_workbench.core.metrics.documents import bridge_document, metric_document
from cs_workbench.core.metrics.words import amount, label_of, part_name
from cs_workbench.core.money import to_major
from cs_workbench.store.closed_periods import ClosedPeriod
from cs_workbench.store.database import Database
from cs_workbench.workflows.metrics import Answer, MetricReport, names_of


def report_document(
    db: Database, report: MetricReport, *, with_accounts: bool = False
) -> dict[str, Any]:
    """The whole answer as one document."""
    names = None
    if with_accounts:
        keys = {
            key
            for answer in (report.whole, *report.groups)
            for one in answer.metrics.values()
            for key in one.members.keys
        }
        names = names_of(db, keys)
    return {
        "schema": "csw.metrics/1",
        "period": report.asked.name,
        "from": report.period.first,
        "to": report.period.end,
        "days": report.period.days,
        "is_open": report.is_open,
        "as_of": report.as_of,
        "currency": report.whole.currency,
        "policy": {
            "name": report.policy.name,
            "version": report.policy.version,
            "hash": report.policy.digest if report.closed is None else report.closed.policy_hash,
        },
        "closed": closed_document(report.closed),
        **_answer(report.whole, names),
        "corrections": _corrections(db, report),
        "by": report.by,
        "groups": [{"name": one.name, **_answer(one, names)} for one in report.groups],
    }


def closed_document(closed: ClosedPeriod | None) -> dict[str, Any] | None:
    """When a period was closed, and by whom."""
    return None if closed is None else {"on": closed.closed_on, "by": closed.actor}


def report_rows(report: MetricReport) -> list[tuple[object, ...]]:
    """A row for each metric of the book and of its parts."""
    found: list[tuple[object, ...]] = []
    for answer in (report.whole, *report.groups):
        part = "all" if answer is report.whole else part_name(answer.name)
        for key, metric in answer.metrics.items():
            one = metric_document(metric, answer.currency or "USD")
            found.append(
                (
                    part,
                    key,
                    *(one[name] for name in ("value", "unit", "numerator", "denominator")),
                    *(one[name] for name in ("n", "low", "high")),
                    report.period.first,
                    report.period.end,
                    answer.currency,
                    report.policy.digest,
                    " ".join(one["flags"]),
                )
            )
    return found


def account_lines(db: Database, answer: Answer) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """By metric, its name and the accounts behind it: id, name, and what they gave."""
    for metric in answer.metrics.values():
        members = metric.members
        if not members.keys:
            continue
        names = names_of(db, members.keys)
        is_money = metric.of == "money"
        below = members.denominators or [0] * len(members.keys)
        rows = []
        for key, top, bottom in zip(members.keys, members.numerators, below, strict=True):
            shown = (
                [amount(one, answer.currency) for one in (top, bottom)]
                if is_money
                else [f"{top:,}", f"{bottom:,}"]
            )
            rows.append((*names[key], *shown))
        yield label_of(metric.key), rows


def _answer(answer: Answer, names: dict[int, tuple[str, str]] | None) -> dict[str, Any]:
    currency = answer.currency or "USD"
    return {
        "metrics": {
            key: metric_document(one, currency, names) for key, one in answer.metrics.items()
        },
        "bridge": None if answer.bridge is None else bridge_document(answer.bridge, currency),
        "trust": answer.trust,
    }


def _corrections(db: Database, report: MetricReport) -> list[dict[str, Any]]:
    names = names_of(db, [one.account_key for one in report.corrections])
    currency = report.whole.currency or "USD"
    return [
        {
            "account_id": names[one.account_key][0],
            "name": names[one.account_key][1],
            "frozen": to_major(one.frozen, currency),
            "now": to_major(one.now, currency),
        }
        for one in report.corrections
    ]
