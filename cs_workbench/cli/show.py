"""`csw show ACCOUNT`: one account, for reading or as JSON."""

from collections.abc import Iterator
from dataclasses import replace

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import Column, print_json, print_table, say, signs_shown
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.account_documents import account_document
from cs_workbench.core.account_page import AccountPage, customer_for
from cs_workbench.core.charts import about
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.health import Contribution
from cs_workbench.core.judgements import counts_on, rating_text, tell_override
from cs_workbench.core.money import written
from cs_workbench.core.points import tenths_of
from cs_workbench.core.rollup import FamilyHealth, Member, Rollup
from cs_workbench.core.usage_findings import signed
from cs_workbench.store.account_names import find_account
from cs_workbench.store.account_page import load_account_page
from cs_workbench.workflows.families import family_of

ENTRIES = 20


@click.command()
@click.argument("account", shell_complete=complete_account)
@click.option(
    "--entries",
    type=click.IntRange(min=0),
    default=ENTRIES,
    show_default=True,
    help="So many of the timeline, newest first.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def command(session: Session, /, account: str, entries: int, **flags: bool) -> None:
    """Show everything about ACCOUNT: its id, or a name or part of one that no other account has."""
    with session.open() as db:
        today = session.reading_day(db)
        key = find_account(db, account)
        page = load_account_page(db, key, today=today, me=session.config.me)
        if page.family.words:
            page = replace(page, rolled=family_of(db, key, session.config.scorecard))
    if flags["as_json"]:
        print_json(account_document(page, entries=entries))
        return
    signs = signs_shown()
    for line in (*_header(page, signs), *_family(page.rolled, signs)):
        say(line)
    _health(page)
    for line in (*_usage(page), *_open(page)):
        say(line)
    _timeline(page, entries)


def _header(page: AccountPage, signs: Glyphs) -> Iterator[str]:
    line = page.line
    score = "no longer a customer"
    if not line.is_former:
        points = "--" if line.points_e4 is None else str(line.points_e4 // 10_000)
        span = f", {line.low_e4 // 10_000} to {line.high_e4 // 10_000} possible"
        span = span if line.low_e4 < line.high_e4 else ""
        trend = f", {signs.trend(line.trend_e4)} in 28 d" if line.trend_e4 is not None else ""
        score = f"{signs.bands[line.band]} {points} {line.band}{trend}{span}"
        score += f", coverage {line.coverage_e4 // 100} %"
    yield f"{line.name} ({line.account_id})   {score}"
    yield from _judged(page)
    if page.memory.profile.custom:
        told = (f"{label} {value}" for label, value in page.memory.profile.custom)
        yield f"Fields     {', '.join(told)}"
    begun = None if line.is_former else page.started_on
    since = customer_for(begun, page.today) if begun else None
    price = f"{written(line.arr_minor, line.currency)}{page.beside_arr}" if line.as_of else ""
    arr = price if page.subscriptions else "no subscription"
    facts = (line.segment, line.region, line.industry, since, line.lifecycle_stage, arr)
    yield ", ".join(fact for fact in facts if fact) + (f", CSM {line.csm}" if line.csm else "")
    if line.deadline is not None:
        days = (line.deadline - page.today).days
        left = f"in {days} d" if days >= 0 else f"{-days} d ago"
        yield f"Deadline   {with_weekday(line.deadline)} ({line.deadline_by}), {left}"
    if line.end_date is not None:
        renews = page.renewal is not None and page.renewal.auto_renew
        yield f"Ends       {with_weekday(line.end_date)}{', renews by itself' if renews else ''}"


def _family(family: FamilyHealth | None, signs: Glyphs) -> Iterator[str]:
    if family is None:
        return
    if family.parent is not None:
        yield f"Parent     {_member(family.parent, signs)}{_together(family.parent_rollup, signs)}"
    if family.rollup is not None:
        yield f"Family    {_together(family.rollup, signs)}"
    for depth, one in family.below:
        yield f"{' ' * (9 + 2 * depth)}{_member(one, signs)}"


def _member(one: Member, signs: Glyphs) -> str:
    if one.is_former:
        return f"{one.name} ({one.account_id}), former"
    points = "--" if not one.is_known else str((one.points_e4 or 0) // 10_000)
    return f"{signs.bands[one.band]} {points} {one.name} ({one.account_id})"


def _together(rolled: Rollup | None, signs: Glyphs) -> str:
    if rolled is None:
        return ""
    is_known = rolled.points_e4 is not None and rolled.band != "unknown"
    points = str((rolled.points_e4 or 0) // 10_000) if is_known else "--"
    how = "by ARR" if rolled.method == "arr" else "the worst"
    why = f" ({rolled.reason})" if rolled.reason else ""
    share = f"{rolled.coverage_e4 // 100} % of {rolled.covers.replace('arr', 'ARR')} known"
    return f" together {signs.bands[rolled.band]} {points} {how}{why}, {share}"


def _judged(page: AccountPage) -> Iterator[str]:
    """What people say beside the score."""
    if page.line.override is not None:
        yield tell_override(page.line.override)
    for rating in page.ratings:
        if counts_on(rating, page.today):
            day = rating.rated_on.isoformat()
            said = f"{rating.rated} {rating_text(rating.value)}, {rating.author}, {day}"
            yield f"Rated      {said}: {rating.reason}"


def _health(page: AccountPage) -> None:
    if page.health is None:
        if not page.line.is_former:
            say("\nNot scored yet: run `csw refresh`.")
        return
    parts = page.health.contributions
    earned = tenths_of([one.points_e4 for one in parts])
    possible = tenths_of([one.possible_e4 or None for one in parts])
    rows: list[tuple[object, ...]] = [
        (
            page.health.dimensions.get(one.dimension, one.dimension),
            one.label,
            one.value_text,
            one.target_text,
            _absence(one) if points is None else f"{points / 10:.1f}",
            None if most is None else f"{most / 10:.1f}",
            None if one.age_days is None else f"{one.age_days} d",
        )
        for one, points, most in zip(parts, earned, possible, strict=True)
    ]
    if page.health.points_e4 is not None:
        total = f"{page.health.points_e4 // 1_000 / 10:.1f}"
        known = "sum of what is known" if page.line.points_e4 is None else "sum"
        rows.append(("", known, "", "", total, "100.0", ""))
    say("")
    columns = [Column(""), Column("Measure")]
    columns += [Column(name, "right") for name in ("Now", "Target", "Points", "of", "Age")]
    print_table(columns, rows)


def _absence(one: Contribution) -> str:
    return "too old" if one.is_stale else "unknown" if one.applies else "not asked"


def _usage(page: AccountPage) -> Iterator[str]:
    for place, one in enumerate(page.usage):
        if one.recent is None:
            text = f"no data since {one.newest.isoformat()}"
        else:
            base = "" if one.base is None else f", 12 weeks before {about(one.base)}"
            change = "" if one.change is None else f" ({signed(one.change)})"
            text = f"{about(one.recent)} a day in the last 4 weeks{base}{change}"
        if not place:
            yield ""
        yield f"{one.label}: {text}"


def _open(page: AccountPage) -> Iterator[str]:
    line = page.line
    yield ""
    if line.next_step is None:
        said = f", said on {line.next_step_said_on}" if line.next_step_said_on else ""
        yield f"Next       none{said}"
    else:
        due = with_weekday(line.next_step_due) if line.next_step_due else None
        yield "Next       " + ", ".join(x for x in (line.next_step, line.next_step_owner, due) if x)
    for promise in page.promises:
        due = f", due {promise.due_on.isoformat()}" if promise.due_on else ""
        late = promise.due_on is not None and promise.due_on < page.today
        who = "We owe " if promise.by_us else "They owe"
        yield f"{who:<10} {promise.what}{due}{' (late)' if late else ''}"
    for contact in page.contacts:
        last = f", spoke {contact.last_on.isoformat()}" if contact.last_on else ""
        left = f", left {contact.left_on.isoformat()}" if contact.left_on else ""
        role = f", {contact.role}" if contact.role else ""
        yield f"Contact    {contact.name}{role}{last}{left}"
    if page.since and page.spoke_on is not None:
        yield f"Since {page.spoke_on.isoformat()}, when you last spoke: {', '.join(page.since)}"


def _timeline(page: AccountPage, entries: int) -> None:
    if not page.timeline or not entries:
        return
    say("")
    rows = [(one.on.isoformat(), one.text, one.who) for one in page.timeline[:entries]]
    print_table([Column("Timeline"), Column(""), Column("")], rows)
    left = len(page.timeline) - len(rows)
    if left > 0:
        say(f"and {left:,} earlier")
