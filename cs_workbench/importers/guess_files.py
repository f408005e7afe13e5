"""A guess that a person confirmed, as a mapping file of its own beside the data."""

import re
from collections.abc import Iterator
from pathlib import Path

from cs_workbench.errors import ReadOnlyPlaceError
from cs_workbench.importers.day_orders import ORDERS
from cs_workbench.importers.detection import SAVED
from cs_workbench.importers.guess_rules import kinds_of, people_of, rules_of
from cs_workbench.importers.guessing import Guess
from cs_workbench.importers.likely_columns import plain_words
from cs_workbench.private_files import open_private

# As the words of a date's heading say it.
PERIOD_WORDS = {
    **dict.fromkeys(("week", "weeks", "kw", "woche", "semaine", "semana"), "week"),
    **dict.fromkeys(("month", "months", "monat", "mois", "mes"), "month"),
}
# A list beside a CRM or a billing system tells of the same contracts once more.
SECOND = ("fills_only = true", "own_columns = true")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
BEGUN = "terms begin a year before they end, or as many years as it takes to have begun."


def mapping_text(found: Guess) -> str:
    """The mapping as TOML, which `read_mapping` reads; a person may edit it."""
    kinds = kinds_of(found)
    lines = [
        "# Made by `csw import --interactive`; docs/importing.md says what can be changed here.",
        "",
        f"name = {_toml(found.table.path.stem)}",
        f"timezone = {_toml(found.timezone)}",
        f"numbers = {_toml(found.numbers)}",
        f"date_formats = {_toml([found.dates] if found.dates in ORDERS else [])}",
        "lenient = true",
        *(SECOND if {"accounts", "subscriptions"} & set(kinds) else ()),
        *([f"currency = {_toml(found.currency)}"] if found.currency else []),
    ]
    for kind in kinds:
        lines += ["", *_file(found, kind)]
    return "\n".join(lines) + "\n"


def save_mapping(found: Guess) -> Path:
    """Write the mapping beside the data, where later imports of the file find it.

    Raises:
        ReadOnlyPlaceError: it cannot be written there.
    """
    table = found.table
    name = f"{table.path.stem}-{table.part}" if table.part else table.path.stem
    path = table.path.with_name("".join(s if s not in "/\\:" else "_" for s in name) + SAVED)
    try:
        with open_private(path) as file:
            file.write(mapping_text(found))
    except OSError as problem:
        raise ReadOnlyPlaceError(
            f"{path}: the mapping cannot be written here ({problem.strerror}). Copy the data to a "
            "folder of yours."
        ) from None
    return path


def _file(found: Guess, kind: str) -> Iterator[str]:
    columns = found.read
    rules, names = rules_of(found, kind)
    yield "[[files]]"
    yield f"kind = {_toml(kind)}"
    yield f"headings = {_toml(list(columns.values()))}"
    if kind == "accounts" and found.kind == "subscriptions":
        yield "first_counts = true"
    if (people := people_of(found)) is not None:
        yield f"people = {_toml(people)}"
    if found.periods:
        yield 'period_columns = "*"'
    elif kind == "usage" and not {"metric", "value"} <= set(columns):
        yield "other_metrics = true"
        yield f"period = {_toml(_period(found))}"
    if kind == "subscriptions" and found.kind == "accounts":
        if "start_date" not in columns:
            yield f"note = {_toml(BEGUN)}"
        end = columns.get("renewal_date") or columns["end_date"]
        yield f"skip = {_toml({end: ['']})}"
    yield ""
    yield "[files.columns]"
    yield from (f"{name} = {_toml(rule)}" for name, rule in rules.items())
    if names:
        yield ""
        yield "[files.account]"
        yield from (f"{name} = {_toml(rule)}" for name, rule in names.items())


def _period(found: Guess) -> str:
    words = plain_words(found.columns["date"]).split()
    return next((PERIOD_WORDS[word] for word in words if word in PERIOD_WORDS), "day")


def _toml(value: object) -> str:
    """A text, a list, a table in one line, a number or a flag as TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        pairs = (f"{_key(name)} = {_toml(one)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if not isinstance(value, str):
        return str(value).lower()
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(s if s.isprintable() else f"\\u{ord(s):04x}" for s in escaped)
    return f'"{plain}"'


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml(name)
