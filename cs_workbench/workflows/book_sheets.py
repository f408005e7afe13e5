"""The book edited in a spreadsheet: what of it was edited, and that alone is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from cs_workbench.core.book_sheets import (
    CHECK,
    SETTABLE,
    SHEET_KEYS,
    STEP_KEYS,
    CellEdit,
    cell_text,
    is_sheet,
    one_day,
    own_heading,
    sheet_cells,
    was_written,
)
from cs_workbench.core.csv_texts import unguarded
from cs_workbench.core.custom_fields import (
    CustomField,
    field_id_of,
    fitting_type,
    plain_value,
    typed_value,
)
from cs_workbench.core.dates import read_date
from cs_workbench.core.plurals import counted
from cs_workbench.errors import UsageError
from cs_workbench.importers.formats import inspect_tables
from cs_workbench.importers.tables import TableFile, TableRows
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.changes import Change
from cs_workbench.store.custom_fields import custom_fields
from cs_workbench.store.custom_values import value_changes
from cs_workbench.store.database import Database
from cs_workbench.store.imports import account_keys
from cs_workbench.store.next_steps import next_step_changes, read_next_steps
from cs_workbench.workflows.editing import field_changes
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import make_step
from cs_workbench.workflows.remembering import apply_act

WINDOW = 500
DUE = STEP_KEYS[-1]


@dataclass
class SheetPlan:
    """What a sheet wants changed.

    Attributes:
        conflicts: edited cells whose value has changed here too since the sheet was written.
        refused: what cannot be done, with its line.
    """

    name: str
    edits: list[CellEdit] = field(default_factory=list)
    conflicts: list[CellEdit] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def told(self) -> str:
        """The act in words."""
        accounts = len({one.account_key for one in self.edits})
        cells = counted(len(self.edits), "cell")
        whose = counted(accounts, "account")
        return f"{cells} of {whose} edited in {self.name}"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the sheet beside what stands here; cells by heading."""

    number: int
    key: int
    account_id: str
    name: str
    given: Mapping[str, str]
    now: Mapping[str, str]

    @property
    def check(self) -> str:
        """What tells edited cells from others; empty where the column was taken out."""
        return self.given.get(CHECK, "")

    def wrote(self, heading: str, text: str) -> bool:
        """Whether we wrote this text into the sheet."""
        return was_written(self.account_id, heading, text, self.check)


def sheet_of(path: Path) -> TableFile | None:
    """The book that `csw accounts --csv` wrote, if the file is one.

    Raises:
        InputError, MissingExtraError: the file cannot be read.
    """
    if not path.is_file():
        return None
    return next((one for one in inspect_tables(path) if is_sheet(one.headings)), None)


def plan_sheet(db: Database, sheet: TableFile, act: Act) -> SheetPlan:
    """Find the edited cells of a sheet; nothing is written.

    Without its column of checks every cell that says something else than the portfolio counts as
    edited; columns that were added become fields of a team's own.
    """
    plan = SheetPlan(sheet.name)
    fields = custom_fields(db.connection)
    own = {own_heading(one): one for one in fields.values()}
    headings = _known(sheet.headings, (*SHEET_KEYS, *own, CHECK))
    added: dict[str, list[_Line]] = {
        name: [] for name in headings if name not in {*SHEET_KEYS, *own, CHECK}
    }
    for line in _lines(db, (sheet, headings), act, fields, plan):
        edits = list(_edits(line, plan, own, act))
        _plan_edits(db, act, (line, edits), own, plan)
        for name, lines in added.items():
            if line.given[name]:
                lines.append(line)
    for name, lines in added.items():
        if lines:
            _plan_field(db, act, name, lines, plan)
    return plan


def apply_sheet(db: Database, act: Act, plan: SheetPlan) -> bool:
    """Do what the plan says, as one act that can be taken back; whether anything changed."""
    return apply_act(db, act, plan.told, plan.changes)


def _known(headings: Sequence[str], ours: Sequence[str]) -> tuple[str, ...]:
    """The headings of the file, ours as we write them whatever their case."""
    folded = {one.casefold(): one for one in ours}
    return tuple(folded.get(name.casefold(), name) for name in headings)


