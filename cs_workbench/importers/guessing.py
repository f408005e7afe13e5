"""What a file whose headings nobody knows may be: a guess by words and by what stands in it.

A guess is never taken for granted: a person sees it, with rows as they would be read, and corrects
it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cs_workbench.errors import UsageError
from cs_workbench.importers.answers import answer, meant_heading
from cs_workbench.importers.day_orders import ORDERS, orders_of
from cs_workbench.importers.guesses import PRICES, UNSURE, Guess
from cs_workbench.importers.heading_words import (
    AMOUNTS,
    CALLED,
    DATES,
    HINTS,
    MOMENTS,
    NUMBERS,
    TOLD_BY,
    WORDS,
)
from cs_workbench.importers.likely_columns import (
    DAYS_WRITTEN,
    ISO,
    WRITTEN,
    are_mostly,
    is_any_number,
    is_iso,
    likely_columns,
    plain_words,
)
from cs_workbench.importers.mapping import check_zone
from cs_workbench.importers.price_columns import price_column
from cs_workbench.importers.tables import TableFile, first_rows
from cs_workbench.importers.value_words import ONLY, USUAL, ours
from cs_workbench.importers.values import is_number

SAMPLED = 200  # rows
OF_WRITING = frozenset({"dates", "numbers"})  # which a person may say
SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}  # $ may be many
# Fields whose headings tell what all rows are: `Call date`, `CSAT score`.
TELLING = frozenset({"touchpoint_id", "occurred_at", "time", "response_id", "answered_at", "score"})
# Fields of a contact that a table of anything else hardly has.
OCCASION = frozenset({"touchpoint_id", "summary", "channel", "direction", "people"})
MANY_PERIODS = 4  # columns that count; a list of accounts may have some months besides
LOW_SCORE = 5  # where no answer is higher, a scale that ends there is as likely as one to 10


def guess(table: TableFile) -> Guess:
    """The likeliest kind and columns of a file, by its headings and first rows."""
    sample = tuple(map(tuple, first_rows(table, SAMPLED)))
    found = (_of_kind(Guess(table, kind, {}, sample=sample), kind) for kind in WORDS)
    return max(found, key=_fit)


def corrected(old: Guess, said: str) -> Guess:
    """The guess with what a person says: `arr=Yearly fee`, `arr=`, `kind=contacts`, `dates=dmy`.

    Raises:
        UsageError: it names no field, no heading, or no such way to write.
        InputError: it names no time zone.
    """
    name, value = answer(said)
    if "=" not in said:
        raise UsageError("Say FIELD=COLUMN, FIELD= for none, kind=…, dates=…, numbers=… or zone=….")
    if name == "kind":
        if value not in WORDS:
            raise UsageError(f"{value!r} is none of: {', '.join(WORDS)}.")
        return _of_kind(old, value)
    if name == "zone":
        return replace(old, timezone=check_zone(value, name).key)
    if name == "dates":
        return replace(old, dates=_one_of(name, value, DAYS_WRITTEN), said=old.said | {name})
    if name == "numbers":
        written = _one_of(name, value, WRITTEN)
        way = next(one for one in WRITTEN if one == written)
        return replace(old, numbers=way, said=old.said | {name})
    if name not in WORDS[old.kind]:
        raise UsageError(
            f"{old.kind} have no field {name!r}. Fields: {', '.join(WORDS[old.kind])}."
        )
    return _with_field(old, name, value)


def _with_field(old: Guess, name: str, value: str) -> Guess:
    """With the field from a column; from none; or with a word for all rows.

    A price that a person names goes before one that was guessed.
    """
    dropped = {name} | (PRICES - old.said if value and name in PRICES else set())
    columns = {one: heading for one, heading in old.columns.items() if one not in dropped}
    always = {one: word for one, word in old.always.items() if one != name}
    usual = USUAL.get(old.kind, {}).get(name)
    word = ours(ONLY[old.kind][name], value) if usual else None
    if word and value not in old.table.headings:
        always[name] = word
    elif value:
        columns[name] = meant_heading(old.table.headings, value)
    elif usual:
        always[name] = usual
    found = replace(old, columns=columns, always=always, said=old.said | {name})
    return _written_anew(found) if name in DATES | MOMENTS | NUMBERS else found


def _written_anew(old: Guess) -> Guess:
    """With how its columns are written, looked at again; but what a person said of it stays."""
    found = _with_writing(old)
    is_kept = "dates" in old.said or (found.dates == UNSURE and old.dates in ORDERS)
    dates = old.dates if is_kept else found.dates
    numbers = old.numbers if "numbers" in old.said else found.numbers
    return replace(found, dates=dates, numbers=numbers)


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise UsageError(f"{name} is one of: {', '.join(choices)}.")
    return value


def _of_kind(old: Guess, kind: str) -> Guess:
    """The same file taken for that kind."""
    columns = likely_columns(old.table.headings, kind, old.sample)
    said = old.said & OF_WRITING  # a field was one of the kind before
    found = replace(old, kind=kind, columns=columns, said=said)
    if not PRICES.isdisjoint(WORDS[kind]) and not found.has_amount:
        price = price_column(found.left_out, found.texts)
        found = replace(found, columns={**columns, price[0]: price[1]} if price else columns)
    return replace(_written_anew(found), always=_always(found))


def _fit(found: Guess) -> tuple[bool, int, bool, bool, int]:
    """What is needed counts most, then how many columns have a meaning; earlier kinds win ties.

    What the file is called goes before the order of kinds, and any other kind before contracts of
    unknown price.
    """
    count = len(found.columns) + min(len(found.periods), MANY_PERIODS)
    count += sum(_is_hint(found.kind, one) for one in found.left_out)
    is_called = _is_named(found.table.name, CALLED.get(found.kind, ()))
    is_sure = found.kind != "subscriptions" or found.has_amount
    at = list(WORDS).index(found.kind)
    return _may_be(found) and not found.missing, count, is_called, is_sure, -at


def _is_hint(kind: str, heading: str) -> bool:
    return not set(HINTS.get(kind, ())).isdisjoint(plain_words(heading).split())


def _may_be(found: Guess) -> bool:
    """Whether a table can be of its kind at all.

    Accounts that stand there more than once are no list of accounts; without a number there is no
    usage; and notes beside numbers are notes on usage, not contacts. Without a price it is the
    heading of their numbers that tells contracts, or the file's name.
    """
    if found.kind == "accounts":
        told = [found.columns[name] for name in ("account_id", "name") if name in found.columns]
        return not found.repeats(told[:1])
    if found.kind == "subscriptions" and not found.has_amount:
        said = f"{found.table.name} {found.columns.get('subscription_id', '')}"
        return _is_named(said, CALLED["subscriptions"])
    if found.kind == "usage":
        return "value" in found.columns or bool(found.periods) or _has_numbers(found)
    if found.kind == "touchpoints":
        return not OCCASION.isdisjoint(found.columns) or not _has_numbers(found)
    words = TOLD_BY.get(found.kind)
    return words is None or _is_named(" ".join((found.table.name, *found.table.headings)), words)


def _has_numbers(found: Guess) -> bool:
    """Whether there is a column of numbers of which nothing is known."""
    unknown = (one for one in found.left_out if not _is_hint(found.kind, one))
    return any(one and are_mostly(is_any_number, one) for one in map(found.texts, unknown))


def _is_named(text: str, words: tuple[str, ...]) -> bool:
    plain = plain_words(text)
    return any(word in plain for word in words)


def _always(found: Guess) -> dict[str, str]:
    """The words of fields without a column, as the file's name and the telling headings say."""
    headings = [heading for name, heading in found.columns.items() if name in TELLING]
    said = plain_words(" ".join((found.table.name, *headings))).split()
    always = {}
    for name, usual in USUAL.get(found.kind, {}).items():
        if name in found.columns:
            continue
        words = filter(None, (ours(ONLY[found.kind][name], word) for word in said))
        always[name] = next(words, UNSURE if name == "survey" and _is_low(found) else usual)
    return always


