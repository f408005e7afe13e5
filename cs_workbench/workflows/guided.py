"""Files whose headings nobody knows: a guess, rows as they would be read, a confirmation."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cs_workbench.core.money import to_major
from cs_workbench.core.records import Field, Value
from cs_workbench.errors import InputError
from cs_workbench.importers.choosing import kept_rows
from cs_workbench.importers.detection import (
    fitting_sources,
    is_confirmed,
    is_unclear,
    looked_at,
    saved_mappings,
)
from cs_workbench.importers.event_exports import (
    EventGuess,
    events_text,
    guess_events,
    with_account,
    with_known,
)
from cs_workbench.importers.foreign_words import foreign_words
from cs_workbench.importers.guess_files import mapping_text, place_beside, save_mapping
from cs_workbench.importers.guesses import UNSURE, Guess
from cs_workbench.importers.guessing import corrected as corrected_guess
from cs_workbench.importers.guessing import guess
from cs_workbench.importers.mapping import MappingSet
from cs_workbench.importers.mapping_files import parse_mapping
from cs_workbench.importers.order_guesses import (
    OrderGuess,
    guess_order,
    ordered_text,
    with_order,
)
from cs_workbench.importers.records import USUAL_CURRENCY, Assumptions, RecordReader
from cs_workbench.importers.sources import Source
from cs_workbench.importers.spreading import spread
from cs_workbench.importers.tables import TableRows
from cs_workbench.store.database import open_database
from cs_workbench.workflows.import_usage import Owners

PREVIEWED = 5
Guessed = Guess | EventGuess | OrderGuess


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as they would be read.

    Attributes:
        kind: what they become.
        headings: of our fields.
        rows: their values, amounts in major units, times to the minute.
        problems: why rows among them would be refused.
        notes: what is taken for granted, and which words are not known.
    """

    kind: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    found: list[Guessed] = []
    with _accounts(portfolio) as is_account:
        for table, sources in looked_at(paths, date_formats):
            events = guess_events(table)
            if events and is_account:
                events = with_known(events, is_account)
            if is_unclear(sources):
                is_kept = is_confirmed(sources)
                fresh = events or _ordered(guess(table), date_formats)
                found.append(guess_order(table, sources) if is_kept else fresh)
            elif events and events.is_doubtful and not is_confirmed(sources):
                found.append(events)
    return found


def _ordered(found: Guess, date_formats: tuple[str, ...]) -> Guess:
    """The guess with the order that was said, where its dates may have two."""
    if found.dates != UNSURE or not date_formats:
        return found
    return replace(found, dates=date_formats[0])


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
    assumed = replace(assumed, currency=assumed.currency or USUAL_CURRENCY)
    return [_read(spread(source, None), assumed) for source in sources]


def _read(source: Source, assumed: Assumptions) -> Preview:
    problems: list[str] = []
    rows = TableRows(
        source.table,
        lambda reject: problems.append(f"line {reject.line}: {reject.column} {reject.reason}"),
        keep=kept_rows(source),
    )
    if source.file.kind.name == "usage":
        return _as_they_stand(source, rows)
    reader = RecordReader(source, assumed)
    fields = {field.column: field for field in source.file.kind.fields}
    names = tuple(fields[column].name for column in reader.columns)
    key = source.file.kind.key
    is_account = key == "account_id"
    has_id = source.file.rules[key].prefix is None  # else it is made of the other columns
    headings = (*((key,) if has_id else ()), *(() if is_account else ("account",)), *names)
    shown = []
    for record in itertools.islice(reader.records(rows), PREVIEWED):
        said = record.names
        account = record.account_id or (said and (said.name or said.domain)) or ""
        values = dict(zip(names, record.values, strict=True))
        currency = str(values.get("currency") or assumed.currency)
        told = [
            _cell(value, fields[column], currency)
            for column, value in zip(reader.columns, record.values, strict=True)
        ]
        id_ = (record.key,) if has_id else ()
        shown.append((*id_, *(() if is_account else (account,)), *told))
    notes = (*filter(None, [source.file.note]), *foreign_words(source))
    refused = tuple(problems[:PREVIEWED])
    return Preview(source.file.kind.name, headings, tuple(shown), refused, notes)


def _as_they_stand(source: Source, rows: TableRows) -> Preview:
    """Usage row by row; of events, of which there is much more, what is made something of."""
    headings = source.table.headings
    left_out = set(source.ignored) if source.file.event_id else set()
    shown = [at for at, name in enumerate(headings) if name not in left_out]
    cells = tuple(tuple(row[at] for at in shown) for row in itertools.islice(rows, PREVIEWED))
    return Preview("usage", tuple(headings[at] for at in shown), cells)


def _cell(value: Value, field: Field, currency: str) -> str:
    """A value as a person writes it: amounts in major units, times of UTC to the minute."""
    if field.type == "instant" and isinstance(value, str):
        return value[:16].replace("T", " ")
    if field.type == "money" and isinstance(value, int):
        return str(to_major(value, currency))
    return "" if value is None else str(value)
