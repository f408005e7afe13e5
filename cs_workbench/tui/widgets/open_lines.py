"""What is open on an account: next step, promises of both sides, contracts, and its people."""

from collections.abc import Iterable, Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import AccountPage, PageSignal, PageSubscription
from cs_workbench.core.dates import near_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, day_text, due_text, joined, safe
from cs_workbench.tui.widgets.account_plays import open_plays
from cs_workbench.tui.widgets.churn_lines import model_line
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.family_lines import family_lines
from cs_workbench.tui.widgets.lines import between, spread
from cs_workbench.tui.widgets.memory_lines import labelled, open_memory

LABEL: Final = 10
DOT: Final = joined((" · ", "dim"))


def open_lines(
    page: AccountPage,
    width: int,
    glyphs: Glyphs = UNICODE,
    *,
    people: bool = False,
    whole: bool = False,
) -> list[Content]:
    """Next step, promises of both sides, signals, contracts; people where they have no pane.

    Each signal takes one line, or with `whole` as many as it needs, with what would end it.
    """
    lines = [*_labelled("Next", _next(page, width - LABEL))]
    ours = [one for one in page.promises if one.by_us]
    theirs = [one for one in page.promises if not one.by_us]
    lines += _labelled("We owe", [_promise(one, page, width) for one in ours] or [_none()])
    lines += _labelled("They owe", [_promise(one, page, width) for one in theirs] or [_none()])
    lines += labelled([*open_memory(page, width)])
    lines += _labelled("Plays", open_plays(page))
    lines += _labelled("Signals", _signals(page, width - LABEL, whole=whole))
    lines += _labelled("Model", model_line(page))
    running = [one for one in page.subscriptions if one.in_force]
    contracts = [_contract(one, page, width) for one in running or page.subscriptions[:1]]
    lines += _labelled("Contract", contracts or [_none()])
    over = len(page.subscriptions) - len(contracts)
    if over:
        lines += _labelled("", [joined((f"{over} more, not in force", "dim"))])
    if page.rolled is not None:
        lines += family_lines(page.rolled, width, glyphs)
    if people:
        lines += _labelled("People", _people(page, width - LABEL, glyphs) or [_none()])
    return lines


def fitting_open_lines(
    page: AccountPage,
    size: tuple[int, int],
    glyphs: Glyphs = UNICODE,
    *,
    people: bool = False,
    since: bool = False,
) -> list[Content]:
    """`open_lines` with signals whole where the room (width, height) allows.

    With `since` what is new since the last contact stands below.
    """
    width, height = size
    last: list[Content] = []
    if since and page.spoke_on is not None:
        head = f"{glyphs.rule} {since_title(page)} ".ljust(width, glyphs.rule)
        last = [joined((head, "dim")), *since_lines(page, width)]
    lines = [*open_lines(page, width, glyphs, people=people, whole=True), *last]
    if len(lines) <= height:
        return lines
    return [*open_lines(page, width, glyphs, people=people), *last]


def people_lines(page: AccountPage, width: int, glyphs: Glyphs = UNICODE) -> list[Content]:
    """Everybody on the customer's side."""
    return _people(page, width, glyphs) or [joined(("no contacts known", "dim"))]


def since_lines(page: AccountPage, width: int) -> list[Content]:
    """What happened since the last two-way contact, and what to ask first, wrapped."""
    new = between((safe(fact) for fact in page.since), DOT) or joined(("nothing new", "dim"))
    ask = joined(("Ask first: ", "dim"), page.question) if page.question else NOTHING
    return [*new.wrap(max(1, width)), *(ask.wrap(max(1, width)) if ask else ())]


def since_title(page: AccountPage) -> str:
    """From when those lines count."""
    if page.spoke_on is None:
        return ""
    days = (page.today - page.spoke_on).days
    return f"Since you last spoke ({near_date(page.spoke_on, page.today)}, {days} d)"


def _labelled(label: str, lines: Iterable[Content]) -> Iterator[Content]:
    for number, line in enumerate(lines):
        yield joined(("".ljust(LABEL) if number else label.ljust(LABEL), "dim"), line)


def _none() -> Content:
    return joined(("none", "dim"))


