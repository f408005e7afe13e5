import pytest

from cs_workbench.core.scorecard_diffs import tell_differences, tell_map
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import BandMap, PointMap
from tests.core.test_scorecard_files import GOOD, PROFILES

BASE = GOOD + PROFILES


def told(new: str, old: str = BASE) -> list[str]:
    return list(tell_differences(read_scorecard(old), read_scorecard(new)))


def test_the_same_scorecard_has_no_difference() -> None:
    assert told(BASE) == told("# a comment\n" + BASE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"small"', '"large"', ["name: small → large"]),
        ("green_from = 70", "green_from = 72.5", ["green from: 70 → 72.5"]),
        ("coverage = 0.4", "coverage = 0.6", ["minimum coverage: 0.4 → 0.6"]),
        ("metrics = []", 'metrics = ["a"]', ["usage metrics: none → a"]),
        ("[usage]", '[rollup]\nparents = "worst"\n[usage]', ["parents by: arr → worst"]),
        ('"Service"', '"Support"', ["label of service: Service → Support"]),
        ('"CRM"', '"ERP"', ["profile crm: for: product crm → product erp"]),
        (
            "weight = 20",
            "weight = 15",
            ["profile smb: tickets: weight 20 → 15 (80.0 % → 75.0 % of all)"],
        ),
        (
            "[[1, 100], [4, 0]]",
            "[[1, 100], [5, 0]]",
            [
                "tickets: map: 1 → 100, 5 → 0 (was 1 → 100, 4 → 0)",
                "profile smb: tickets: map: 1 → 100, 5 → 0 (was 1 → 100, 4 → 0)",
            ],
        ),
        (
            'missing = "worst"\n',
            "",
            ["profile smb: tickets: without data it: counts as 0 → does not count"],
        ),
    ],
)
def test_a_difference_is_a_sentence(old: str, new: str, said: list[str]) -> None:
    assert old in BASE
    assert told(BASE.replace(old, new)) == said


def test_measures_and_profiles_come_and_go() -> None:
    more = GOOD.replace('"tickets"', '"volume"')
    assert told(more, GOOD) == [
        "tickets is gone (it had 50.0 % of the weight)",
        "volume is new, with 50.0 % of the weight",
    ]
    assert told(GOOD)[0] == "profile young smb is gone"
    assert told(BASE, GOOD)[1] == "profile smb is new, for segment mid-market or smb"
    assert told(BASE, GOOD)[2] == "profile crm is new, for product crm"


def test_maps_are_told_by_value() -> None:
    assert tell_map(PointMap((200_000, 900_000), (0, 1_000_000))) == "0.2 → 0, 0.9 → 100"
    assert tell_map(BandMap((5_000_000,), (0, 500_000))) == "below 5 → 0, from 5 → 50"
