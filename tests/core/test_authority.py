import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.authority import (
    approvers,
    authority_of,
    given_lately,
    may_decide,
    read_authority,
)
from cs_workbench.core.memory import Concession
from cs_workbench.errors import InputError
from tests.factories import TODAY

ROLES = read_authority("[CFO]\n[lead]\npercent = 15\n[csm]\npercent = 2.5", "a.toml")
GIVEN = Concession(
    concession_id="c",
    account_key=1,
    kind="refund",
    reason="r",
    cost_minor=300,
    currency="USD",
    state="given",
    asked_on=TODAY,
    author="ana",
)


def test_roles_stand_by_their_limit_and_strangers_have_the_lowest() -> None:
    assert [one.role for one in ROLES] == ["csm", "lead", "CFO"]
    assert [one.limit_minor(10_001) for one in ROLES] == [250, 1_500, None]
    assert [one.limit_minor(None) for one in ROLES] == [0, 0, None]  # a share of nobody knows what
    assert authority_of(ROLES, "lead").share_e4 == 1_500
    assert authority_of(ROLES, None).role == authority_of(ROLES, "cook").role == "csm"


@pytest.mark.parametrize(
    ("cost", "before", "able"),
    [
        (250, 0, ("csm", "lead", "CFO")),
        (251, 0, ("lead", "CFO")),
        (100, 151, ("lead", "CFO")),  # cut into pieces it is no smaller
        (1_501, 0, ("CFO",)),
    ],
)
def test_who_may_approve(cost: int, before: int, able: tuple[str, ...]) -> None:
    given = {"cost_minor": cost, "before_minor": before, "arr_minor": 10_000}
    assert approvers(ROLES, **given) == able
    assert may_decide(ROLES[0], **given) is ("csm" in able)


def test_only_what_was_granted_within_a_year_counts() -> None:
    old = replace(GIVEN, decided_on=TODAY - dt.timedelta(365))
    waiting = replace(GIVEN, state="proposed")
    assert given_lately([GIVEN, old, waiting, replace(GIVEN, state="declined")], TODAY) == 300


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one role"),
        ("[csm", "a.toml"),
        ("csm = 5", r"\[csm\] takes percent"),
        ("[csm]\npercent = 101", "from 0 to 100"),
        ("[csm]\npercent = true", "from 0 to 100"),
        ("[csm]\nlimit = 1", r"\[csm\] takes percent"),
    ],
)
def test_what_a_policy_may_not_say(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_authority(text, "a.toml")
