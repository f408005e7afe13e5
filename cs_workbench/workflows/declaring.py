"""What a person declares of a usage metric, whatever file it comes from."""

from collections.abc import Mapping

from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import Change, Value, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.declared_metrics import declared_metrics

FIELDS = ("label", "unit", "rollup", "higher_is_better", "kind", "per_seat", "quota")


def declare_metric(db: Database, name: str, given: Mapping[str, Value], *, actor: str) -> str:
    """Change what is declared of a metric; returns what was done, in a sentence.

    Args:
        db: the portfolio.
        name: of the metric.
        given: by field of `FIELDS` its new value.
        actor: who says so; one act, that `z` takes back.

    Raises:
        NotFoundError: there is no such metric yet.
        UsageError: nothing is given, or it contradicts itself.
    """
    metrics = {one.name: one for one in declared_metrics(db)}
    if name not in metrics:
        known = ", ".join(metrics) or "none"
        raise NotFoundError(f"There is no usage metric {name!r}. There is: {known}.")
    metric = metrics[name]
    if not given:
        raise UsageError("Say what to declare, such as --kind balance.")
    kind, quota = given.get("kind", metric.kind), given.get("quota", metric.quota)
    if kind == "quota" and quota is None:
        raise UsageError("A quota needs its allowance: --quota NUMBER.")
    if kind != "quota" and given.get("quota") is not None:
        raise UsageError("Only a quota has an allowance: --kind quota.")
    changes = [
        Change("usage_metric", str(metric.metric_id), field, new=given[field])
        for field in FIELDS
        if field in given
    ]
    with write(db) as connection:
        done = apply_changes(connection, actor=actor, summary=f"declare {name}", changes=changes)
    return f"{name}: declared." if done else f"{name}: it was declared like that already."
