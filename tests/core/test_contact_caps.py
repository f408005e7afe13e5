import datetime as dt

import pytest

from cs_workbench.core.contact_caps import Outreach, cap_warnings, read_contact_policy
from cs_workbench.errors import InputError
from tests.factories import TODAY

POLICY = read_contact_policy("days = 30\naccount = 4\n[person]\nPhone = 2\n", "c.toml")


def sent(days_ago: int, channel: str = "phone", who: str | None = "lena") -> Outreach:
    return Outreach(TODAY - dt.timedelta(days_ago), channel, who)


@pytest.mark.parametrize(
    ("before", "planned", "says"),
    [
        ([], sent(0), ()),
        ([sent(5)], sent(0, "PHONE"), ("phone 2 of 2 in 30 days",)),
        ([sent(5, "call")], sent(0), ("phone 2 of 2 in 30 days",)),  # one phone, two names
        ([sent(5)], sent(0, "Telephone "), ("phone 2 of 2 in 30 days",)),
        ([sent(30)], sent(0), ()),  # 30 days ago is outside
        ([sent(5, who="tom")], sent(0), ()),
        ([sent(5, "email")], sent(0), ()),
        ([sent(5)], sent(0, who=None), ()),
        (
            [sent(1, "visit"), sent(2, "visit"), sent(3, "visit")],
            sent(0, "visit"),
            ("account 4 of 4 in 30 days",),
        ),
        ([sent(-1)], sent(0), ()),
    ],
)
def test_a_cap_is_said_when_it_is_reached(
    before: list[Outreach], planned: Outreach, says: tuple[str, ...]
) -> None:
    assert cap_warnings(POLICY, before, planned) == says


def test_of_two_names_of_one_channel_the_lower_cap_counts() -> None:
    text = "days = 30\naccount = 4\n[person]\nphone = 3\ncall = 1\nemail = 2\n"
    assert read_contact_policy(text, "c.toml").person == {"phone": 1, "email": 2}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "days = 0\naccount = 1",
            "days = 30",
            "person = 1",
            "[x",
            "days = 1\naccount = 1\nkind = 1",
        ),
        "days = 1\naccount = 1\nneeds_approval = 'ana'",
    ],
)
def test_what_a_policy_may_not_say(text: str) -> None:
    with pytest.raises(InputError, match=r"c\.toml"):
        read_contact_policy(text, "c.toml")
