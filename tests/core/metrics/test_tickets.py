from fractions import Fraction
from typing import Any

import pytest

from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.tickets import HOUR, Request, Service

DAY = 86_400
NOW = 100 * DAY


def ticket(
    account: int = 1, *, opened: int = 0, closed: int | None = DAY, **fields: Any
) -> Request:
    given = {"responded": None, "priority": "normal", "driver": "login", "reopened": 0, **fields}
    return Request(account, opened, closed=closed, **given)


def served(tickets: list[Request], targets: dict[str, int] | None = None) -> Service:
    service = Service(NOW, targets or {})
    service.add(tickets)
    return service


def resolved(tickets: list[Request]) -> Metric:
    return served(tickets).first_contact_resolution()


def test_first_contact_leaves_out_what_cannot_be_told_yet() -> None:
    tickets = [
        ticket(1),
        ticket(2, reopened=1),
        ticket(3, closed=None),
        ticket(4, opened=96 * DAY, closed=97 * DAY),
    ]
    found = resolved(tickets)
    assert (found.numerator, found.denominator) == (1, 2)
    assert found.value != Fraction(1, 4)  # over all tickets
    assert found.value != Fraction(2, 3)  # over all closed ones


@pytest.mark.parametrize(
    ("after", "driver", "count"), [(7, "login", 1), (8, "login", 2), (3, "x", 2)]
)
def test_the_same_driver_within_seven_days_is_no_first_contact(
    after: int, driver: str, count: int
) -> None:
    again = ticket(1, opened=DAY + after * DAY, closed=DAY + after * DAY + 5, driver=driver)
    assert resolved([ticket(1), again]).numerator == count


def test_a_ticket_without_a_driver_is_said_to_be_unsure() -> None:
    assert "no driver" in resolved([ticket(driver=None)]).flags[0]


def test_times_are_medians_with_the_ninth_of_ten_beside() -> None:
    tickets = [ticket(at, closed=hours * HOUR) for at, hours in enumerate([1, 2, 3, 4, 90])]
    tat, met = served(tickets, {"normal": 3}).turnaround()
    assert tat.value == 3
    assert tat.value != 20  # the mean
    assert "90.0 hours" in tat.flags[0]
    assert met.value == Fraction(3, 5)
    waits = [ticket(responded=HOUR), ticket(responded=3 * HOUR), ticket()]
    first = served(waits).first_response()
    assert (first.value, first.n) == (Fraction(2), 2)
    assert served([]).turnaround()[0].value is None


def test_what_came_later_is_outside_and_shows_who_came_back() -> None:
    service = Service(NOW, {})
    service.add([ticket(1), ticket(2)], [ticket(1, opened=3 * DAY, closed=4 * DAY)])
    found = service.first_contact_resolution()
    assert (found.numerator, found.denominator) == (1, 2)
    assert service.turnaround()[0].n == 2


def test_accounts_added_some_at_a_time_say_what_they_say_together() -> None:
    tickets = [ticket(at // 3, closed=DAY + at, responded=7 * at % 11) for at in range(12)]
    whole, parts = served(tickets, {"normal": 30}), Service(NOW, {"normal": 30})
    for begin in range(0, 12, 6):
        parts.add(tickets[begin : begin + 6])
    assert parts.turnaround() == whole.turnaround()
    assert parts.first_response() == whole.first_response()
    assert parts.first_contact_resolution() == whole.first_contact_resolution()
