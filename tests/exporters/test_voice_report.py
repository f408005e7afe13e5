"""What a product manager reads: how many, of whom, with what revenue, more or less than before."""

import datetime as dt
from dataclasses import replace

from cs_workbench.core.themes import Comment, make_theme
from cs_workbench.exporters.voice_report import (
    CSV_HEADINGS,
    ThemeReport,
    theme_html,
    theme_markdown,
    theme_rows,
)
from tests.factories import TODAY

NAMES = {1: "Kestrel", 2: "東京データ", 3: "Pipe | Co"}


def comment(number: int, account: int, days_ago: int, source: str, text: str) -> Comment:
    currency = {1: "USD", 2: "JPY", 3: "USD"}[account]
    said_on = TODAY - dt.timedelta(days_ago)
    sentiment = 1 if source == "NPS 2" else 3
    return Comment(f"c{number}", account, text, said_on, source, sentiment, 50_000_000, currency)


REPORT = ThemeReport(
    title="What customers say",
    themes=[
        make_theme(
            "answers",
            ["wait"],
            [
                comment(1, 1, 0, "NPS 2", "we wait"),
                comment(2, 1, 89, "NPS 7", "we wait"),
                comment(3, 2, 90, "G2", "wait | <b>"),
                comment(4, 3, 180, "CSAT 4", "old wait"),
            ],
        )
    ],
    names=NAMES,
    until=TODAY,
)


def test_the_table_tells_revenue_by_currency_and_what_is_said_more() -> None:
    text = theme_markdown(REPORT)
    # Each account pays once; 90 days ago is before the last 90 days, 180 ago is outside both.
    assert "| answers | 4 | 1 | 3 | 1M USD, 50M JPY | 2.5 | 2 | 1 |" in text
    assert "> — Kestrel, NPS 2 to 7, last on 2026-11-23" in text
    assert "> wait \\| \\<b\\>" in text
    page = theme_html(REPORT)
    assert "<td>1M USD, 50M JPY</td>" in page
    assert "<b>" not in page


def test_that_nobody_wrote_is_said() -> None:
    silence = replace(REPORT, themes=[])
    for text in (theme_markdown(silence), theme_html(silence)):
        assert "Nobody wrote anything in these days." in text
        assert "Sentiment" not in text  # no table of nothing


def test_every_comment_has_its_row() -> None:
    rows = [dict(zip(CSV_HEADINGS, row, strict=True)) for row in theme_rows(REPORT)]
    assert [one["comment_id"] for one in rows] == ["c1", "c4", "c3", "c2"]
    assert (rows[0]["said_on"], rows[0]["source"], rows[0]["arr"]) == (TODAY, "NPS 2", 500_000)
    assert (rows[2]["account"], rows[2]["currency"]) == ("東京データ", "JPY")
