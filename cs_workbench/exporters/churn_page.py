"""A backtest as one page of HTML that loads nothing and runs nothing; all text is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from cs_workbench.core.churn_said import MODELS
from cs_workbench.core.record_figures import fraction, share

READ_SO = (
    "Every row was predicted by a model that had been fitted and chosen on what was known before, "
    "with the label's window kept out. Skill is the share of the base rate's log loss that is "
    "saved. Intervals hold 90 % of the draws when accounts are drawn anew. ECE is the calibration "
    "error, floor what a perfect model would show on so few."
)
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{padding:.2rem .7rem;text-align:right}
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
        f"<p>Who leaves within {_text(document['horizon'])} days, from "
        f"{_text(document['lead'])} days on. As of {_text(document['as_of'])}; "
        f"{document['n']:,} snapshots, {document['events']:,} accounts left.</p>",
    ]
    if document["models"]:
        parts += _measured(document)
    findings = document["readiness"]["findings"]
    parts.append("<h2>What the history can teach</h2><ul>")
    parts += [f"<li>{_text(one['what'])}</li>" for one in findings]
    return "\n".join([*parts, "</ul></html>\n"])


def _measured(document: Mapping[str, Any]) -> Iterable[str]:
    yield "<h2>Beside what it has to beat</h2>"
    heads = (
        *("", "AUC", "interval", "in window", "before notice", "skill", "interval"),
        *("Brier skill", "O/E", "interval", "slope", "interval", "ECE", "floor"),
        "ARR in first tenth",
    )
    yield _table(heads, [_model_row(*pair) for pair in document["models"].items()])
    yield f"<p>{READ_SO}</p>"
    yield "<h2>What was said, and what came</h2>"
    yield _reliability(document["reliability"])
    yield _table(
        ("said", "came", "95 % interval", "n", "left"),
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
            (one["lead"], one["n"], one["events"], fraction(one["auc"]), share(one["skill"]))
            for one in document["leads"]
        ],
    )
    yield "<h2>Each renewal, so many days before its end</h2>"
    yield _parts(document["renewals"], "days_before", "days before")
    yield "<h2>By origin</h2>"
    yield _parts(document["origins"], "as_of", "from")
    yield "<h2>By segment</h2>"
    yield _parts(document["segments"], "segment", "segment")


def _model_row(name: str, one: Mapping[str, Any]) -> Sequence[object]:
    return (
        MODELS.get(name, name).capitalize(),
        fraction(one["auc"]),
        f"{fraction(one['low'])} – {fraction(one['high'])}",
        fraction(one["auc_in_window"]),
        fraction(one["auc_pre_notice"]),
        share(one["skill"]),
        f"{share(one['skill_low'])} – {share(one['skill_high'])}",
        share(one["brier_skill"]),
        fraction(one["o_e"]),
        _range(one, "o_e"),
        fraction(one["slope"]),
        _range(one, "slope"),
        share(one["ece"]),
        share(one["ece_floor"]),
        share(one["arr_captured_10"]),
    )


def _range(one: Mapping[str, Any], name: str) -> str:
    """Its bounds; records of earlier versions have none."""
    return f"{fraction(one.get(f'{name}_low'))} – {fraction(one.get(f'{name}_high'))}"


def _parts(rows: Sequence[Mapping[str, Any]], key: str, heading: str) -> str:
    return _table(
        (heading, "snapshots", "left", "AUC", "O/E", "skill"),
        [
            (
                *(one[key], f"{one['n']:,}", one["events"]),
                *(fraction(one["auc"]), fraction(one["o_e"]), share(one["skill"])),
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
    parts.append("<text x='120' y='312' fill='currentColor' font-size='12'>said</text>")
    parts.append("<text x='2' y='150' fill='currentColor' font-size='12'>came</text></svg>")
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
