"""What customers say by theme, as a file to hand to product and support."""

import html
import re
from collections.abc import Mapping, Sequence

from cs_workbench.core.themes import Comment, Theme

SHOWN = 6
NAMED = 3
_MARKUP = re.compile(r"[\\`*_\[\]<>#|~]")
_OPENING = re.compile(r"^(\d*)([-+.)=])")  # what would begin a list or a heading
CSV_HEADINGS = (
    *("theme", "terms", "comments_of_theme", "unhappy", "accounts", "comment_id", "account"),
    *("sentiment", "text"),
)
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:52em;margin:2em auto;padding:0 1em}"
    "blockquote{margin:.4em 0;padding:.2em .8em;border-left:3px solid #999}"
    "small{color:#555}"
)


def theme_rows(
    themes: Sequence[Theme], names: Mapping[int, str]
) -> list[tuple[str | int | None, ...]]:
    """A row for each comment, those of one theme together, for CSV."""
    return [
        (
            *(theme.name, ", ".join(theme.terms), len(theme.comments), theme.unhappy),
            *(theme.accounts, one.comment_id, names.get(one.account_key), one.sentiment, one.text),
        )
        for theme in themes
        for one in theme.comments
    ]


def theme_markdown(themes: Sequence[Theme], names: Mapping[int, str], title: str) -> str:
    """The report as Markdown; nothing in a comment is markup."""
    lines = [f"# {_plain(title)}", ""]
    for theme in themes:
        lines += [f"## {_plain(theme.name)}", "", _plain(_figures(theme)), ""]
        for text, said_by in _quotes(theme, names)[:SHOWN]:
            lines += [f"> {_plain(text)}", ">", f"> — {_plain(said_by)}", ""]
        lines += _more(theme)
    return "\n".join(lines).rstrip() + "\n"


def theme_html(themes: Sequence[Theme], names: Mapping[int, str], title: str) -> str:
    """The report as one HTML page without anything from elsewhere."""
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8>",
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{html.escape(title)}</h1>",
    ]
    for theme in themes:
        parts.append(f"<h2>{html.escape(theme.name)}</h2><p>{html.escape(_figures(theme))}</p>")
        parts += [
            f"<blockquote>{html.escape(text)}<br><small>{html.escape(said_by)}</small></blockquote>"
            for text, said_by in _quotes(theme, names)[:SHOWN]
        ]
        parts += [f"<p><small>{html.escape(one)}</small></p>" for one in _more(theme) if one]
    return "\n".join([*parts, "</body></html>", ""])


def _figures(theme: Theme) -> str:
    mean = "" if theme.sentiment is None else f", mean sentiment {theme.sentiment:.1f} of 5"
    return (
        f"{len(theme.comments)} comments from {theme.accounts} accounts, {theme.unhappy} of them "
        f"unhappy{mean}. Found by: {', '.join(theme.terms)}."
    )


def _quotes(theme: Theme, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """What is said, each text once with who says it, the unhappiest first."""
    by_text: dict[str, list[Comment]] = {}
    for one in theme.comments:
        by_text.setdefault(" ".join(one.text.split()), []).append(one)
    return [(text, _who(said, names)) for text, said in by_text.items()]


def _more(theme: Theme) -> list[str]:
    rest = len({" ".join(one.text.split()) for one in theme.comments}) - SHOWN
    return [f"{rest} more.", ""] if rest > 0 else []


def _who(said: Sequence[Comment], names: Mapping[int, str]) -> str:
    """`Kestrel, Harlow and 3 more, sentiment 1 to 2`."""
    who = list(dict.fromkeys(names.get(one.account_key, "somebody") for one in said))
    rest = f" and {len(who) - NAMED} more" if len(who) > NAMED else ""
    known = [one.sentiment for one in said if one.sentiment is not None]
    span = ""
    if known:
        low, high = min(known), max(known)
        span = f", sentiment {low}" if low == high else f", sentiment {low} to {high}"
    return f"{', '.join(who[:NAMED])}{rest}{span}"


def _plain(text: str) -> str:
    """A text in one line that Markdown takes for text."""
    line = _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
    return _OPENING.sub(r"\1\\\2", line)
