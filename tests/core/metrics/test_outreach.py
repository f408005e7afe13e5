from fractions import Fraction

from cs_workbench.core.metric_kernels.engagement import Contact
from cs_workbench.core.metrics.outreach import EPOCH, Outreach, Touch

DAY = 86_400
NOW = 100 * DAY


def touch(account: int, day: int, way: str, kind: str = "email") -> Touch:
    return Touch(account, day * DAY, way != "theirs", way != "ours", kind)


def made(touches: list[Touch]) -> Outreach:
    outreach = Outreach(NOW)
    outreach.add(touches)
    return outreach


def test_conversion_counts_outreaches_that_are_old_enough() -> None:
    touches = [
        touch(1, 10, "ours"),
        touch(1, 24, "theirs"),
        touch(2, 10, "ours"),
        touch(2, 25, "theirs"),
        touch(3, 90, "ours"),
        touch(4, 10, "ours", "bounced"),
        touch(5, 10, "both"),
    ]
    found = made(touches).conversion_rate()
    assert (found.numerator, found.denominator) == (1, 2)


def test_drop_rate_is_over_what_was_delivered() -> None:
    sent = [touch(account, 10 + at, "ours") for at, account in enumerate([1, 1, 2, 3])]
    found = made([*sent, touch(4, 10, "ours", "bounced")]).drop_rate([2])
    assert found.value == Fraction(1, 4)
    assert found.members.sums == (1, 4)
    assert made([]).drop_rate([]).value is None


def test_what_came_later_may_answer() -> None:
    outreach = Outreach(NOW)
    outreach.add([touch(1, 10, "ours")], [touch(1, 24, "theirs"), touch(2, 24, "ours")])
    found = outreach.conversion_rate()
    assert (found.numerator, found.denominator) == (1, 1)


def test_contacts_are_days_of_some_accounts_once_each() -> None:
    outreach = made([touch(1, 10, "ours"), touch(1, 10, "both"), touch(1, 4, "theirs")])
    outreach.add([touch(3, 9, "ours"), touch(5, 8, "ours"), touch(5, 2, "ours", "bounced")])
    days = [Contact(1, EPOCH + 10), Contact(5, EPOCH + 2), Contact(5, EPOCH + 8)]
    assert outreach.accounts == [1, 3, 5]
    assert outreach.contacts([1, 5]) == days
    assert outreach.contacts([2]) == outreach.contacts([]) == []
