"""Finance's list: what each account pays at both ends of a period."""

from pathlib import Path

from cs_workbench.core.metrics.reconciling import FinanceRow
from cs_workbench.core.money import to_minor
from cs_workbench.core.records import Reject
from cs_workbench.errors import InputError
from cs_workbench.importers.tables import TableRows, inspect_table

COLUMNS = ("account_id", "opening", "closing")
MOST_TOLD = 5


def read_finance(path: Path, currency: str) -> list[FinanceRow]:
    """Read `account_id` with `opening`, `closing` or both, in major units of the currency.

    An empty amount is none. Thousands may be apart by commas, spaces or apostrophes.

    Raises:
        NotFoundError: there is no such file.
        InputError: a column is missing, an amount is none, or an account comes twice.
    """
    table = inspect_table(path)
    names = [heading.casefold().replace(" ", "_") for heading in table.headings]
    if "account_id" not in names or not {"opening", "closing"} & set(names):
        raise InputError(
            f"{path}: needs the column account_id, and opening, closing or both; it has "
            f"{', '.join(table.headings)}."
        )
    place = {name: names.index(name) for name in COLUMNS if name in names}
    found: dict[str, FinanceRow] = {}
    wrong: list[str] = []
    rejected: list[Reject] = []
    rows = TableRows(table, rejected.append)
    for row in rows:
        account_id = row[place["account_id"]].strip()
        amounts: dict[str, int | None] = {"opening": None, "closing": None}
        for name in amounts:
            if name in place:
                try:
                    amounts[name] = _amount(row[place[name]], currency)
                except ValueError as problem:
                    wrong.append(f"line {rows.line}: {name}: {problem}")
        if account_id in found:
            wrong.append(f"line {rows.line}: {account_id} comes a second time")
        found[account_id] = FinanceRow(account_id, amounts["opening"], amounts["closing"])
    wrong += [f"line {one.line}: {one.reason}" for one in rejected]
    if wrong:
        more = f" and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        raise InputError(f"{path}: " + "; ".join(wrong[:MOST_TOLD]) + more + ".")
    return list(found.values())


def _amount(text: str, currency: str) -> int | None:
    plain = text.strip()
    for apart in (",", " ", "'", "\u00a0", "\u202f"):
        plain = plain.replace(apart, "")
    return to_minor(plain, currency) if plain else None
