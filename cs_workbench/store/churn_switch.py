"""Which churn model is in use, and its newest words; small, for the list's first rows read it."""

from cs_workbench.store.sqlite import Connection

MODEL_ON = "SELECT hash FROM churn_switch ORDER BY seq DESC LIMIT 1"
# SQL: of `churn_prediction c` the lines that the model in use said last.
NEWEST = f"""c.hash = ({MODEL_ON}) AND c.as_of = (
    SELECT max(n.as_of) FROM churn_prediction n WHERE n.hash = ({MODEL_ON}))"""


def model_on(connection: Connection) -> str | None:
    """The hash of the model in use; None where none is."""
    found = connection.execute(MODEL_ON).fetchone()
    return None if found is None else str(found[0])
