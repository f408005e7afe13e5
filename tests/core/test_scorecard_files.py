import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.scorecard_files import Mistake, check_scorecard, read_scorecard
from cs_workbench.core.scorecards import FULL, POINT, BandMap, Scorecard, Variant
from tests.core.signals.situations import SUBSCRIPTION, TODAY
from tests.core.test_measures import BLANK

GOOD = """name = "small"
[bands]
yellow_from = 50
green_from = 70
minimum_coverage = 0.4
[usage]
metrics = []
[dimensions]
service = "Service"
[[measures]]
id = "complaints"
label = "Complaints"
dimension = "service"
source = "complaints"
weight = 5
map = [[0, 100], [3, 0]]
[[measures]]
id = "tickets"
label = "Tickets"
dimension = "service"
source = "support volume"
weight = 5
map = [[1, 100], [4, 0]]
"""
PROFILES = """
[[profiles]]
name = "young smb"
segment = ["SMB"]
stage = ["onboarding"]
measures.complaints = { weight = 0 }
[[profiles]]
name = "smb"
segment = ["SMB", "Mid-market"]
[profiles.measures.tickets]
weight = 20
missing = "worst"
[[profiles]]
name = "crm"
product = ["CRM"]
[profiles.measures.tickets]
bands = [{ to = 2, points = 100 }, { points = 10 }]
"""


def card(text: str) -> Scorecard:
    return read_scorecard(text)


def said(text: str) -> list[tuple[int, str]]:
    found, mistakes = check_scorecard(text)
    assert (found is None) == bool(mistakes)
    return [(one.line, one.message) for one in mistakes]


def line_with(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), start=1) if part in line)


def test_a_sound_file_has_no_mistake() -> None:
    assert said(GOOD) == said(GOOD + PROFILES) == []


def test_bands_hold_from_their_limit_on() -> None:
    bands = "bands = [{ to = 1, points = 100 }, { from = 1, to = 3, points = 40 }, { points = 0 }]"
    worth = card(GOOD.replace("map = [[0, 100], [3, 0]]", bands)).measures[0].worth
    assert isinstance(worth, BandMap)
    assert [worth.points_of(value) for value in (-5, 0.999999, 1, 2.9, 3, 99)] == [
        *(FULL, FULL, 40 * POINT, 40 * POINT, 0, 0)
    ]
    assert (worth.target, worth.higher_is_better) == (1, False)


@pytest.mark.parametrize(
    ("bands", "why"),
    [
        ("{ to = 1, points = 9 }, { from = 2, points = 0 }", "a gap between bands: from 1 to 2"),
        ("{ to = 3, points = 9 }, { from = 2, points = 0 }", "bands overlap: from 2 to 3"),
        ("{ points = 9 }, { points = 0 }", "bands need `from` or `to` where one ends"),
        ("{ from = 0, to = 2, points = 9 }, { points = 0 }", "the first band has no `from`"),
        ("{ to = 2, points = 9 }, { to = 3, points = 0 }", "the last no `to`"),
        ("{ to = 2, points = 9 }, { points = 9 }", "all values have the same points"),
        (
            "{ to = 2, points = 9 }, { to = 3, points = 0 }, { points = 5 }",
            "the points must only rise or only fall",
        ),
        (
            "{ to = 2, points = 9 }, { to = 1, points = 5 }, { points = 0 }",
            "each band must begin above the last",
        ),
    ],
)
def test_bands_cover_every_value_once(bands: str, why: str) -> None:
    text = GOOD.replace("map = [[0, 100], [3, 0]]", f"bands = [{bands}]")
    assert any(
        line == line_with(text, "bands = [{") and why in message for line, message in said(text)
    )


def test_every_mistake_is_found_with_its_line() -> None:
    text = (
        GOOD.replace("weight = 5", "weight = 0", 1)
        .replace("[[0, 100], [3, 0]]", "[[0, 100], [3, 0], [2, 5]]")
        .replace("green_from = 70", "green_from = 40\ncolour = 1")
        .replace('source = "support volume"', 'source = "support"')
        .replace('id = "tickets"', 'id = "complaints"')
    )
    assert [line for line, _ in said(text)] == [4, 5, 16, 17, 17, 19, 22]
    assert said(text)[0] == (4, "bands: 0 < yellow_from < green_from <= 100 must hold")
    assert said(text)[2] == (16, "measure complaints: weight goes from 1 to 1000000, not 0")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("days = 0", "days goes from 1 to 365, not 0"),
        ("days = -1", "days goes from 1 to 365, not -1"),
        ("days = 366", "days goes from 1 to 365, not 366"),  # no older tickets are read
        ("days = 9999999", "days goes from 1 to 365, not 9999999"),
    ],
)
def test_a_parameter_that_cannot_be_measured_with_is_a_mistake(given: str, why: str) -> None:
    text = GOOD.replace(
        'source = "complaints"', f'source = "complaints"\nparameters = {{ {given} }}'
    )
    assert said(text) == [(line_with(text, given), f"measure complaints: {why}")]
    sound = text.replace(given, "days = 365")
    assert said(sound) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("weight = 5", "weight = 9000000000000000000000", "weight goes from 1 to 1000000, not 9"),
        ("[3, 0]", "[1e305, 0]", "map goes from -1000000000000 to 1000000000000, not 1e+305"),
        (
            "weight = 5",
            "weight = 5\nmax_age_days = 99999999999",
            "max_age_days goes from 0 to 36500",
        ),
        ("weight = 5", "weight = 5\nmin_history_days = 40000", "min_history_days goes from 0 to"),
    ],
)
def test_a_number_that_cannot_be_calculated_with_is_a_mistake(old: str, new: str, why: str) -> None:
    ((_, message),) = said(GOOD.replace(old, new, 1))
    assert why in message


