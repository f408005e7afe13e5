"""What was changed in response to a key figure that missed its target."""

import datetime as dt

from cs_workbench.core.ids import new_id
from cs_workbench.core.metrics.key_figures import KpiResponse
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.known import plain_rows


def add_response(
    db: Database, *, metric: str, period: str, what: str, author: str, today: dt.date
) -> str:
    """Write down what was changed; gives its id. It can be undone."""
    response_id = new_id()
    row = {
        "response_id": response_id,
        "metric": metric,
        "period": period,
        "what": what,
        "author": author,
        "made_on": today.isoformat(),
    }
    with write(db) as connection:
        apply_changes(
            connection,
            actor=author,
            summary=f"response to {metric} of {period}",
            changes=[Change("kpi_response", response_id, None, None, row)],
        )
    return response_id


def kpi_responses(db: Database) -> list[KpiResponse]:
    """All of them, the newest first."""
    rows = plain_rows(
        db.connection,
        "SELECT response_id, metric, period, what, author, made_on FROM kpi_response "
        "ORDER BY made_on DESC, response_id DESC",
        (),
    )
    return [
        KpiResponse(response_id, metric, period, what, author, dt.date.fromisoformat(made_on))
        for response_id, metric, period, what, author, made_on in rows
    ]
