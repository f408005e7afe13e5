"""What customers say by theme, as a file to hand to product and support."""

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cs_workbench.core.money import short_told, to_major
from cs_workbench.core.plurals import counted
from cs_workbench.core.themes import REST, Comment, Theme

SHOWN = 6
NAMED = 3
NOTHING = "Nobody wrote anything in these days."
LATELY = 90  # days that are compared with as many before
_MARKUP = re.compile(r"[\\`*_\[\]<>#|~]")
_ESCAPED = r"\\\g<0>"
_OPENING = re.compile(r"^(\d*)([-+.)=])")  # what would begin a list or a heading
CSV_HEADINGS = (
    *("theme", "terms", "comments_of_theme", "unhappy", "accounts", "comment_id", "said_on"),
    *("source", "account", "arr", "currency", "sentiment", "text"),
)
_TABLE = (
    "Theme",
    "Comments",
    "Unhappy",
    "Accounts",
    "ARR",
    "Sentiment",
    "Last 90 d",
    "90 d before",
)
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "blockquote{margin:.4em 0;padding:.2em .8em;border-left:3px solid #999}"
    "table{border-collapse:collapse}th,td{padding:.1em .7em;text-align:right}"
    "th:first-child,td:first-child{text-align:left}tr{border-bottom:1px solid #bbb8}"
    "small{opacity:.75}:root{color-scheme:light dark}"
)


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """What is written down: themes, who the accounts are, and the last day that is in it."""

    title: str
    themes: Sequence[Theme]
    names: Mapping[int, str]
    until: dt.date


def theme_rows(report: ThemeReport) -> list[tuple[str | int | Decimal | dt.date | None, ...]]:
    """A row for each comment, those of one theme together, for CSV."""
    return [
        (
            *(theme.name, ", ".join(theme.terms), len(theme.comments), theme.unhappy),
            *(theme.accounts, one.comment_id, one.said_on, one.source),
            *(report.names.get(one.account_key), *_arr(one), one.sentiment, one.text),
        )
        for theme in report.themes
        for one in theme.comments
    ]


def theme_markdown(report: ThemeReport) -> str:
    """The report as Markdown; nothing in a comment is markup."""
    lines = [f"# {_plain(report.title)}", ""]
    lines += [*_markdown_table(report), ""] if report.themes else [NOTHING]
    for theme in report.themes:
        lines += [f"## {_plain(theme.name)}", "", _plain(_figures(theme, report.until)), ""]
        for text, said_by in _quotes(theme, report.names)[:SHOWN]:
            lines += [f"> {_plain(text)}", ">", f"> — {_plain(said_by)}", ""]
        lines += [one for more in _more(theme) for one in (more, "")]
    return "\n".join(lines).rstrip() + "\n"


def theme_html(report: ThemeReport) -> str:
    """The report as one HTML page without anything from elsewhere."""
    title = html.escape(report.title)
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8>",
        f"<title>{title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
    ]
    if report.themes:
        rows = (_html_row("td", row) for row in _summary(report))
        parts += [f"<table>{_html_row('th', _TABLE)}", *rows, "</table>"]
    else:
        parts.append(f"<p>{NOTHING}</p>")
    for theme in report.themes:
        figures = html.escape(_figures(theme, report.until))
        parts.append(f"<h2>{html.escape(theme.name)}</h2><p>{figures}</p>")
        parts += [
            f"<blockquote>{html.escape(text)}<br><small>{html.escape(said_by)}</small></blockquote>"
            for text, said_by in _quotes(theme, report.names)[:SHOWN]
        ]
        parts += [f"<p><small>{html.escape(one)}</small></p>" for one in _more(theme)]
    return "\n".join([*parts, "</body></html>", ""])


def _summary(report: ThemeReport) -> Iterator[tuple[str, ...]]:
    """A row for each theme, under `_TABLE`."""
    for theme in report.themes:
        lately, before = _pace(theme, report.until)
        mean = "unknown" if theme.sentiment is None else f"{theme.sentiment:.1f}"
        yield (
            *(theme.name, str(len(theme.comments)), str(theme.unhappy), str(theme.accounts)),
            *(_paid(theme) or "unknown", mean, str(lately), str(before)),
        )


