"""The rules that a confirmed guess makes: which column becomes which field, as mappings say it."""

from collections.abc import Mapping
from typing import Any

from cs_workbench.core.records import KINDS
from cs_workbench.importers.guesses import OF_CONTRACT, Guess
from cs_workbench.importers.likely_columns import plain_words
from cs_workbench.importers.value_words import ONLY, PRIORITY
from cs_workbench.importers.values import is_number, plain_number
from cs_workbench.importers.word_tables import Words

Rules = dict[str, Any]  # by field a column's name, or what more there is to say

_OF_ACCOUNT = frozenset(field.name for field in KINDS["accounts"].fields)
_THOUSANDS = frozenset({"k", "keur", "kusd", "kgbp", "teur", "tsd", "thousand", "thousands"})
# Of a heading that says an account's id, not its name.
_ID_WORDS = frozenset(
    ("id", "key", "number", "no", "nr", "n", "code", "numéro", "número", "código", "debitor")
)
_ID_ENDS = ("nr", "nummer")
_ACCOUNT = frozenset({"account_ref", "account_name"})
# What tells one row from another, by kind, where there is no id.
_TELLING: Mapping[str, tuple[str, ...]] = {
    "subscriptions": ("account_ref", "account_name", "product"),
    "surveys": ("email", "account_ref", "account_name", "answered_at"),
    "touchpoints": (
        *("occurred_at", "time", "account_ref", "account_name", "email"),
        *("summary", "channel", "direction", "people", "author"),
    ),
    "promises": ("account_ref", "account_name", "made_on", "what"),
    "churn_events": ("account_ref", "account_name", "churned_on"),
}

_OF_TERM = ("start_date", "end_date", "renewal_date")


def kinds_of(found: Guess) -> list[str]:
    """What a row becomes.

    An account with the end of a contract is one too; a contract that names its customer makes
    an account of it where nobody else does.
    """
    if found.kind == "accounts" and found.has_contract:
        return ["accounts", "subscriptions"]
    if found.kind == "subscriptions" and _name_of(found):
        return ["accounts", "subscriptions"]
    return [found.kind]


def rules_of(found: Guess, kind: str) -> tuple[Rules, Rules]:
    """The rules of the fields, and what else tells the account."""
    if found.kind == "accounts":
        return _in_words(found, _of_list(found, kind)), {}
    if kind == "accounts":
        return {"account_id": _id_of(found) or _name_of(found), "name": _name_of(found)}, {}
    if found.kind == "usage":
        own = {name: one for name, one in found.columns.items() if name not in _ACCOUNT}
        return {**own, "account_id": _id_of(found) or _name_of(found)}, {}
    rules, names = _with_account(found)
    if kind in _MADE:
        rules |= _MADE[kind](found)
    rules.setdefault(KINDS[kind].key, _own_id(found))
    fields = {field.name for field in KINDS[kind].fields}
    meant = {name: rule for name, rule in rules.items() if name in fields and rule}
    return _in_words(found, meant), names


def _in_words(found: Guess, rules: Rules) -> Rules:
    """The rules with our words for those of columns that hold nothing else."""
    plain = [
        name for name in ONLY.get(found.kind, {}) if rules.get(name) == found.columns.get(name)
    ]
    return rules | {name: _word(found, name) for name in plain if name in rules}


def people_of(found: Guess) -> Rules | None:
    """Who took part or answered, of whom a contact may be known."""
    parts = [found.columns[name] for name in ("email", "people") if name in found.columns]
    if not parts or found.kind not in {"surveys", "touchpoints"}:
        return None
    return _joined(parts, ";")


def _of_list(found: Guess, kind: str) -> Rules:
    """Accounts, and the contracts that stand beside them."""
    key = found.columns.get("account_id") or found.columns["name"]
    told = {"account_id": {"column": key, "form": "salesforce_id"}}
    if kind == "accounts":
        own = {name: one for name, one in found.columns.items() if name in _OF_ACCOUNT}
        return own | told
    return _terms(found) | told | {"subscription_id": _with_source(found, [key])}


def _with_account(found: Guess) -> tuple[Rules, Rules]:
    """The account by its id where the heading says so, else by its name; by an address besides."""
    rules: Rules = {name: one for name, one in found.columns.items() if name not in _ACCOUNT}
    names: Rules = {}
    email = rules.get("email") if found.kind == "contacts" else rules.pop("email", None)
    if reference := _id_of(found):
        rules["account_id"] = {"column": reference, "form": "salesforce_id"}
    if name := _name_of(found) or reference:
        names["name"] = name
    if email is not None:
        names["domain"] = {"column": email, "form": "domain"}
    return rules, names


def _id_of(found: Guess) -> str | None:
    """The column of the account's id."""
    reference = found.columns.get("account_ref")
    has_name = "account_name" in found.columns
    return reference if reference and (has_name or _is_id(reference)) else None


def _name_of(found: Guess) -> str | None:
    """The column of the account's name."""
    reference = found.columns.get("account_ref")
    own = None if reference is None or _is_id(reference) else reference
    return found.columns.get("account_name", own)


def _is_id(heading: str) -> bool:
    words = plain_words(heading).split()
    return any(word in _ID_WORDS or word.endswith(_ID_ENDS) for word in words)


