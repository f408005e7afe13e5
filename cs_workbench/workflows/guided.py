"""Files whose headings nobody knows: a guess, rows as they would be read, a confirmation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cs_workbench.errors import InputError
from cs_workbench.importers.detection import fitting_sources, is_unclear, looked_at
from cs_workbench.importers.event_exports import (
    EventGuess,
    events_text,
    guess_events,
    with_account,
    with_known,
)
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guesses import UNSURE, Guess
from cs_workbench.importers.guessing import corrected as corrected_guess
from cs_workbench.importers.guessing import guess
from cs_workbench.importers.known_mappings import (
    is_confirmed,
    place_beside,
    save_mapping,
    saved_mappings,
)
from cs_workbench.importers.mapping import MappingSet
from cs_workbench.importers.mapping_files import parse_mapping
from cs_workbench.importers.order_guesses import (
    OrderGuess,
    guess_order,
    ordered_text,
    with_order,
)
from cs_workbench.importers.records import Assumptions
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableFile
from cs_workbench.store.database import open_database
from cs_workbench.workflows.import_usage import Owners
from cs_workbench.workflows.previews import Preview, preview_of

Guessed = Guess | EventGuess | OrderGuess


def guesses(
    paths: Sequence[Path], portfolio: Path, date_formats: tuple[str, ...] = ()
) -> list[Guessed]:
    """A guess for each table that no mapping knows, or whose dates may have two orders.

    And for exports of events by which no account is known, while a group of another name has some.

    Args:
        paths: of files and folders.
        portfolio: whose accounts tell which group of events they are, where it is there.
        date_formats: the order of day and month, if it was said.

    Raises:
        NotFoundError, InputError: a path is not there, or cannot be read.
    """
    with _accounts(portfolio) as is_account:
        found = [
            _guess_of(table, sources, is_account, date_formats)
            for table, sources in looked_at(paths, date_formats)
        ]
    return [one for one in found if one is not None]


def _guess_of(
    table: TableFile,
    sources: Sequence[Source],
    is_account: Callable[[str], bool] | None,
    date_formats: tuple[str, ...],
) -> Guessed | None:
    """What has to be asked about a table; None where it is clear."""
    if is_confirmed(sources):
        return guess_order(table, sources) if is_unclear(sources) else None
    events = guess_events(table)
    if events and is_account:
        events = with_known(events, is_account)
    if not is_unclear(sources):
        return events if events and events.is_doubtful else None
    if events:
        return events
    found = guess(table)
    is_said = found.dates == UNSURE and date_formats
    return replace(found, dates=date_formats[0]) if is_said else found


@contextmanager
def _accounts(portfolio: Path) -> Iterator[Callable[[str], bool] | None]:
    """What tells whether a text is an id, a domain or a name of an account."""
    if not portfolio.exists():
        yield None
        return
    with open_database(portfolio) as db:
        owners = Owners(db, None, by_name=True)
        yield lambda text: owners(text) is not None


def is_clear(found: Guessed, confirmed: Iterable[MappingSet] = ()) -> bool:
    """Whether a mapping that was confirmed since reads this file too, as those of other months."""
    kept = saved_mappings([found.table.path], confirmed)
    return not is_unclear(fitting_sources(found.table, kept))


def corrected(found: Guessed, said: str) -> Guessed:
    """The guess with what a person says of it, as `arr=Yearly fee`.

    Raises:
        UsageError: it is nothing that can be said.
    """
    match found:
        case EventGuess():
            return with_account(found, said)
        case OrderGuess():
            return with_order(found, said)
        case Guess():
            return corrected_guess(found, said)


def mapping_of(found: Guessed) -> MappingSet:
    """The mapping that a guess makes, in the place where it is to be kept.

    Raises:
        InputError: something is missing, or is not clear.
    """
    if question := next(found.questions, None):
        raise InputError(question)
    return parse_mapping(_text(found), _place(found))


def keep(found: Guessed) -> Path:
    """Keep a guess that a person confirmed beside the data, where later imports find it.

    Raises:
        ReadOnlyPlaceError: it cannot be written there.
    """
    return save_mapping(_place(found), _text(found))


def _place(found: Guessed) -> Path:
    return found.place if isinstance(found, OrderGuess) else place_beside(found.table)


def _text(found: Guessed) -> str:
    match found:
        case EventGuess():
            return events_text(found)
        case OrderGuess():
            return ordered_text(found)
        case Guess():
            return mapping_text(found)


def preview(found: Guessed, assumed: Assumptions) -> list[Preview]:
    """How the first rows would be read, for each kind that the file has.

    Raises:
        InputError: something is missing, or is not clear.
    """
    sources = fitting_sources(found.table, [mapping_of(found)])
    return [preview_of(source, assumed) for source in sources]
