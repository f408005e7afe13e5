"""A guess that a person confirmed, as a mapping file of its own beside the data."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cs_workbench.errors import ReadOnlyPlaceError
from cs_workbench.importers.detection import SAVED
from cs_workbench.importers.guessing import Guess, plain_words
from cs_workbench.importers.values import DAY_ORDERS
from cs_workbench.private_files import open_private

_CONTRACT = (
    *("product", "seats", "notice_days", "auto_renew", "currency"),
    *("arr", "mrr", "start_date", "end_date", "renewal_date"),
)
_PRIORITIES = (
    "{ low = 'low', minor = 'low', p4 = 'low', normal = 'normal', medium = 'normal', "
    "p3 = 'normal', high = 'high', major = 'high', p2 = 'high', urgent = 'urgent', "
    "critical = 'urgent', p1 = 'urgent' }"
)
# As the words of a date's heading say it.
PERIODS = {
    **dict.fromkeys(("week", "weeks", "kw", "woche", "semaine", "semana"), "week"),
    **dict.fromkeys(("month", "months", "monat", "mois", "mes"), "month"),
}
# A list beside a CRM or a billing system tells of the same contracts once more.
SECOND = ("fills_only = true", "own_columns = true")
BEGUN = "terms begin a year before they end, or as many years as it takes to have begun."
_ID_WORDS = ("id", "key", "number", "no", "nr")


def mapping_text(found: Guess) -> str:
    """The mapping as TOML, which `read_mapping` reads; a person may edit it."""
    lines = [
        "# Made by `csw import --interactive`; docs/importing.md says what can be changed here.",
        "",
        f"name = {_quoted(_source(found))}",
        f"timezone = {_quoted(found.timezone)}",
        f"numbers = {_quoted(found.numbers)}",
        f"date_formats = [{', '.join(map(_quoted, DAY_ORDERS.get(found.dates, ())))}]",
        "lenient = true",
        *(SECOND if {"accounts", "subscriptions"} & set(_kinds(found)) else ()),
        *([f"currency = {_quoted(found.currency)}"] if found.currency else []),
    ]
    for kind in _kinds(found):
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


def _kinds(found: Guess) -> list[str]:
    """Accounts with an amount and an end have a contract in the same row."""
    columns = found.columns
    has_contract = ("arr" in columns or "mrr" in columns) and (
        "end_date" in columns or "renewal_date" in columns
    )
    return (
        ["accounts", "subscriptions"] if found.kind == "accounts" and has_contract else [found.kind]
    )


def _file(found: Guess, kind: str) -> Iterator[str]:
    rules, names = _rules(found, kind)
    yield "[[files]]"
    yield f"kind = {_quoted(kind)}"
    yield f"headings = [{', '.join(map(_quoted, found.columns.values()))}]"
    if kind == "usage" and not {"metric", "value"} <= set(found.columns):
        yield "other_metrics = true"
        yield f"period = {_quoted(_period(found))}"
    if kind == "subscriptions" and found.kind == "accounts" and "start_date" not in found.columns:
        yield f"note = {_quoted(BEGUN)}"
    if kind == "subscriptions" and found.kind == "accounts":
        end = found.columns.get("renewal_date") or found.columns["end_date"]
        yield f'skip = {{ {_quoted(end)} = [""] }}'
    yield ""
    yield "[files.columns]"
    yield from (f"{name} = {rule}" for name, rule in rules.items())
    if names:
        yield ""
        yield "[files.account]"
        yield from (f"{name} = {rule}" for name, rule in names.items())


def _period(found: Guess) -> str:
    words = plain_words(found.columns["date"]).split()
    return next((PERIODS[word] for word in words if word in PERIODS), "day")


def _rules(found: Guess, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """The rules of the fields, and what else tells the account."""
    columns = {name: _quoted(heading) for name, heading in found.columns.items()}
    if kind == "accounts":
        own = {name: rule for name, rule in columns.items() if name not in _CONTRACT[:-5]}
        for name in ("mrr", "arr", "start_date", "end_date", "renewal_date"):
            own.pop(name, None)
        own["account_id"] = _account_id(found)
        return own, {}
    if found.kind == "accounts":
        contract = {name: rule for name, rule in columns.items() if name in _CONTRACT}
        key = found.columns.get("account_id") or found.columns["name"]
        contract |= {
            "account_id": _account_id(found),
            "subscription_id": _with_source(found, key),
        }
        return _terms(contract, columns), {}
    rules, names = _with_account(found, columns)
    if kind == "subscriptions":
        rules.setdefault("subscription_id", _with_source(found, _key_of(found)))
        rules = _terms(rules, columns)
    elif kind == "contacts":
        rules = _person(rules, found)
    elif kind == "tickets":
        given = columns.get("priority")
        rules["priority"] = (
            f"{{ column = {given}, values = {_PRIORITIES}, other = 'normal', default = 'normal' }}"
            if given
            else "{ constant = 'normal' }"
        )
    elif kind == "surveys":
        rules["kind"] = "{ constant = 'nps' }"
        rules.setdefault("response_id", _with_source(found, _key_of(found)))
    return rules, names


def _with_account(
    found: Guess, columns: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The account by its id where the heading says so, else by its name; by an address besides."""
    rules = dict(columns)
    names: dict[str, str] = {}
    reference, email = rules.pop("account_ref", None), rules.get("email")
    if found.kind == "usage":
        return {**rules, **({"account_id": reference} if reference else {})}, {}
    if found.kind != "contacts":
        rules.pop("email", None)
    if reference is not None:
        heading = found.columns["account_ref"].casefold()
        if any(word in heading.replace("_", " ").split() for word in _ID_WORDS):
            rules["account_id"] = f"{{ column = {reference}, form = 'salesforce_id' }}"
        names["name"] = reference
    if email is not None:
        names["domain"] = f"{{ column = {email}, form = 'domain' }}"
    return rules, names