def _terms(found: Guess) -> Rules:
    """The contract of a row: what its amounts and dates mean."""
    rules: Rules = {name: one for name, one in found.columns.items() if name in OF_CONTRACT}
    monthly, renewal = rules.pop("mrr", None), rules.pop("renewal_date", None)
    amount = rules.get("arr", monthly)
    price = {"constant": ""} if amount is None else _scaled(amount, 1 if "arr" in rules else 12)
    rules["arr"] = price | {"unknown_if_empty": True}
    if "start_date" not in rules:
        end = renewal or rules.get("end_date")
        rules["start_date"] = {"column": end, "plus_months": -12, "has_begun": True}
    if "end_date" not in rules and renewal is not None:  # the first day of the next term
        rules["end_date"] = {"column": renewal, "plus_days": -1}
    return rules


def _scaled(heading: str, times: int = 1) -> Rules:
    """An amount so many times; below `ARR (k)` stand thousands."""
    if not _THOUSANDS.isdisjoint(plain_words(heading).split()):
        times *= 1_000
    return {"column": heading} | ({} if times == 1 else {"times": times})


def _amount(found: Guess) -> Rules:
    return {"amount": _scaled(found.columns["amount"])} if "amount" in found.columns else {}


def _person(found: Guess) -> Rules:
    columns = found.columns
    parts = [columns[name] for name in ("first_name", "last_name") if name in columns]
    rules: Rules = {"name": columns.get("name") or (_joined(parts) if parts else columns["email"])}
    if "contact_id" not in columns:
        names = [columns[name] for name in ("email", "name") if name in columns][:1]
        rules["contact_id"] = _with_source(found, names or parts)
    return rules


def _ticket(found: Guess) -> Rules:
    given = found.columns.get("priority")
    if given is None:
        return {"priority": {"constant": "normal"}}
    return {"priority": _in_our_words(given, PRIORITY, default="normal", other="normal")}


def _survey(found: Guess) -> Rules:
    return {"kind": _word(found, "survey")}


def _touchpoint(found: Guess) -> Rules:
    """A contact; all who took part stand beside the notes, as ours are no contacts."""
    columns = found.columns
    rules: Rules = {name: _word(found, name) for name in ("channel", "direction")}
    if "time" in columns:
        rules["occurred_at"] = _joined([columns["occurred_at"], columns["time"]])
    if "purpose" in columns:
        rules["kind"] = columns["purpose"]
    notes = [columns[name] for name in ("note", "people", "email") if name in columns]
    if "summary" not in columns and "note" in columns:
        rules["summary"] = {"column": columns["note"], "split": "\n"}
        if not any("\n" in text for text in found.texts(columns["note"])):
            notes.remove(columns["note"])
    return {**rules, "note": _joined(notes) if notes else None}


def _opportunity(found: Guess) -> Rules:
    rules = _amount(found)
    if probability := found.columns.get("probability"):
        texts = (one for one in found.texts(probability) if is_number(one, found.numbers))
        is_share = all(float(plain_number(text, found.numbers)) <= 1 for text in texts)
        if not is_share:
            rules["probability"] = {"column": probability, "times": 0.01}
    return rules


def _promise(found: Guess) -> Rules:
    return {"promised_by": _word(found, "promised_by")}


_MADE = {
    "subscriptions": _terms,
    "contacts": _person,
    "tickets": _ticket,
    "surveys": _survey,
    "touchpoints": _touchpoint,
    "invoices": _amount,
    "opportunities": _opportunity,
    "promises": _promise,
}


def _word(found: Guess, name: str) -> Rules:
    """A word of ours: by theirs in the field's column, or the same for all rows."""
    heading, always = found.columns.get(name), found.always.get(name)
    if heading is None:
        return {"constant": always}
    return _in_our_words(heading, ONLY[found.kind][name], **_OTHERWISE.get(name, {}))


_OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "channel": {"default": "call", "other": "other"},
    "role": {"other": ""},
    "lifecycle_stage": {"other": ""},
    "auto_renew": {"other": ""},
    "state": {"other": ""},
    "direction": {"default": "outbound"},
    "promised_by": {"default": "us"},
}


def _in_our_words(heading: str, words: Words, **more: str) -> Rules:
    values = {theirs: name for name, some in words.items() for theirs in some}
    return {"column": heading, "values": values, **more}


def _own_id(found: Guess) -> Rules:
    """What tells one row from another; of terms of one product, their begin too."""
    columns = found.columns
    parts = [columns[name] for name in _TELLING.get(found.kind, ()) if name in columns]
    if found.kind == "subscriptions" and found.repeats(parts):
        parts += [columns[name] for name in _OF_TERM if name in columns][:1]
    return _with_source(found, parts or [found.table.headings[0]])


def _with_source(found: Guess, columns: list[str]) -> Rules:
    """An id out of columns that are none by themselves."""
    return {**_joined(columns), "prefix": f"{found.table.own_name}:"}


def _joined(columns: list[str], between: str = " ") -> Rules:
    """What stands in one or more columns."""
    if len(columns) == 1:
        return {"column": columns[0]}
    return {"columns": columns, "join": between}
