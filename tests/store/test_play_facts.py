import datetime as dt

import pytest

from cs_workbench.core.playbooks.conditions import Condition, parse_condition
from cs_workbench.core.playbooks.model import Audience, Trigger
from cs_workbench.core.playbooks.names import FACTS
from cs_workbench.store.database import Database, write
from cs_workbench.store.play_facts import FACT_SQL, candidates, known_facts
from tests.factories import (
    TODAY,
    add_contact,
    add_promise,
    add_signal,
    add_subscription,
    add_ticket,
)
from tests.store.conftest import Book


def trigger(*texts: str, signals: tuple[str, ...] = ()) -> Trigger:
    parsed = [parse_condition(text) for text in texts]
    return Trigger(signals, tuple(one for one in parsed if one), False, "because")


def found(
    db: Database, one: Trigger, audience: Audience | None = None, today: dt.date = TODAY
) -> list[str]:
    some = candidates(db.connection, one, audience or Audience(), today)
    return [candidate.account_id for candidate in some]


def test_every_fact_that_conditions_may_name_can_be_asked() -> None:
    assert set(FACT_SQL) == set(FACTS)


def test_what_is_known_of_an_account(db: Database, book: Book) -> None:
    with write(db) as c:
        add_contact(c, book["kestrel"], role="champion", left_on="2026-11-02")
        add_contact(c, book["kestrel"], role="decision maker")
        add_ticket(c, book["kestrel"], priority="urgent", closed_at=None)
        add_promise(c, book["kestrel"], promised_by="us", due_on="2026-11-20")
    known = known_facts(db, book["kestrel"], TODAY)
    assert (known["score"], known["band"], known["arr"]) == (31.0, "red", 412_000.0)
    assert (known["segment"], known["former"]) == ("enterprise", "no")
    assert (known["champion"], known["decision maker"]) == ("no", "yes")
    assert (known["open urgent tickets"], known["late promises"]) == (1, 1)
    assert known_facts(db, book["tokyo"], TODAY)["champion"] is None  # nobody is known at all
    assert known_facts(db, 999, TODAY) == {}


@pytest.mark.parametrize(
    ("texts", "accounts"),
    [
        (["arr >= 400k"], ["kes-1"]),
        (["arr < 10k"], ["tok-3"]),
        (["band = red"], ["kes-1", "mul-2"]),
        (["band != red", "score > 60"], ["gre-4"]),
        (["stage = onboarding | mature"], ["tok-3", "gre-4"]),
        (["stage is unknown", "band = red"], ["kes-1", "mul-2"]),
        (["segment = SMB"], ["mul-2"]),
        (["seats = 10"], ["tok-3"]),
        (["former = yes"], ["gon-5"]),
        (["usage change < 0", "band = red"], ["kes-1", "mul-2"]),  # measures are asked elsewhere
    ],
)
def test_accounts_for_which_the_facts_hold(
    db: Database, book: Book, texts: list[str], accounts: list[str]
) -> None:
    assert found(db, trigger(*texts)) == accounts


def test_an_arr_that_nobody_knows_is_asked_for_by_name(db: Database, book: Book) -> None:
    everybody = set(found(db, trigger("arr > 0 or unknown")))
    with write(db) as c:
        c.execute(
            "UPDATE account_summary SET arr_minor = NULL WHERE account_key = ?", (book["kestrel"],)
        )
    assert everybody - set(found(db, trigger("arr > 0"))) == {"kes-1"}
    assert set(found(db, trigger("arr > 0 or unknown"))) == everybody
    assert found(db, trigger("arr > 900000M or unknown")) == ["kes-1"]
    assert found(db, trigger("arr > 0 or unknown", "segment = smb")) == ["mul-2"]


def test_a_signal_that_is_open_and_speaks(db: Database, book: Book) -> None:
    with write(db) as c:
        add_signal(c, book["kestrel"], "silence", reason="a", evidence="quiet for long")
        add_signal(c, book["kestrel"], "usage drift")
        add_signal(c, book["muller"], "silence", snoozed_until="2026-12-24")
        add_signal(c, book["tokyo"], "silence", resolved_on=TODAY.isoformat(), resolution="r")
        add_signal(c, book["green"], "overage")
    one = trigger("band = red", signals=("silence", "usage drift"))
    (kestrel,) = candidates(db.connection, one, Audience(), TODAY)
    assert kestrel.account_id == "kes-1"
    assert kestrel.signal is not None  # one play, though two signals ask for it


def test_the_audience_narrows(db: Database, book: Book) -> None:
    with write(db) as c:
        add_subscription(c, book["tokyo"], product="Platform", end_date="2027-03-01")
        c.execute("UPDATE account_summary SET end_date = '2027-03-01'")
    everybody = trigger("arr > 0")
    assert found(db, everybody, Audience(segments=frozenset({"enterprise"}))) == ["kes-1"]
    assert found(db, everybody, Audience(products=frozenset({"platform"}))) == ["tok-3"]
    assert found(db, everybody, Audience(stages=frozenset({"onboarding"}))) == ["gre-4"]


def test_a_condition_is_never_text_of_a_statement(db: Database, book: Book) -> None:
    hostile = Condition("band", "=", None, ("red') OR 1=1 --",), "x")
    assert found(db, Trigger((), (hostile,), False, "b")) == []
