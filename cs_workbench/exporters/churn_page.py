"""A backtest as one page of HTML that loads nothing and runs nothing; all text is escaped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from cs_workbench.core.churn_said import MODELS
from cs_workbench.core.record_figures import fraction, share

Cell = Callable[[Mapping[str, Any]], str]


def _spanned(name: str, told: Callable[[float | None], str], bounds: str | None = None) -> Cell:
    """Of a model's record `0.86 (0.84 – 0.88)`; those of earlier versions lack some bounds."""
    before = f"{name}_" if bounds is None else bounds

    def cell(one: Mapping[str, Any]) -> str:
        low, high = (one.get(f"{before}{end}") for end in ("low", "high"))
        return told(one[name]) + ("" if low is None else f" ({told(low)} – {told(high)})")

    return cell


# What is compared: a title, the columns, and how to read them; K stands for the first so many.
COMPARED: Sequence[tuple[str, Mapping[str, Cell], str]] = (
    (
        "Beside what it has to beat",
        {
            "log loss": lambda one: f"{one['log_loss']:.4f}",
            "skill": _spanned("skill", share),
            "Brier skill": lambda one: share(one["brier_skill"]),
            "saved of health x calendar": _spanned("gain", share),
        },
        "Every row was predicted by a model that had been fitted and chosen on what was known "
        "before, with the label's window kept out. Skill is the share of the base rate's log loss "
        "that is saved. Intervals hold 90 % of the draws when accounts are drawn anew.",
    ),
    (
        "Does it rank them",
        {
            "AUC": _spanned("auc", fraction, bounds=""),
            "in window": _spanned("auc_in_window", fraction),
            "before notice": _spanned("auc_pre_notice", fraction),
            "average precision": lambda one: fraction(one["average_precision"]),
        },
        "AUC: how often one that left was ranked above one that stayed on the same day; .5 is a "
        "coin. In window: among accounts whose renewal is due, or that can leave at any time; "
        "before notice: while notice can still be given.",
    ),
    (
        "Are the numbers true",
        {
            "O/E": _spanned("o_e", fraction),
            "slope": _spanned("slope", fraction),
            "ECE": lambda one: share(one["ece"]),
            "floor": lambda one: share(one["ece_floor"]),
        },
        "O/E: how many left for each one that was expected. Slope below 1: too extreme. ECE is the "
        "calibration error, floor what a perfect model would show on so few. Several snapshots see "
        "the same departure; floor and intervals count it once.",
    ),
    (
        "What a team would have held",
        {
            "ARR in first tenth": _spanned("arr_captured_10", share),
            "of these left": lambda one: share(one["precision_10"]),
            "ARR in first K": lambda one: share(one["arr_captured_k"]),
            "of those left": lambda one: share(one["precision_k"]),
        },
        "Of the ARR that left, by ARR x probability: a tenth of each month, and its first K.",
    ),
)
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{padding:.2rem .7rem;text-align:right;
white-space:nowrap}
th:first-child,td:first-child{text-align:left}tr+tr{border-top:1px solid #8884}
.verdict{font-size:1.2rem;padding:.8rem 1rem;border-left:4px solid #0072b2}
.alarm{border-left:4px solid #d55e00;padding:.3rem 1rem}svg{max-width:26rem}
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}"""


def backtest_page(document: Mapping[str, Any]) -> str:
    """The page.

    Args:
        document: as `csw churn backtest --json` prints it.
    """
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        f"<title>Churn backtest as of {_text(document['as_of'])}</title>",
        f"<style>{STYLE}</style><h1>Would it have known?</h1>",
        f"<p class='verdict'>{_text(document['verdict'])}</p>",
        *(f"<p class='alarm'>{_text(one['what'])}</p>" for one in document["alarms"]),
        f"<p>Who leaves within {_text(document['horizon'])} days"
        f"{_lead(document)}. As of {_text(document['as_of'])}; "
        f"{document['n']:,} snapshots, {document['events']:,} accounts left.</p>",
    ]
    if document["models"]:
        parts += _measured(document)
    findings = document["readiness"]["findings"]
    parts.append("<h2>What the history can teach</h2><ul>")
    parts += [f"<li>{_text(one['what'])}</li>" for one in findings]
    return "\n".join([*parts, "</ul></html>\n"])


def _measured(document: Mapping[str, Any]) -> Iterable[str]:
    for title, columns, read_so in COMPARED:
        yield f"<h2>{title}</h2>"
        heads = ("", *(_first_of(one, document) for one in columns))
        yield _table(heads, _compared(document["models"], columns))
        yield f"<p>{_first_of(read_so, document)}</p>"
    yield "<h2>What was said, and what came</h2>"
    yield _reliability(document["reliability"])
    yield _table(
        ("said", "came", "95 % interval", "snapshots", "of which left"),
        [
            (
                *(share(one["expected"]), share(one["observed"])),
                f"{share(one['low'])} – {share(one['high'])}",
                *(f"{one['n']:,}", one["events"]),
            )
            for one in document["reliability"]
        ],
    )
    yield "<h2>By days of warning</h2>"
    yield _table(
        ("days ahead", "snapshots", "left", "AUC", "skill"),
        [
            (
                *(one["lead"], f"{one['n']:,}", one["events"]),
                *(_spanned("auc", fraction)(one), _spanned("skill", share)(one)),
            )
            for one in document["leads"]
        ],
    )
    yield "<p>By the linear step, refitted at five origins.</p>"
    yield "<h2>Each renewal, so many days before its end</h2>"
    yield _renewals(document["renewals"])
    yield "<h2>By origin</h2>"
    yield _parts(document["origins"], "as_of", "from")
    yield "<h2>By segment</h2>"
    yield _parts(document["segments"], "segment", "segment")


def _compared(
    models: Mapping[str, Mapping[str, Any]], columns: Mapping[str, Cell]
) -> Iterable[Sequence[str]]:
    """A line for each model and baseline."""
    for name, one in models.items():
        yield MODELS.get(name, name).capitalize(), *(cell(one) for cell in columns.values())


def _lead(document: Mapping[str, Any]) -> str:
    return f", from {document['lead']:,} days on" if document["lead"] else ""


def _first_of(text: str, document: Mapping[str, Any]) -> str:
    return text.replace("first K", f"first {document['k']:,}")


def _renewals(rows: Sequence[Mapping[str, Any]]) -> str:
    cells = [
        (one["days_before"], f"{one['n']:,}", one["events"], _spanned("auc", fraction)(one))
        for one in rows
    ]
    return _table(("days before", "renewals", "left", "AUC"), cells)


def _parts(rows: Sequence[Mapping[str, Any]], key: str, heading: str) -> str:
    return _table(
        (heading, "snapshots", "left", "AUC", "O/E", "skill"),
        [
            (
                *(one[key], f"{one['n']:,}", one["events"]),
                *(_spanned("auc", fraction)(one), _spanned("o_e", fraction)(one)),
                _spanned("skill", share)(one),
            )
            for one in rows
        ],
    )


def _reliability(bins: Sequence[Mapping[str, Any]]) -> str:
    """The table as a picture: dots with their intervals beside the line of the perfect model."""
    most = max([0.01, *(one["expected"] for one in bins), *(one["high"] for one in bins)])
    scale = 280 / most
    parts = ["<svg viewBox='0 0 320 320' role='img' aria-label='said against came'>"]
    parts.append("<path d='M30 290L310 10' stroke='#888' stroke-dasharray='4'/>")
    for one in bins:
        x = 30 + one["expected"] * scale
        low, high, y = (290 - one[name] * scale for name in ("low", "high", "observed"))
        parts.append(f"<path d='M{x:.1f} {low:.1f}V{high:.1f}' stroke='#0072b2'/>")
        parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='#0072b2'/>")
    text = "<text x='{}' y='{}' fill='currentColor' font-size='12'>{}</text>"
    ends = (120, 312, "said"), (2, 150, "came"), (30, 306, "0"), (270, 306, share(most))
    parts += [text.format(*one) for one in ends]
    parts.append("</svg>")
    return "".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    top = "".join(f"<th>{_text(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _text(value: object) -> str:
    if value is None:
        return "–"
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in str(value))
    return escape(shown, quote=True)
