"""The plays of an account: those that run, those suggested, and how the last ones ended."""

from collections.abc import Iterator

from textual.content import Content

from cs_workbench.core.account_page import AccountPage, PagePlay
from cs_workbench.core.cadence import contact_words
from cs_workbench.core.dates import near_date
from cs_workbench.core.plays.model import LATE_STANDINGS
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, due_text, joined

INDENT = "  "


def plays_pane(page: AccountPage, width: int) -> list[Content]:
    """Each play with where it is, and why; the day of the next contact above them."""
    lines: list[Content] = []
    if page.contact is not None:
        told = joined(("Speak again  ", "dim"), contact_words(page.contact, page.today))
        lines += [*told.wrap(max(1, width)), NOTHING]
    if not page.plays:
        return [*lines, joined(("no play yet · p begins one", "dim"))]
    for one in page.plays:
        lines += _play(one, page, max(1, width))
    return lines


def open_plays(page: AccountPage) -> Iterator[Content]:
    """Running plays in a line each, and how many are suggested."""
    for one in page.plays:
        if one.is_active:
            yield _where(one, page, named=True)
    suggested = [one.title for one in page.plays if one.state == "suggested"]
    if suggested:
        yield joined(("suggested ", "dim"), ", ".join(suggested), (" · p", "dim"))


def _play(one: PagePlay, page: AccountPage, width: int) -> Iterator[Content]:
    on = near_date(one.on, page.today) if one.on else ""
    if one.is_active:
        yield joined((one.title, "bold"), _standing(one), (f" · since {on}", "dim"))
        yield joined(INDENT, _where(one, page, named=False))
        told = joined(("because ", "dim"), one.told) if one.told else NOTHING
    elif one.state == "suggested":
        yield joined(one.title, (f" suggested {on}", "dim"))
        told = joined((one.told, "dim"))
    else:
        yield joined((f"{one.title} {one.state} {on}", "dim"))
        told = joined((one.told, "dim"))
    if told:
        yield from (joined(INDENT, line) for line in told.wrap(max(1, width - len(INDENT))))


def _where(one: PagePlay, page: AccountPage, *, named: bool) -> Content:
    head = joined(one.title, _standing(one), ": ") if named else NOTHING
    if one.step is None:
        return joined(head, "no step is left, say what came of it")
    due = joined((" · due ", "dim"), due_text(one.due, page.today)) if one.due else NOTHING
    owner = joined((f" · {one.owner}", "dim")) if one.owner and not named else NOTHING
    step = f"{one.number} {one.step}" if named else f"step {one.number} of {one.steps}: {one.step}"
    return joined(head, step, due, owner)


def _standing(one: PagePlay) -> Content:
    style = LATE_STYLE if one.standing in LATE_STANDINGS else "dim"
    return joined((f" {one.standing}", style))
