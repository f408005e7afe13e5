"""The first lines of an account's page: how well, until when, who, what went wrong, our part."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from textual import events
from textual.content import Content
from textual.widget import Widget

from cs_workbench.core.account_page import AccountPage, Problem, customer_for
from cs_workbench.core.dates import near_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.money import short_told, written
from cs_workbench.core.page_people import PageContact
from cs_workbench.tui.formats import (
    BAND_STYLES,
    LATE_STYLE,
    NOTHING,
    band_text,
    joined,
    points,
    safe,
    trend_text,
)
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.judged_lines import override_head
from cs_workbench.tui.widgets.lines import between, fitting, spread
from cs_workbench.tui.widgets.memory_lines import from_us

LINES: Final = 5
WIDE: Final = 100
SOON: Final = 7  # days
LEAST_PRODUCTS: Final = 8
LABEL: Final = 10
OURS: Final = "from us "
SUBJECT_WIDE, SUBJECT, LEAST_SUBJECT = 28, 12, 4  # cells of a ticket's subject
DOT: Final = joined((" · ", "dim"))
NO_SUBSCRIPTION: Final = joined(("no subscription", "dim"))
_BY: Final = {"notice": "last day for notice", "procurement": "procurement begins", "end": "end"}


class AccountHeader(Widget):
    """Five lines that stay whatever is shown below, and a sixth where we did something to them."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "AccountHeader { height: 5; padding: 0 1; text-wrap: nowrap; }"

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        """Show nothing yet."""
        super().__init__()
        self._glyphs = glyphs
        self._page: AccountPage | None = None

    def show(self, page: AccountPage) -> None:
        """Show this account."""
        self._page = page
        self._fit()
        self.refresh()

    def on_resize(self, _: events.Resize) -> None:
        """Take a line more or less."""
        self._fit()

    def _fit(self) -> None:
        if self._page is not None:
            width = self.size.width or self.app.size.width
            self.styles.height = len(header_lines(self._page, width, self._glyphs))

    def render(self) -> Content:
        """Draw."""
        if self._page is None:
            return NOTHING
        width = self.size.width
        lines = header_lines(self._page, width, self._glyphs)
        return Content("\n").join(fitted(line, width) for line in lines)


def header_lines(page: AccountPage, width: int, glyphs: Glyphs = UNICODE) -> tuple[Content, ...]:
    """The lines for a width: five, and a sixth where we did something to them."""
    wide = width >= WIDE - 2
    room = width - LABEL if wide else width
    problems = _fitting_problems(page, room, glyphs, wide=wide)
    ours = list(from_us(page, wide=wide))
    return (
        _health(page, width, glyphs, wide=wide),
        _what(page, width, wide=wide),
        _labelled("Deadline", _fitted(_deadline(page, wide=wide), room), wide=wide),
        _labelled("People", _fitted(_people(page, wide=wide), room), wide=wide),
        _labelled("Problems", problems, wide=wide),
        *([_from_us(ours, room, wide=wide)] if ours else []),
    )


def _fitted(parts: Iterable[Content], room: int) -> Content:
    """As many whole parts as there is room for, and the first one in any case."""
    given = list(parts)
    return between(fitting(given, room, gap=DOT) or given[:1], DOT)


def _labelled(label: str, text: Content, *, wide: bool) -> Content:
    return joined((label.ljust(LABEL), "dim"), text) if wide else text


def _from_us(ours: Sequence[Content], room: int, *, wide: bool) -> Content:
    """What stands alone in a narrow header says whose doing it is."""
    if wide:
        return _labelled("From us", _fitted(ours, room), wide=wide)
    return joined((OURS, "dim"), _fitted(ours, room - len(OURS)))


