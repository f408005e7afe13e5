"""The engine that a specification names."""

from dataclasses import replace

from cs_workbench.engines.events import EventEngine
from cs_workbench.engines.secrets import looked_up
from cs_workbench.engines.specs import EventSpec


def open_engine(spec: EventSpec) -> EventEngine:
    """Open the engine; close it after use.

    Raises:
        MissingExtraError: it needs what is not installed.
        InputError: it cannot be reached, has no such events, or a secret is not where it should be.
    """
    spec = replace(spec, connection=looked_up(spec.connection))
    if spec.engine == "duckdb":
        from cs_workbench.engines.duckdb_files import DuckDBFiles

        return DuckDBFiles(spec)
    from cs_workbench.engines.warehouse import Warehouse

    return Warehouse(spec)