def _next(page: AccountPage, width: int) -> list[Content]:
    line = page.line
    if line.next_step is None:
        said = line.next_step_said_on
        why = f"none, said on {near_date(said, page.today)}" if said else "none yet: n sets it"
        return [joined((why, "dim"))]
    when = due_text(line.next_step_due, page.today)
    told = between((safe(line.next_step), when, safe(line.next_step_owner)), DOT)
    return told.wrap(max(1, width))


def _promise(one: PagePromise, page: AccountPage, width: int) -> Content:
    room = width - LABEL
    if one.due_on is None:
        due = joined(("no date", "dim"))
    else:
        due = joined(("due ", "dim"), near_date(one.due_on, page.today))
    days = 0 if one.due_on is None else (page.today - one.due_on).days
    late = NOTHING
    if days > 0:
        late = joined((f"{days} d late", LATE_STYLE if one.by_us else "bold"))
    mark = joined(("! ", LATE_STYLE)) if days > 0 and one.by_us else safe("")
    right = joined("  ", due, fitted(late, 11, right=True))
    return spread(joined(mark, one.what), right, room)


def _signals(page: AccountPage, width: int, *, whole: bool) -> list[Content]:
    if not page.signals:
        return [_none()]
    lines: list[Content] = []
    for one in page.signals:
        lines += _whole_signal(one, page, width) if whole else [_signal(one, page, width)]
    return lines


def _signal(one: PageSignal, page: AccountPage, width: int) -> Content:
    since = joined("  ", (near_date(one.opened_on, page.today), "dim"))
    if not one.speaks(page.today):
        until = page.today if one.snoozed_until is None else one.snoozed_until
        return spread(
            joined((one.kind, "dim")),
            joined("  ", (f"silent until {near_date(until, page.today)}", "dim")),
            width,
        )
    mark = "+ " if one.is_opportunity else ""
    weight = (one.severity.ljust(7), "bold" if one.severity == "high" else "dim")
    return spread(joined(weight, mark, one.kind, (": ", "dim"), one.evidence), since, width)


def _whole_signal(one: PageSignal, page: AccountPage, width: int) -> list[Content]:
    head = joined(
        (one.kind, "bold"),
        (f" · {severity_text(one)} · since {near_date(one.opened_on, page.today)}", "dim"),
    )
    if not one.speaks(page.today):
        return [_signal(one, page, width)]
    ends = joined(("ends when ", "dim"), (one.resolves_when, "dim"))
    inner = max(1, width - 2)
    return [
        fitted(head, width),
        *(joined("  ", line) for line in safe(one.evidence).wrap(inner)),
        *(joined("  ", line) for line in ends.wrap(inner)),
    ]


def severity_text(one: PageSignal) -> str:
    """How much it weighs, for a person: `high risk`, `low opportunity`."""
    return f"{one.severity} {'opportunity' if one.is_opportunity else 'risk'}"


def _contract(one: PageSubscription, page: AccountPage, width: int) -> Content:
    held, today = one.contract, page.today
    name = one.name or held.subscription_id
    seats = "" if held.seats is None else f"{held.seats} seats"
    until = "open-ended" if held.end_date is None else f"to {day_text(held.end_date, today)}"
    if held.cancelled_on is not None:
        until = f"cancelled {near_date(held.cancelled_on, today)}"
    terms = f"{held.notice_days} d notice" if held.notice_days else ""
    return fitted(
        between(
            (safe(name), safe(seats), safe(one.price_told), safe(until), joined((terms, "dim"))),
            DOT,
        ),
        width - LABEL,
    )


def _people(page: AccountPage, width: int, glyphs: Glyphs) -> list[Content]:
    return [_person(one, page, width, glyphs) for one in page.contacts]


def _person(one: PageContact, page: AccountPage, width: int, glyphs: Glyphs) -> Content:
    if one.left_on is not None:
        last = joined((f"left {near_date(one.left_on, page.today)}", "dim"))
    elif one.last_on is None:
        last = joined(("not spoken with", "dim"))
    else:
        last = joined((f"{(page.today - one.last_on).days} d ago", ""))
    warned = joined(("opted out", "bold")) if one.opted_out else NOTHING
    facts = between(
        (
            joined((one.name, "dim" if one.left_on else "")),
            joined((one.role or glyphs.none, "dim")),
            safe(one.title),
            joined((f"by {one.preferred_channel}", "dim")) if one.preferred_channel else NOTHING,
            warned,
        ),
        DOT,
    )
    return spread(facts, joined("  ", last), width)
