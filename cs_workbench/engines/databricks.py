"""Databricks through Ibis, without leaving anything there."""

from collections.abc import Mapping
from typing import Any


def connect_to_databricks(settings: Mapping[str, Any]) -> Any:
    """Connect, in a session of UTC: else it takes moments without a zone for its own.

    Ibis makes a volume for tables that are sent there, which who only reads may not do. None is.
    """
    from ibis.backends.databricks import Backend

    class Reading(Backend):  # type: ignore[misc]  # Ibis tells no types
        def _post_connect(self, *, memtable_volume: str) -> None:
            """Make no volume."""

    own = settings.get("session_configuration", {})
    configured = {"TIMEZONE": "UTC", **own}
    return Reading().connect(**{**settings, "session_configuration": configured})
