import datetime as dt

import pytest

from cs_workbench.core.timeline import (
    band_entry,
    churn_entry,
    contact_entry,
    forecast_entry,
    promise_entries,
    survey_entry,
    ticket_closed_entry,
    ticket_entry,
)

DAY, TODAY = dt.date(2026, 11, 20), dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("channel", "direction", "kind", "person", "told"),
    [
        ("call", "outbound", None, "Kim", "call with Kim"),
        ("email", "outbound", "QBR", "Kim", "email (QBR) to Kim"),
        ("email", "inbound", None, None, "email from the customer"),
        ("Meeting", "inbound", "meeting", None, "Meeting (meeting) with the customer"),
        ("zoom", "outbound", "meeting", None, "zoom (meeting) with the customer"),
    ],
)
def test_contacts(
    channel: str, direction: str, kind: str | None, person: str | None, told: str
) -> None:
    entry = contact_entry(
        DAY,
        channel=channel,
        direction=direction,
        kind=kind,
        person=person,
        sentiment=None,
        summary=None,
        author="Ana",
    )
    assert (entry.text, entry.who, entry.loud) == (told, "Ana", False)


def test_tickets() -> None:
    opened = ticket_entry(DAY, ticket_id="#1", subject="SSO", priority="urgent", complaint=False)
    assert (opened.text, opened.loud) == ("ticket #1 opened, urgent: SSO", True)
    plain = ticket_entry(DAY, ticket_id="#1", subject=None, priority="low", complaint=True)
    assert (plain.text, plain.loud) == ("complaint #1 opened", True)
    closed = ticket_closed_entry(DAY, ticket_id="#1", opened_on=DAY, subject=None, csat=None)
    assert closed.text == "ticket #1 closed the same day"


@pytest.mark.parametrize(
    ("kind", "score", "told", "loud"),
    [
        ("nps", 9, "NPS 9 of 10, promoter", False),
        ("nps", 7, "NPS 7 of 10, passive", False),
        ("nps", 6, "NPS 6 of 10, detractor", True),
        ("csat", 2, "CSAT 2 of 5", True),
        ("ces", 5, "CES 5 of 7", False),
    ],
)
def test_surveys(kind: str, score: int, told: str, loud: bool) -> None:
    entry = survey_entry(DAY, kind=kind, score=score, person=None, comment=None)
    assert (entry.text, entry.loud) == (told, loud)


@pytest.mark.parametrize(
    ("by", "due", "kept", "state", "told"),
    [
        ("us", "2026-11-20", None, "open", ["we promised: x", "we missed: x"]),
        ("us", "2026-11-23", None, "open", ["we promised: x"]),
        ("us", "2026-11-20", "2026-11-19", "kept", ["we promised: x", "we kept: x"]),
        ("customer", "2026-11-20", "2026-11-21", "kept", ["they promised: x", "they kept late: x"]),
        ("customer", "2026-11-20", None, "renegotiated", ["they promised: x"]),
        ("us", None, None, "open", ["we promised: x"]),
    ],
)
def test_promises(by: str, due: str | None, kept: str | None, state: str, told: list[str]) -> None:
    entries = promise_entries(
        by=by,
        what="x",
        made_on=dt.date(2026, 11, 1),
        due_on=dt.date.fromisoformat(due) if due else None,
        kept_on=dt.date.fromisoformat(kept) if kept else None,
        state=state,
        today=TODAY,
    )
    assert [entry.text for entry in entries] == told
    assert [entry.loud for entry in entries] == ["missed" in text for text in told]


def test_churn_and_return() -> None:
    left = churn_entry(DAY, reason="budget", feedback="too dear", reactivation=False)
    assert (left.text, left.loud) == ("left: budget: too dear", True)
    assert churn_entry(DAY, reason=None, feedback=None, reactivation=True).text == "came back"


def test_forecasts_and_bands() -> None:
    entry = forecast_entry(
        DAY,
        category="at risk",
        before="likely",
        amount_minor=41_200_000,
        currency="USD",
        narrative="sponsor unknown",
        author="Ana",
    )
    assert entry.text == "forecast likely → at risk 412k: sponsor unknown"
    assert entry.loud
    moved = band_entry(DAY, before="green", band="red", points_before=799_999, points=310_000)
    assert (moved.text, moved.loud) == ("health green 79 → red 31", True)