def _health(page: AccountPage, width: int, glyphs: Glyphs, *, wide: bool) -> Content:
    line = page.line
    name = joined((line.name, "bold"))
    if line.is_former:
        former = joined(("no longer a customer", "bold"))
        return spread(_with_family(name, page, width - former.cell_length - 1), former, width)
    score = band_text(line.band, line.points_e4, glyphs)
    band = joined(score, (f" {line.band}", BAND_STYLES[line.band]))
    trend = span = NOTHING
    if line.trend_e4 is not None:
        trend = trend_text(line.trend_e4, glyphs)
        trend = joined(trend, (" in 28 d", "dim")) if wide else trend
    if line.low_e4 < line.high_e4:
        shown = f"{points(line.low_e4)}–{points(line.high_e4)}"
        span = joined(shown, (" possible", "dim")) if wide else joined((shown, "dim"))
    coverage = f"{line.coverage_e4 // 100} %"
    known = joined((f"{'coverage' if wide else 'cov'} ", "dim"), coverage)
    ours = NOTHING
    if line.loyalty_e4 is not None:
        ours = joined(("our loyalty ", "dim"), points(line.loyalty_e4)) if wide else NOTHING
    gap = safe("   " if wide else "  ")
    pictures = [
        joined("  ", between((joined(band, said), trend, *rest), gap))
        for rest in ((span, known, ours), (known, ours))
        for said in _said(page, glyphs, wide=wide)
    ]
    told = pictures[0]
    if line.override is not None:
        room = width - name.cell_length
        told = next((one for one in pictures if one.cell_length <= room), pictures[-1])
    return spread(_with_family(name, page, width - told.cell_length), told, width)


def _with_family(name: Content, page: AccountPage, room: int) -> Content:
    """The name and, as far as there is room, what it is part of and what is part of it."""
    family = [joined((words, "dim")) for words in page.family.words]
    gap = safe("  ")
    fits = fitting(family, room - name.cell_length - gap.cell_length, gap=DOT)
    return between([name, between(fits, DOT)], gap)


def _said(page: AccountPage, glyphs: Glyphs, *, wide: bool) -> tuple[Content, ...]:
    """The override beside the score, from the most that can be said of it to the least."""
    override = page.line.override
    if override is None:
        return (NOTHING,)
    who = override.author if wide else override.author.split(" ")[0]
    head = override_head(override, glyphs, who=who)
    until = joined(head, (f" until {near_date(override.expires_on, page.today)}", "dim"))
    reason = joined(until, (": ", "dim"), override.reason)
    return tuple(joined(DOT, one) for one in (reason, until, head))


def _what(page: AccountPage, width: int, *, wide: bool) -> Content:
    """Who they are and what they have; where room is short, the products give way."""
    line = page.line
    before = [safe(line.segment), safe(line.region) if wide else NOTHING]
    if page.started_on is not None and not line.is_former:
        told = customer_for(page.started_on, page.today)
        lead = next(one for one in ("customer for ", "customer ") if told.startswith(one))
        before.append(joined((lead if wide else "", "dim"), told.removeprefix(lead)))
    before.append(safe(line.lifecycle_stage))
    if wide:
        csm = joined(("CSM ", "dim"), line.csm) if line.csm else joined(("no CSM", "dim"))
        after = [_price(page, wide=wide), csm]
    else:
        before.append(NOTHING if line.seats is None else safe(f"{line.seats} seats"))
        after = [_price(page, wide=wide)]
        if line.loyalty_e4 is not None:
            after.append(joined(("loyalty ", "dim"), points(line.loyalty_e4)))
    room = width - between([*before, *after], DOT).cell_length - DOT.cell_length
    products = safe(_products(page, seats=wide))
    if products.cell_length > room:
        products = fitted(products, room) if room >= LEAST_PRODUCTS else NOTHING
    return between([*before, products, *after], DOT)


def _price(page: AccountPage, *, wide: bool) -> Content:
    """What they pay; nothing before the first refresh has added it up."""
    line = page.line
    if not page.subscriptions:
        return NO_SUBSCRIPTION
    if line.as_of is None:
        return NOTHING
    if not wide:
        return safe(short_told(line.arr_minor, line.currency))
    amount = written(line.arr_minor, line.currency, digits=0)
    return joined(amount, (page.beside_arr, "dim"))


def _products(page: AccountPage, *, seats: bool) -> str:
    """What is in force: `Platform Enterprise, 50 seats + API`, or without the seats."""
    held: dict[str, int | None] = {}
    for one in page.subscriptions:
        if not one.in_force:
            continue
        name = one.name or "subscription"
        if one.contract.is_trial:
            name += " (trial)"
        count = one.contract.seats if seats else None
        before = held.get(name)
        held[name] = before if count is None else (before or 0) + count
    shown = [name if count is None else f"{name}, {count} seats" for name, count in held.items()]
    more = f" + {len(shown) - 2} more" if len(shown) > 2 else ""
    return " + ".join(shown[:2]) + more


