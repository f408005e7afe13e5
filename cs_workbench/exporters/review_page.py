"""A review as one self-contained HTML page that prints well, made of its snapshot alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cs_workbench.core.reports import word_columns
from cs_workbench.core.review_agenda import section_title
from cs_workbench.exporters.review_minutes import (
    amount,
    decided,
    due_words,
    ends_words,
    forecast_said,
    parking_lot,
    percent,
    rates_words,
    score_moved,
    weighted_words,
)
from cs_workbench.exporters.svg import clean, framed

_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}h1{font-size:1.7rem}h2{border-bottom:2px solid #57606a;"
    "margin-top:2.2rem}h3{margin:1.4rem 0 .2rem}table{border-collapse:collapse;margin:.6rem 0}"
    "td,th{padding:.2rem .8rem .2rem 0;text-align:left}td.n,th.n{text-align:right}"
    "th{color:#57606a;font-weight:normal}.dim{color:#57606a}.why{font-style:italic}"
    ".decided{border-left:4px solid #0072b2;padding-left:.8rem;margin:.4rem 0}"
    ".open{border-left-color:#d55e00}.item{break-inside:avoid;page-break-inside:avoid}"
    "svg{max-width:100%;height:auto}svg text{font:12px sans-serif;fill:#1b1f24}"
    "svg .bar{fill:#0072b2}svg .line{stroke:#0072b2;fill:none;stroke-width:2}"
    "svg .axis{stroke:#8c959f}@media print{body{margin:0;max-width:none}h2{break-after:avoid}}"
)
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
CHART_WIDTH: Final = 560
BAR: Final = 24


def page(snapshot: Mapping[str, Any]) -> str:
    """The whole page; it loads nothing, and nothing in it acts."""
    name = clean(snapshot["review"]["name"])
    body = "\n".join(_body(snapshot))
    return (
        "<!doctype html>\n"
        f'<html lang="en"><head><meta charset="utf-8"><title>{name}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _body(snapshot: Mapping[str, Any]) -> Iterator[str]:
    review, totals, money = snapshot["review"], snapshot["totals"], snapshot["currency"]
    yield f"<h1>{clean(review['name'])}</h1>"
    yield (
        f'<p class="dim">{clean(review["day"])} · chair {clean(review["chair"])} · deadlines '
        f"within {clean(review['window_days'])} days · data of "
        f"{clean(snapshot['data']['refreshed_as_of'] or 'no refresh')} · snapshot "
        f"{clean(snapshot['snapshot_id'])}</p>"
    )
    yield "<h2>Forecast</h2>"
    yield _buckets(totals["buckets"], money)
    yield (
        f"<p>Due {clean(due_words(totals, money))}. Weighted "
        f"<b>{clean(weighted_words(totals, money))}</b> "
        f"(renewals taken as independent). Renewal rate of due {clean(rates_words(snapshot))}.</p>"
    )
    moved = snapshot["moved"]
    yield f"<h2>Since {clean(moved['since'])}</h2>"
    rows = [(one["name"], f"{one['change']:+,.2f}") for one in moved["accounts"]]
    yield _table(("account", f"weighted, {money}"), [*rows, ("in all", f"{moved['change']:+,.2f}")])
    section = ""
    for item in snapshot["items"]:
        if item["section"] != section:
            section = item["section"]
            yield f"<h2>{clean(section_title(section).capitalize())}</h2>"
        yield from _item(item)
    if parked := parking_lot(snapshot):
        yield "<h2>Parked</h2>"
        yield _table(("account", "what"), parked)
    yield "<h2>Tasks</h2>"
    yield _table(
        ("what", "account", "owner", "due"),
        [
            (one["what"], one["account"] or "", one["owner"], one["due_on"] or "no day")
            for one in snapshot["tasks"]
        ],
    )


def _item(item: Mapping[str, Any]) -> Iterator[str]:
    one, facts = item["renewal"], item["facts"]
    name = "a renewal that is gone" if one is None else one["name"]
    yield f'<div class="item"><h3>{clean(item["number"])} · {clean(name)}</h3>'
    yield f'<p class="why">{clean(item["why"])}</p>'
    if one is not None:
        money = one["currency"]
        yield (
            f"<p>{clean(ends_words(one))} · deadline {clean(one['deadline'])} "
            f"({clean(one['days'])} d, by {clean(one['deadline_by'])}) · commit by "
            f"{clean(one['commit_by'])} · health {clean(one['band'])} "
            f"{clean('--' if one['score'] is None else int(one['score']))} · "
            f"{clean(one['category'] or 'no forecast')} "
            f"{clean(amount(one['forecast_amount'], money))} "
            f"{clean(percent(one['probability']))} · commitment "
            f"{clean(one['commitment_level'] or 'none')}</p>"
        )
        if said := forecast_said(one):
            yield f"<p>Forecast by {clean(said)}</p>"
    if moved := score_moved(facts):
        yield f'<p class="dim">Score {clean(moved)}</p>'
    if facts.get("usage"):
        yield _usage(facts["usage"]["weeks"], facts["usage"]["metric"])
    for made in item["decisions"]:
        told = f"<b>{clean(made['kind'])}</b> {clean(decided(made))}"
        yield f'<p class="decided">{told} <span class="dim">{clean(made["author"])}</span></p>'
    if not item["decisions"]:
        yield '<p class="decided open">not decided</p>'
    yield "</div>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    words = word_columns([[str(cell) for cell in row] for row in rows]) | {0}
    kinds = ["" if at in words else ' class="n"' for at in range(len(heads))]
    head = "".join(f"<th{kind}>{clean(one)}</th>" for kind, one in zip(kinds, heads, strict=True))
    body = "".join(f"<tr>{_cells(row, kinds)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Sequence[object], kinds: Sequence[str]) -> str:
    return "".join(f"<td{kind}>{clean(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))


def _buckets(buckets: Mapping[str, Mapping[str, Any]], money: str) -> str:
    """A bar for each category, by what is due."""
    top = max((one["due"] or 0 for one in buckets.values()), default=0) or 1
    parts = []
    for number, (name, one) in enumerate(buckets.items()):
        y, wide = number * BAR, 300 * (one["due"] or 0) / top
        parts.append(f'<text x="0" y="{y + 16}">{clean(name)}</text>')
        parts.append(f'<rect class="bar" x="120" y="{y + 4}" width="{wide:.1f}" height="16"/>')
        told = f"{one['renewals']} · {amount(one['due'], money)}"
        parts.append(f'<text x="{126 + wide:.1f}" y="{y + 16}">{clean(told)}</text>')
    size = CHART_WIDTH, BAR * len(buckets)
    about = "One bar for each category; its length is the ARR due."
    return framed("".join(parts), size, title="ARR due by category", about=about)


def _usage(weeks: Sequence[float | None], metric: str) -> str:
    """A line through the weeks with data."""
    known = [one for one in weeks if one is not None]
    top = max(known, default=0) or 1
    step = 380 / max(1, len(weeks) - 1)
    path, is_down = [], False
    for number, value in enumerate(weeks):
        if value is None:
            is_down = False
            continue
        path.append(f"{'L' if is_down else 'M'}{number * step:.1f},{62 - 54 * value / top:.1f}")
        is_down = True
    last = f"{known[-1]:,.0f}" if known else "no data"
    body = (
        '<line class="axis" x1="0" y1="62" x2="380" y2="62"/>'
        f'<path class="line" d="{" ".join(path)}"/>'
        f'<text x="388" y="20">{clean(metric)}</text><text x="388" y="38">now {clean(last)}</text>'
    )
    about = f"{len(known)} of {len(weeks)} weeks have data; the highest is {top:,.0f}."
    return framed(body, (CHART_WIDTH, 70), title=f"{metric}, weekly", about=about)