def _is_low(found: Guess) -> bool:
    """Whether the scores of a survey may be of a scale that ends at five."""
    scores = found.texts(found.columns["score"]) if "score" in found.columns else []
    return bool(scores) and all(is_number(s, "plain") and float(s) <= LOW_SCORE for s in scores)


def _with_writing(found: Guess) -> Guess:
    """With how dates and numbers are written in its columns."""
    order = _order(list(_dates(found)))
    if order is None and "time" in found.columns:  # the days have times of their own
        columns = {name: one for name, one in found.columns.items() if name != "time"}
        return _with_writing(replace(found, columns=columns))
    numbers = _texts(found, NUMBERS)
    written = [one for one in WRITTEN if all(is_number(text, one) for text in numbers)]
    way = written[0] if written else "plain"
    return replace(found, dates=order or ISO, numbers=way, currency=_currency(found))


def _order(dates: Sequence[str]) -> str | None:
    """The order that all dates have; `unsure` where it may be two, None where it is none."""
    if all(map(is_iso, dates)):
        return ISO
    orders = orders_of(dates)
    return UNSURE if {"dmy", "mdy"} <= set(orders) else next(iter(orders), None)


def _dates(found: Guess) -> Iterator[str]:
    """The texts of all days and times; of an occasion, the day with its time of day."""
    if "time" not in found.columns or "occurred_at" not in found.columns:
        yield from _texts(found, DATES | MOMENTS)
        return
    yield from _texts(found, (DATES | MOMENTS) - {"occurred_at"})
    day, time = (found.table.headings.index(found.columns[n]) for n in ("occurred_at", "time"))
    yield from (f"{row[day]} {row[time]}".strip() for row in found.sample if row[day].strip())


def _currency(found: Guess) -> str | None:
    """What the heading of an amount or a sign beside one says; None where nothing or two do."""
    amounts = [found.columns[name] for name in sorted(AMOUNTS) if name in found.columns]
    words = {word for heading in amounts for word in re.findall(r"\b[A-Z]{3}\b", heading)}
    signs = {sign for text in _texts(found, AMOUNTS) for sign in text if sign in SIGNS}
    signs |= {sign for heading in amounts for sign in heading if sign in SIGNS}
    said = (words & set(SIGNS.values())) | {SIGNS[sign] for sign in signs}
    return said.pop() if len(said) == 1 else None


def _texts(found: Guess, names: frozenset[str]) -> list[str]:
    headings = [heading for name, heading in found.columns.items() if name in names]
    return [text for heading in headings for text in found.texts(heading)]
