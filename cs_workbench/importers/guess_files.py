"""A guess that a person confirmed, as a mapping file of its own beside the data."""

from collections.abc import Iterator

from cs_workbench.importers.day_orders import ORDERS
from cs_workbench.importers.guess_rules import kinds_of, people_of, rules_of
from cs_workbench.importers.guesses import Guess
from cs_workbench.importers.likely_columns import plain_words
from cs_workbench.importers.toml_texts import toml_text

# As the words of a date's heading say it.
PERIOD_WORDS = {
    **dict.fromkeys(("week", "weeks", "kw", "woche", "semaine", "semana"), "week"),
    **dict.fromkeys(("month", "months", "monat", "mois", "mes"), "month"),
}
SPREAD = "the sum of a {period} is spread over its days in equal parts."
BEGUN = "terms begin a year before they end, or as many years as it takes to have begun."


def mapping_text(found: Guess) -> str:
    """The mapping as TOML, which `read_mapping` reads; a person may edit it."""
    kinds = kinds_of(found)
    lines = [
        "# Made by `csw import --interactive`; docs/importing.md says what can be changed here.",
        "",
        f"name = {toml_text(found.table.own_name)}",
        f"timezone = {toml_text(found.timezone)}",
        f"numbers = {toml_text(found.numbers)}",
        f"date_formats = {toml_text([found.dates] if found.dates in ORDERS else [])}",
        "lenient = true",
        # A list beside a CRM or a billing system tells of the same contracts once more.
        *(["fills_only = true"] if {"accounts", "subscriptions"} & set(kinds) else []),
        *(["own_columns = true"] if found.kind == "accounts" else []),
        *([f"currency = {toml_text(found.currency)}"] if found.currency else []),
    ]
    for kind in kinds:
        lines += ["", *_file(found, kind)]
    return "\n".join(lines) + "\n"


def _file(found: Guess, kind: str) -> Iterator[str]:
    columns = found.read
    rules, names = rules_of(found, kind)
    yield "[[files]]"
    yield f"kind = {toml_text(kind)}"
    yield f"headings = {toml_text(list(columns.values()))}"
    if kind == "accounts" and found.kind == "subscriptions":
        yield "first_counts = true"
    if (people := people_of(found)) is not None:
        yield f"people = {toml_text(people)}"
    if found.periods:
        yield 'period_columns = "*"'
    elif found.has_other_metrics:
        period = _period(found)
        yield "other_metrics = true"
        yield f"period = {toml_text(period)}"
        if period != "day":
            yield f"note = {toml_text(SPREAD.format(period=period))}"
    if kind == "subscriptions" and "start_date" not in columns:
        yield f"note = {toml_text(BEGUN)}"
    if kind == "subscriptions" and found.kind == "accounts":
        end = columns.get("renewal_date") or columns["end_date"]
        yield f"skip = {toml_text({end: ['']})}"
    yield ""
    yield "[files.columns]"
    yield from (f"{name} = {toml_text(rule)}" for name, rule in rules.items())
    if names:
        yield ""
        yield "[files.account]"
        yield from (f"{name} = {toml_text(rule)}" for name, rule in names.items())


def _period(found: Guess) -> str:
    words = plain_words(found.columns["date"]).split()
    return next((PERIOD_WORDS[word] for word in words if word in PERIOD_WORDS), "day")
