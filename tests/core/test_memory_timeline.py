import datetime as dt
from typing import Any

from cs_workbench.core import memory
from cs_workbench.core.memory_timeline import memory_entries
from cs_workbench.core.page_memory import PageMemory
from tests.factories import TODAY

DAY = dt.timedelta(days=1)
COMPLAINT = memory.Complaint(
    complaint_id="c", account_key=1, what="data lost", severity="urgent", owner="ana",
    arrived_on=TODAY, author="ana",
)  # fmt: skip
STEP = memory.ComplaintStep(
    complaint_step_id="s", account_key=1, complaint_id="c", state="received", reached_on=TODAY,
    author="ana",
)  # fmt: skip


def told(held: PageMemory) -> list[tuple[int, str, str, bool]]:
    return [
        ((TODAY - one.on).days, one.kind, one.text, one.loud) for one in memory_entries(held, TODAY)
    ]


def test_a_complaint_says_at_each_state_whether_the_customer_was_told() -> None:
    steps = {"c": (STEP, memory.ComplaintStep(
        complaint_step_id="t", account_key=1, complaint_id="c", state="resolved",
        reached_on=TODAY, told_on=TODAY, note="found it", author="ana",
    ))}  # fmt: skip
    assert told(PageMemory(complaints=(COMPLAINT,), steps=steps)) == [
        (0, "complaint", "complaint received, customer not told: data lost", True),
        (0, "complaint", "complaint resolved, customer told: found it", False),
    ]


def test_what_is_still_to_come_is_no_event_yet() -> None:
    goal = memory.Goal(
        goal_id="g", account_key=1, what="dispatch time", baseline=14, target=9, unit="min",
        said_on=TODAY - DAY, confirmed_by="lena", confirmed_on=TODAY + DAY, author="ana",
    )  # fmt: skip
    held = PageMemory(goals=(goal,), names={"lena": "Lena Voss"})
    assert told(held) == [(1, "goal", "goal: dispatch time 14 → 9 min", False)]


def test_everything_else_has_its_line() -> None:
    common: dict[str, Any] = {"account_key": 1, "author": "ana"}
    held = PageMemory(
        concessions=(memory.Concession(
            concession_id="x", kind="refund", reason="outage", cost_minor=120_000, currency="USD",
            state="given", asked_on=TODAY, given_on=TODAY, decided_by="Priya", outcome="stayed",
            outcome_on=TODAY, **common),),
        imposed=(memory.ImposedChange(
            imposed_change_id="i", kind="price", what="+9 %", announced_on=TODAY,
            effective_on=TODAY + DAY, **common),),
        incidents=(memory.Incident(
            incident_id="n", shared="s", what="outage", severity="high", began_on=TODAY,
            **common),),
        requests=(memory.ProductRequest(
            product_request_id="r", what="export", asked_on=TODAY, state="shipped",
            decided_on=TODAY, **common),),
        notes=(memory.Note(note_id="o", written_on=TODAY, text="two\nlines", **common),),
        exits=(memory.ExitReason(
            exit_reason_id="e", view="stated", reason="price", detail="too dear", noted_on=TODAY,
            **common),),
        pains=(memory.PainPoint(pain_point_id="p", what="slow", said_on=TODAY, solved_on=TODAY,
            **common),),
    )  # fmt: skip
    assert [text for _, _, text, _ in told(held)] == [
        "refund 1.2k USD proposed: outage",
        "refund 1.2k USD given",
        "what came of refund: stayed",
        "we announced, price: +9 % from 24 Nov 2026",
        "incident, high: outage, not told yet",
        "pain point: slow",
        "pain point solved: slow",
        "they want: export",
        "request shipped, not told yet: export",
        "note: two lines",
        "exit reason stated: price, too dear",
    ]
