"""The rows that stories are told with."""

from cs_workbench.workflows.sample.events import (
    answer,
    call,
    contact,
    day,
    forecast,
    mail,
    promise,
    ticket,
)
from cs_workbench.workflows.sample.profile import Rows

_K = "A001"  # Kestrel: usage fell after the champion left, and we owe them money
KESTREL: Rows = {
    "contacts": [
        contact(_K, 1, "Lena Voss", "champion", "Head of Dispatch", left_on=day("11-02")),
        contact(
            _K, 2, "Tomasz Brandt", "decision maker", "COO, Hamburg", preferred_channel="phone"
        ),
    ],
    "tickets": [
        ticket(
            _K,
            8812,
            "11-17",
            "Sync fails, drivers see yesterday's tours",
            priority="urgent",
            driver="integration",
            closed_at=None,
            reopened_count=1,
        ),
        ticket(_K, 8805, "11-12", "Tours missing for depot 5", priority="high", closed_at=None),
        ticket(_K, 8533, "09-10", "SSO loop", driver="login", closed_at="2026-09-14T11:00:00Z"),
        ticket(
            _K,
            8301,
            "09-02",
            "Complaint: invoice counts users who left",
            priority="high",
            driver="billing",
            is_complaint=1,
            closed_at="2026-09-08T15:00:00Z",
        ),
    ],
    "surveys": [answer(_K, 1, "05-13", 8, "Läuft. Die Disposition möchte nicht mehr ohne.")],
    "touchpoints": [
        call(
            _K, 1, "09-12", 2, "QBR: dispatch time 14 to 11 minutes, goal is 9.", channel="meeting"
        ),
        mail(_K, 2, "10-22", 2, "Asked who plans the depots from November. No answer."),
        call(_K, 3, "10-31", 1, "Lena is quiet; 'ask me again next week'.", sentiment=2),
        mail(_K, 4, "11-17", 1, "Bounced: Lena Voss left on 2 November."),
    ],
    "promises": [
        promise(
            _K, 1, "us", "refund of the October overage", made_on=day("11-06"), due_on=day("11-20")
        ),
        promise(
            _K, 2, "us", "user report for his board", made_on=day("11-12"), due_on=day("11-27")
        ),
        promise(
            _K, 3, "customer", "list of users who left", made_on=day("11-12"), due_on=day("11-27")
        ),
    ],
    "opportunities": [
        forecast(
            _K,
            1,
            "10-19",
            "commit",
            amount=430_000,
            probability=0.95,
            closes_on=day("2027-02-28"),
            narrative="L. Voss: we will renew, +12 seats (verbal, no date)",
        ),
        forecast(
            _K,
            2,
            "11-16",
            "likely",
            amount=412_000,
            probability=0.75,
            closes_on=day("2027-02-28"),
            narrative="Usage dip thought to be the depot move",
        ),
        forecast(
            _K,
            3,
            "11-20",
            "at risk",
            amount=412_000,
            probability=0.45,
            closes_on=day("2027-02-28"),
            risk_category="champion change",
            narrative="Sponsor unknown since champion left",
        ),
    ],
}

_T = "A002"  # Tokyo Data: a promise to reply is late
TOKYO: Rows = {
    "contacts": [contact(_T, 1, "佐藤 健", "champion", "IT部長")],
    "surveys": [answer(_T, 1, "09-30", 5, "返信に三日かかりました。急ぎの時に困ります。")],
    "tickets": [
        ticket(
            _T, 8790, "11-11", "帳票の文字化け", priority="high", closed_at=None, reopened_count=2
        ),
    ],
    "promises": [
        promise(
            _T,
            1,
            "us",
            "reply to T. Sato on the print fix",
            made_on=day("11-16"),
            due_on=day("11-21"),
        ),
    ],
    "opportunities": [
        forecast(
            _T, 1, "11-13", "likely", amount=186_000, probability=0.75, closes_on=day("2027-03-12")
        )
    ],
}

_C = "A004"  # Café Lumière: the last day to give notice is next week
LUMIERE: Rows = {
    "contacts": [contact(_C, 2, "Margaux Roux", "decision maker", "Directrice générale")],
    "promises": [
        promise(
            _C, 1, "customer", "answer on the renewal", made_on=day("11-10"), due_on=day("11-25")
        )
    ],
    "opportunities": [
        forecast(
            _C,
            1,
            "11-18",
            "likely",
            amount=135_000,
            probability=0.72,
            closes_on=day("2027-01-31"),
            risk_category="budget",
            narrative="Budget is decided on Wednesday",
        )
    ],
}

_H = "A005"  # Orchid Health: little used, and support makes it worse
ORCHID: Rows = {
    "tickets": [
        ticket(_H, 8777, "11-09", "Reports stay empty", priority="high", closed_at=None),
        ticket(_H, 8720, "10-19", "Complaint: asked for the third time", is_complaint=1, csat=1),
    ],
}

_G = "A018"  # Greenleaf: more people than seats, happily
GREENLEAF: Rows = {
    "surveys": [answer(_G, 1, "10-14", 10, "Every new store asks for it in the first week.")],
    "touchpoints": [
        call(
            _G, 1, "11-19", 2, "59 more seats discussed; wants the price by Thursday.", sentiment=5
        )
    ],
    "promises": [
        promise(_G, 1, "us", "price for 59 seats", made_on=day("11-19"), due_on=day("11-26"))
    ],
}

_M = "A003"  # Müller & Söhne: bought in September, the kickoff never took place
MULLER: Rows = {
    "tickets": [
        ticket(_M, 8701, "10-08", "Invitations do not arrive", priority="urgent", closed_at=None),
        ticket(_M, 8655, "09-22", "Wrong language in the welcome mail", csat=2),
    ],
    "contacts": [contact(_M, 1, "Jürgen Müller", "champion", "Leiter Fertigung")],
    "touchpoints": [
        call(_M, 1, "09-08", 1, "Welcome call; kickoff planned for 15 September.", sentiment=4),
        mail(_M, 2, "09-15", 1, "Kickoff moved at their wish, no new date."),
        mail(_M, 3, "10-20", 1, "Second attempt for a kickoff. No answer."),
    ],
}

_O = "A013"  # O'Neil: the value case is written, not yet confirmed
ONEIL: Rows = {
    "contacts": [contact(_O, 1, "Siobhán O'Neil", "champion", "Managing Editor")],
    "opportunities": [
        forecast(
            _O, 1, "11-09", "likely", amount=164_000, probability=0.75, closes_on=day("2027-03-16")
        )
    ],
}