def _account_id(found: Guess) -> str:
    key = found.columns.get("account_id") or found.columns["name"]
    return f"{{ column = {_quoted(key)}, form = 'salesforce_id' }}"


def _terms(rules: dict[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    """What the amounts and dates of a contract mean."""
    monthly = rules.pop("mrr", None)
    if "arr" not in rules and monthly is not None:
        rules["arr"] = f"{{ column = {monthly}, times = 12 }}"
    renewal = rules.pop("renewal_date", None)
    if "end_date" not in rules and renewal is not None:  # the first day of the next term
        rules["end_date"] = f"{{ column = {renewal}, plus_days = -1 }}"
    if "start_date" not in rules:
        end = columns.get("renewal_date") or columns.get("end_date")
        rules["start_date"] = f"{{ column = {end}, plus_months = -12, has_begun = true }}"
    return rules


def _person(rules: dict[str, str], found: Guess) -> dict[str, str]:
    parts = [found.columns[name] for name in ("first_name", "last_name") if name in found.columns]
    for name in ("first_name", "last_name"):
        rules.pop(name, None)
    if "name" not in rules:
        template = _quoted(" ".join(f"{{{part}}}" for part in parts))
        rules["name"] = f"{{ template = {template} }}" if parts else rules["email"]
    rules.setdefault("contact_id", _with_source(found, _key_of(found)))
    return rules


def _key_of(found: Guess) -> str:
    """The column that tells one row from another where there is no id."""
    for name in ("email", "name", "account_ref", "last_name"):
        if name in found.columns:
            return found.columns[name]
    return found.table.headings[0]


def _source(found: Guess) -> str:
    return found.table.path.stem


def _with_source(found: Guess, column: str) -> str:
    """An id out of a column that is none by itself."""
    return f"{{ column = {_quoted(column)}, prefix = {_quoted(f'{_source(found)}:')} }}"


def _quoted(text: str) -> str:
    """As a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(s if s.isprintable() else f"\\u{ord(s):04x}" for s in escaped)
    return f'"{plain}"'
