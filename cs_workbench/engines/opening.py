"""The engine that a specification names."""

from cs_workbench.engines.events import EventEngine
from cs_workbench.engines.specs import EventSpec


def open_engine(spec: EventSpec) -> EventEngine:
    """Open the engine; close it after use.

    Raises:
        MissingExtraError: it needs what is not installed.
        InputError: it cannot be reached, or has no such events.
    """
    if spec.engine == "duckdb":
        from cs_workbench.engines.duckdb_files import DuckDBFiles

        return DuckDBFiles(spec)
    from cs_workbench.engines.warehouse import Warehouse

    return Warehouse(spec)