def _deadline(page: AccountPage, *, wide: bool) -> Iterator[Content]:
    line, today = page.line, page.today
    if line.deadline is None:
        yield joined(("no deadline", "dim"))
    else:
        days = (line.deadline - today).days
        left = joined(f" in {days} d") if days >= 0 else joined((f" {-days} d ago", LATE_STYLE))
        by = _BY[line.deadline_by or "end"] if wide else line.deadline_by or "end"
        yield joined((near_date(line.deadline, today), "bold"), left, (f", {by}", "dim"))
    if page.renewal is not None:
        yield safe("auto-renew" if page.renewal.auto_renew else "no auto-renew")
    if line.end_date is not None:
        verb = "ended" if line.end_date < today else "ends"
        yield joined((f"{verb} ", "dim"), near_date(line.end_date, today))
    if page.renewal is not None and page.renewal.deadline == line.deadline:
        yield _commit_by(page.renewal.commit_by, today)


def _commit_by(day: dt.date, today: dt.date) -> Content:
    near = "bold" if (day - today).days <= SOON else ""
    late = " (passed)" if day < today else ""
    return joined(("commit by ", "dim"), (near_date(day, today) + late, near))


def _people(page: AccountPage, *, wide: bool) -> Iterator[Content]:
    if not page.contacts:
        yield joined(("no contacts known", "dim"))
        yield _spoke(page)
        return
    champion = _first(page.present, "champion")
    decider = _first(page.present, "decision maker") or _first(page.present, "sponsor")
    yield _no_champion(page, wide=wide) if champion is None else _person("champion", champion, page)
    if decider is not None:
        verb = "decides" if decider.role == "decision maker" else "sponsor"
        yield _person(verb, decider, page)
    yield safe("1 thread" if page.threads == 1 else f"{page.threads} threads")
    spoke, channel = _spoke(page), _channel(page, champion or decider, wide=wide)
    yield from (spoke, channel) if wide else (channel, spoke)  # the last one goes first


def _channel(page: AccountPage, first: PageContact | None, *, wide: bool) -> Content:
    """How they want to be spoken with: the person who counts most, else the account."""
    own = first.preferred_channel if first is not None else None
    channel = own or page.memory.profile.preferred_channel
    return joined(("prefers " if wide else "", "dim"), channel) if channel else NOTHING


def _no_champion(page: AccountPage, *, wide: bool) -> Content:
    left = next((one for one in page.contacts if one.role == "champion"), None)
    if left is None or left.left_on is None:
        return joined(("no champion", "bold"))
    name = f"{left.name} " if wide else ""
    return joined(("no champion", "bold"), f" ({name}left {near_date(left.left_on, page.today)})")


def _spoke(page: AccountPage) -> Content:
    if page.spoke_on is None:
        return joined(("never spoken", "dim"))
    return joined(("spoke ", "dim"), f"{(page.today - page.spoke_on).days} d ago")


def _first(contacts: tuple[PageContact, ...], role: str) -> PageContact | None:
    return next((one for one in contacts if one.role == role), None)


def _person(verb: str, contact: PageContact, page: AccountPage) -> Content:
    days = "" if contact.last_on is None else f" {(page.today - contact.last_on).days} d"
    return joined((f"{verb} ", "dim"), contact.name, days)


def _fitting_problems(page: AccountPage, room: int, glyphs: Glyphs, *, wide: bool) -> Content:
    """All of them, with subjects as long as then have room; else as many as have any."""
    most = SUBJECT_WIDE if wide else SUBJECT
    for subject in range(most, LEAST_SUBJECT - 1, -1):
        told = between(_problems(page, glyphs, subject, wide=wide), DOT)
        if told.cell_length <= room:
            return told
    return _fitted(_problems(page, glyphs, most, wide=wide), room)


def _problems(page: AccountPage, glyphs: Glyphs, subject: int, *, wide: bool) -> Iterator[Content]:
    if not page.problems:
        yield joined(("no tickets", "dim"))
    for problem in page.problems:
        told = safe(problem.subject).truncate(subject, ellipsis=True)
        name = safe("complaint" if problem.is_complaint else problem.ticket_id)
        state = _state(problem, page.today, "" if wide else glyphs.fresh)
        yield joined(between((name, told), safe(" ")), " ", state)


def _state(problem: Problem, today: dt.date, closed: str) -> Content:
    """Open or closed and since when; shorter where `closed` is a sign."""
    if problem.closed_on is not None and problem.closed_on <= today:
        return joined((f"({closed or 'closed'} {near_date(problem.closed_on, today)})", "dim"))
    days = (today - problem.opened_on).days
    priority = problem.priority if problem.priority in {"urgent", "high"} else ""
    if priority and closed:
        return joined((f"({priority} {days} d)", "bold"))
    return joined((f"({priority + ', ' if priority else ''}open {days} d)", "bold"))