def test_what_is_not_toml_has_the_line_of_the_parser() -> None:
    (only,) = said(GOOD.replace("weight = 5", "weight = ", 1))
    assert (only[0], only[1][:9]) == (15, "not TOML:")
    assert said('name = "a')[0][0] == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('segment = ["SMB", "Mid-market"]', "", "young smb"),
        ('name = "crm"\nproduct = ["CRM"]', 'name = "crm"\nsegment = ["smb"]', "profile smb above"),
        ('name = "crm"', 'name = "smb"', "profile smb is there twice"),
        ("measures.tickets]\nweight", "measures.ticket]\nweight", "did you mean tickets?"),
        ('stage = ["onboarding"]', 'stage = ["new"]', "stage cannot be 'new'"),
        ("{ weight = 0 }", "{ weight = 0 }\nmeasures.tickets = { weight = 0 }", "no measure has"),
        ("{ weight = 0 }", "{ weigth = 0 }", "unknown field weigth"),
    ],
)
def test_profiles_are_checked(old: str, new: str, why: str) -> None:
    text = GOOD + PROFILES
    assert old in text
    found = said(text.replace(old, new))
    if why == "young smb":  # without a condition it takes all that follow
        assert found[-1][1] == "profile crm: it is never used: profile smb above takes its accounts"
    else:
        assert any(why in message for _, message in found)


def test_a_profile_whose_accounts_several_others_take_is_never_used() -> None:
    head = "[[profiles]]\nname = "
    ours = (
        f'{head}"young"\nstage = ["onboarding"]\n[profiles.measures]\n'
        f'{head}"smb"\nsegment = ["smb"]\n[profiles.measures]\n'
        f'{head}"both"\nsegment = ["SMB", "mid"]\nstage = ["onboarding", "mature"]\n'
        "[profiles.measures]\n"
    )
    assert not said(GOOD + ours)  # mid and mature are left
    assert [message for _, message in said(GOOD + ours.replace(', "mid"', ""))] == [
        "profile both: it is never used: profile young and smb above take all its accounts"
    ]


@pytest.mark.parametrize(
    ("given", "line", "why"),
    [
        ('parents = "best"', 4, "parents cannot be 'best'; there are: arr, worst"),
        ("parents = 1", 4, "parents cannot be 1; there are: arr, worst"),
        ('parent = "arr"', 4, "unknown field parent; did you mean parents?"),
    ],
)
def test_the_roll_up_is_checked(given: str, line: int, why: str) -> None:
    text = GOOD.replace("[bands]", f"\n[rollup]\n{given}\n[bands]")
    assert said(text) == [(line, why)]


def test_parents_roll_up_by_arr_unless_the_file_says_otherwise() -> None:
    assert card(GOOD).parents_by == "arr"
    worst = card(GOOD.replace("[bands]", '[rollup]\nparents = "worst"\n[bands]') + PROFILES)
    assert worst.parents_by == "worst"
    assert {one.parents_by for one in worst.variants.values()} == {"worst"}


def test_the_first_profile_that_fits_holds() -> None:
    scorecard = card(GOOD + PROFILES)
    smb = replace(BLANK, segment="smb")
    assert scorecard.of_account(BLANK).variant == Variant()
    assert scorecard.of_account(smb).variant == Variant("smb")
    young = replace(smb, lifecycle_stage="onboarding")
    assert scorecard.of_account(young).variant == Variant("young smb")
    crm = replace(BLANK, subscriptions=(SUBSCRIPTION._replace(product="crm"),))
    assert scorecard.of_account(crm).variant == Variant("crm")
    over = SUBSCRIPTION._replace(product="crm", end_date=TODAY.replace(month=3))
    assert scorecard.of_account(replace(crm, subscriptions=(over,))).variant == Variant()


def test_a_profile_changes_what_it_names_and_keeps_the_order() -> None:
    scorecard = card(GOOD + PROFILES)
    smb = scorecard.variants[Variant("smb")]
    assert [one.weight for one in smb.measures] == [5, 20]
    assert smb.measures[1].missing_e4 == 0
    assert smb.measures[1].worth == scorecard.measures[1].worth
    young = scorecard.variants[Variant("young smb")]
    assert [(one.measure_id, one.weight) for one in young.measures] == [
        *(("complaints", 0), ("tickets", 5))
    ]


TENURE = """tenure = [
  { until_months = 3, map = [[0, 50], [9, 0]] },
  { until_months = 12, bands = [{ to = 5, points = 70 }, { points = 0 }] },
]
"""


@pytest.mark.parametrize(
    ("started", "until", "points"),
    [
        (TODAY.replace(month=9), 3, 50),
        (TODAY.replace(month=8), 12, 70),
        (TODAY.replace(year=2025), None, 100),
        (None, 12, 70),  # then the first subscription counts
    ],
)
def test_thresholds_depend_on_the_months_since_the_start(
    started: dt.date | None, until: int | None, points: int
) -> None:
    text = GOOD.replace("map = [[0, 100], [3, 0]]\n", "map = [[0, 100], [3, 0]]\n" + TENURE)
    found = card(text).of_account(replace(BLANK, started_on=started))
    assert found.variant == Variant(None, until)
    assert found.measures[0].worth.points_of(0) == points * POINT


def test_a_file_cannot_pretend_to_be_a_variant() -> None:
    text = 'variant = { profile = "smb" }\n' + GOOD + PROFILES
    assert said(text)[0][1].startswith("unknown field variant")


def test_mistakes_sort_by_line() -> None:
    assert sorted([Mistake(9, "a"), Mistake(2, "b")]) == [Mistake(2, "b"), Mistake(9, "a")]
