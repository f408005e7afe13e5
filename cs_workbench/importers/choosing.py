"""Which rows of a file its mapping means."""

from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import Keep


def kept_rows(source: Source) -> Keep | None:
    """What tells whether a row is meant; None where all are."""
    index = {name.casefold(): number for number, name in enumerate(source.table.headings)}
    only = [(index[name.casefold()], words) for name, words in source.file.only.items()]
    skip = [(index[name.casefold()], words) for name, words in source.file.skip.items()]
    if not only and not skip:
        return None

    def is_meant(row: list[str]) -> bool:
        return all(row[at].strip().casefold() in words for at, words in only) and not any(
            row[at].strip().casefold() in words for at, words in skip
        )

    return is_meant
