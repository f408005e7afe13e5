"""The minutes of a review as Markdown, made of its snapshot alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from cs_workbench.core.plurals import counted
from cs_workbench.core.projections import without
from cs_workbench.core.review_agenda import section_title
from cs_workbench.exporters.markdown import literal, table


def minutes(snapshot: Mapping[str, Any]) -> str:
    """The whole text; the same snapshot gives the same bytes."""
    return "\n".join(_lines(snapshot)) + "\n"


def amount(value: object, currency: str) -> str:
    """An amount as people read it: `1,250,000 USD`."""
    return "unknown" if value is None else f"{value:,.0f} {currency}"


def ends_words(one: Mapping[str, Any]) -> str:
    """What of one renewal ends, and of how many of its contracts it is not known."""
    unpriced = one.get("unpriced", 0) if one["arr_due"] is not None else 0
    beside = f" and {counted(unpriced, 'contract')} of unknown price" if unpriced else ""
    return f"{amount(one['arr_due'], one['currency'])}{beside} due"


def due_words(totals: Mapping[str, Any], currency: str) -> str:
    """What is due, and of how many renewals it is not known."""
    unpriced = totals.get("without_price")
    return (
        f"{amount(totals['due'], currency)}{f', {unpriced} not fully priced' if unpriced else ''}"
    )


def weighted_words(totals: Mapping[str, Any], currency: str) -> str:
    """The weighted sum, how far it may be off, and how many renewals it leaves out."""
    if totals["weighted"] is None:
        return "unknown"
    beside = without(totals.get("without_amount", 0))
    return f"{amount(totals['weighted'], currency)} ± {amount(totals['sd'], currency)}{beside}"


def rates_words(snapshot: Mapping[str, Any]) -> str:
    """The rates of what is due and of the year, and how many each leaves out."""
    totals = snapshot["totals"]
    return (
        f"{spread(totals['renewal_rate_of_due'])}{without(totals.get('without_rate', 0))}; "
        f"GRR {spread(snapshot['grr'])}, NRR {spread(snapshot['nrr'])}"
        f"{without(snapshot.get('accounts_left_out', 0))}"
    )


def percent(value: object) -> str:
    """A rate from 0 to 1 in percent."""
    return "unknown" if not isinstance(value, int | float) else f"{100 * value:.0f} %"


def spread(value: Mapping[str, Any] | None) -> str:
    """Mid, and low to high."""
    if value is None:
        return "unknown"
    return f"{percent(value['mid'])} ({percent(value['low'])} to {percent(value['high'])})"


def decided(made: Mapping[str, Any]) -> str:
    """What was decided, beside its kind: nothing where the kind says it all."""
    return "" if made["told"] == made["kind"] else str(made["told"])


def forecast_said(one: Mapping[str, Any]) -> str:
    """Who forecast a renewal when, and why: the risk, the narrative, the missing fact."""
    if one["author"] is None:
        return ""
    fact = one["missing_fact"]
    missing = f"missing: {fact}, known by {one['missing_on'] or 'no day'}" if fact else None
    why = " · ".join(part for part in (one["risk"], one["narrative"], missing) if part)
    return f"{one['author']}, {one['forecast_on']}: {why or 'no reason given'}"


def score_moved(facts: Mapping[str, Any]) -> str:
    """What moved the score since the last meeting; in snapshots of old over 28 days."""
    if not facts.get("causes"):
        return ""
    since = facts.get("causes_since")
    return f"{f'since {since}' if since else 'over 28 days'}: {' · '.join(facts['causes'])}"


def parking_lot(snapshot: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was parked: account and text."""
    return [
        ((item["renewal"] or {}).get("name", ""), made["told"])
        for item in snapshot["items"]
        for made in item["decisions"]
        if made["kind"] == "parked"
    ]


def _lines(snapshot: Mapping[str, Any]) -> Iterator[str]:
    review, totals, money = snapshot["review"], snapshot["totals"], snapshot["currency"]
    yield f"# {literal(review['name'])}"
    yield ""
    yield (
        f"{review['day']} · chair {literal(review['chair'])} · deadlines within "
        f"{review['window_days']} days · {review['seconds'] // 60} min · snapshot "
        f"{snapshot['snapshot_id']}"
    )
    yield f"Data of {snapshot['data']['refreshed_as_of'] or 'no refresh'}."
    yield ""
    yield "## Forecast"
    yield ""
    rows = [
        (name, one["renewals"], amount(one["due"], money), amount(one["amount"], money))
        for name, one in totals["buckets"].items()
    ]
    rows.append(("due", totals["renewals"], due_words(totals, money), ""))
    yield table(("category", "renewals", "due", "amount"), rows)
    yield ""
    yield (
        f"Weighted {weighted_words(totals, money)}; renewal rate of due {rates_words(snapshot)}."
    )
    yield ""
    yield from _moves(snapshot)
    section = ""
    for item in snapshot["items"]:
        if item["section"] != section:
            section = item["section"]
            yield f"## {literal(section_title(section).capitalize())}"
            yield ""
        yield from _item(item)
    if parked := parking_lot(snapshot):
        yield from ("## Parked", "", table(("account", "what"), parked), "")
    yield from _tasks(snapshot)


def _tasks(snapshot: Mapping[str, Any]) -> Iterator[str]:
    yield "## Tasks"
    yield ""
    tasks = [
        (one["what"], one["account"] or "", one["owner"], one["due_on"] or "no day")
        for one in snapshot["tasks"]
    ]
    yield table(("what", "account", "owner", "due"), tasks) if tasks else "None."


def _moves(snapshot: Mapping[str, Any]) -> Iterator[str]:
    moved, money = snapshot["moved"], snapshot["currency"]
    yield f"## Since {moved['since']}"
    yield ""
    rows = [(one["name"], f"{one['change']:+,.2f}") for one in moved["accounts"]]
    rows.append(("in all", f"{moved['change']:+,.2f}"))
    yield table(("account", f"weighted, {money}"), rows)
    yield ""


def _item(item: Mapping[str, Any]) -> Iterator[str]:
    one = item["renewal"]
    name = "a renewal that is gone" if one is None else one["name"]
    yield f"### {item['number']} {literal(name)}"
    yield ""
    if one is not None:
        money = one["currency"]
        category = one["category"] or "no forecast"
        yield (
            f"{ends_words(one)}, deadline {one['deadline']} by "
            f"{one['deadline_by']} ({one['days']} d), commit by {one['commit_by']}, ends "
            f"{one['end_date']}. Now {category}, {amount(one['forecast_amount'], money)} at "
            f"{percent(one['probability'])}. Health {one['band']}. Commitment "
            f"{one['commitment_level'] or 'none'}."
        )
        yield ""
        if said := forecast_said(one):
            yield f"Forecast by {literal(said)}"
            yield ""
    yield f"On the agenda: {literal(item['why'])}."
    yield ""
    if moved := score_moved(item["facts"]):
        yield f"Score {literal(moved)}."
        yield ""
    for made in item["decisions"]:
        told = f": {literal(decided(made))}" if decided(made) else ""
        yield f"- **{made['kind']}**{told} ({literal(made['author'])})"
    if not item["decisions"]:
        yield "- not decided"
    yield ""