def _lines(
    db: Database,
    sheet: tuple[TableFile, Sequence[str]],
    act: Act,
    fields: Mapping[str, CustomField],
    plan: SheetPlan,
) -> Iterator[_Line]:
    """The lines of accounts that are there; others are refused."""
    table, headings = sheet
    refuse = plan.refused.append
    rows = TableRows(table, lambda one: refuse((one.line, one.reason)))
    numbered = ((rows.line, [cell.strip() for cell in row]) for row in rows)
    while window := list(islice(numbered, WINDOW)):
        cells = [(number, dict(zip(headings, row, strict=True))) for number, row in window]
        ids = [unguarded(given["account_id"]) for _, given in cells]
        keys = account_keys(db.connection, ids)
        lines = account_lines(db, list({*keys.values()}), today=act.today, me=act.actor)
        stands = {one.account_key: one for one in lines}
        for (number, given), account_id in zip(cells, ids, strict=True):
            found = stands.get(keys.get(account_id, 0))
            if found is None:
                refuse((number, f"there is no account {account_id!r}"))
                continue
            now = sheet_cells(found, act.today, fields)
            texts = {name: cell_text(value) for name, value in now.items()}
            line = _Line(number, found.account_key, account_id, found.name, given, texts)
            if line.check and not line.wrote("account_id", account_id):
                refuse((number, f"the check is not of {account_id}: was a part of it sorted?"))
            else:
                yield line


def _edits(
    line: _Line, plan: SheetPlan, own: Mapping[str, CustomField], act: Act
) -> Iterator[CellEdit]:
    """The cells that a person edited and that can be edited here."""
    for heading in line.given:
        if heading not in line.now:
            continue
        edit = CellEdit(
            line.key, line.name, heading, line.now[heading], _meant(line, heading, own, act)
        )
        if edit.after == edit.before or line.wrote(heading, line.given[heading]):
            continue
        if heading not in SETTABLE and heading not in STEP_KEYS and heading not in own:
            if line.check:
                plan.refused.append((line.number, f"{heading} of {line.name} cannot be set"))
        elif line.check and not line.wrote(heading, edit.before):
            plan.conflicts.append(edit)
        else:
            yield edit


def _meant(line: _Line, heading: str, own: Mapping[str, CustomField], act: Act) -> str:
    """What a cell says as it would be kept, or as it stands where that cannot be read."""
    text, field = unguarded(line.given[heading]), own.get(heading)
    try:
        if heading == DUE or (field is not None and field.type == "date"):
            return read_date(one_day(text), act.today).isoformat() if text else ""
        return text if field is None else typed_value(field, text, act.today) or ""
    except UsageError:
        return text


def _plan_edits(
    db: Database,
    act: Act,
    edited: tuple[_Line, Sequence[CellEdit]],
    own: Mapping[str, CustomField],
    plan: SheetPlan,
) -> None:
    """The changes of one line; what a field does not take is refused."""
    line, edits = edited
    on = Act(line.key, act.actor, act.today)
    steps = {one.heading: one for one in edits if one.heading in STEP_KEYS}
    for edit in edits:
        if edit.heading in steps:
            continue
        try:
            if (field := own.get(edit.heading)) is not None:
                plan.changes += _own_changes(db, on, field, edit.after)
            else:
                plan.changes += field_changes(db, on, SETTABLE[edit.heading], edit.after)
            plan.edits.append(edit)
        except UsageError as problem:
            plan.refused.append((line.number, f"{line.name}: {problem}"))
    if steps:
        try:
            plan.changes += _step_changes(db, steps, on)
            plan.edits += steps.values()
        except UsageError as problem:
            plan.refused.append((line.number, f"{line.name}: {problem}"))


def _own_changes(db: Database, act: Act, field: CustomField, text: str) -> list[Change]:
    given = {field.field_id: typed_value(field, text, act.today)}
    return list(value_changes(db.connection, act.account_key, given, act.today.isoformat()))


def _step_changes(db: Database, steps: Mapping[str, CellEdit], act: Act) -> list[Change]:
    """The next step as a whole; an emptied text says that there is none."""
    (stands,) = read_next_steps(db, [act.account_key])
    given = {name: edit.after for name, edit in steps.items()}
    owner, due = given.get("next_step_owner"), given.get(DUE)
    step = make_step(
        text=given.get("next_step", stands.step.text) or None,
        owner=(stands.step.owner if owner is None else owner) or act.actor,
        due=stands.step.due if due is None else read_date(due, act.today) if due else None,
        today=act.today,
    )
    return list(next_step_changes([act.account_key], step, today=act.today))


def _plan_field(
    db: Database, act: Act, heading: str, lines: Sequence[_Line], plan: SheetPlan
) -> None:
    """A column that was added: a field of the type that all its values have."""
    label = " ".join(heading.split())
    texts = [unguarded(one.given[heading]) for one in lines]
    kind = fitting_type({plain_value(text)[0] for text in texts})
    field = CustomField(field_id_of(label), label, kind)
    plan.changes.append(Change("custom_field", field.field_id, new={"label": label, "type": kind}))
    for line, text in zip(lines, texts, strict=True):
        plan.edits.append(CellEdit(line.key, line.name, heading, "", text))
        plan.changes += _own_changes(db, Act(line.key, act.actor, act.today), field, text)