def _markdown_table(report: ThemeReport) -> Iterator[str]:
    yield f"| {' | '.join(_TABLE)} |"
    yield f"| --- |{' ---: |' * (len(_TABLE) - 1)}"
    for row in _summary(report):
        yield f"| {' | '.join(_MARKUP.sub(_ESCAPED, ' '.join(text.split())) for text in row)} |"


def _html_row(cell: str, texts: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{cell}>{html.escape(text)}</{cell}>' for text in texts)}</tr>"


def _figures(theme: Theme, until: dt.date) -> str:
    """`17 comments from 16 accounts (1.2M USD), 8 unhappy, mean sentiment 2.4 of 5. …`."""
    mean = "" if theme.sentiment is None else f", mean sentiment {theme.sentiment:.1f} of 5"
    paid = f" ({_paid(theme)} a year)" if _paid(theme) else ""
    lately, before = _pace(theme, until)
    terms = "Nothing that several accounts share." if theme.name == REST else ""
    if theme.terms:
        terms = f"Found by: {', '.join(theme.terms)}."
    return (
        f"{counted(len(theme.comments), 'comment')} from {counted(theme.accounts, 'account')}{paid}"
        f", {theme.unhappy} unhappy{mean}; {lately} in the last {LATELY} days, {before} in the "
        f"{LATELY} before. {terms}"
    ).rstrip()


def _pace(theme: Theme, until: dt.date) -> tuple[int, int]:
    """How many comments are of the last days, and of as many before."""
    then = until - dt.timedelta(LATELY)
    return theme.said_between(then, until), theme.said_between(then - dt.timedelta(LATELY), then)


def _paid(theme: Theme) -> str:
    """The ARR of those who speak, by currency; never added up."""
    found = sorted(theme.arr.items(), key=lambda one: -one[1])
    return ", ".join(short_told(minor, currency) for currency, minor in found if minor)


def _arr(one: Comment) -> tuple[Decimal | None, str | None]:
    return (to_major(one.arr_minor, one.currency), one.currency) if one.currency else (None, None)


def _quotes(theme: Theme, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """What is said, each text once with who says it, the unhappiest first."""
    by_text: dict[str, list[Comment]] = {}
    for one in theme.comments:
        by_text.setdefault(" ".join(one.text.split()), []).append(one)
    return [(text, _who(said, names)) for text, said in by_text.items()]


def _more(theme: Theme) -> list[str]:
    rest = len({" ".join(one.text.split()) for one in theme.comments}) - SHOWN
    return [f"{rest} more."] if rest > 0 else []


def _who(said: Sequence[Comment], names: Mapping[int, str]) -> str:
    """`Kestrel, Harlow and 3 more, NPS 2 to NPS 5, last on 2026-11-08`."""
    who = list(dict.fromkeys(names.get(one.account_key, "somebody") for one in said))
    rest = f" and {len(who) - NAMED} more" if len(who) > NAMED else ""
    last = max(one.said_on for one in said).isoformat()
    told = last if len(said) == 1 else f"last on {last}"
    return f"{', '.join(who[:NAMED])}{rest}, {_marks(said)}, {told}"


def _marks(said: Sequence[Comment]) -> str:
    """`NPS 2 to 5, G2`: what they answered with which scores, and where else it stands."""
    scores: dict[str, list[int]] = {}
    for one in said:
        kind, _, score = one.source.rpartition(" ")
        if kind and score.isdecimal():
            scores.setdefault(kind, []).append(int(score))
        else:
            scores.setdefault(one.source, [])
    return ", ".join(
        f"{kind} {min(given)}{'' if min(given) == max(given) else f' to {max(given)}'}"
        if given
        else kind
        for kind, given in scores.items()
    )


def _plain(text: str) -> str:
    """A text in one line that Markdown takes for text."""
    line = _MARKUP.sub(_ESCAPED, " ".join(text.split()))
    return _OPENING.sub(r"\1\\\2", line)
