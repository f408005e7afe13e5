import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.health import score_health
from cs_workbench.core.map_texts import map_text, read_map
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured, Outcome
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import PointMap, Scorecard, Variant
from cs_workbench.core.value_texts import read_value, read_weight
from cs_workbench.core.what_if import (
    Ground,
    Trial,
    measured_alike,
    retuned,
    suppose,
    variant_of,
)
from cs_workbench.errors import InputError, UsageError
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import TODAY

TEXT = """# kept as it is
name = "test"
[bands]
yellow_from = 40
green_from = 70
minimum_coverage = 0.5
[usage]
metrics = []
[dimensions]
voice = "Voice"
service = "Service"
adoption = "Adoption"
[[measures]]
id = "nps"
label = "NPS"
dimension = "voice"
source = "last NPS"
weight = 3 # of ten
map = [[0, 0], [10, 100]]
[[measures]]
weight=7
id = "tickets"
label = "Tickets"
dimension = "service"
source = "open urgent tickets"
map = [[0, 100], [4, 0]]
[[measures]]
id = "seats"
label = "Seats"
dimension = "adoption"
source = "seat utilisation"
weight = 10
map = [[0.1, 0], [0.75, 100]]
[[profiles]]
name = "smb"
segment = ["smb"]
[profiles.measures.tickets]
weight = 20
[[profiles]]
name = "large"
segment = ["enterprise"]
measures.nps = { weight = 0, missing = "worst" }
"""
CARD = read_scorecard(TEXT)
PLAIN = Variant()
SMB, LARGE = Variant("smb"), Variant("large")


def weights(card: Scorecard, variant: Variant) -> list[int]:
    return [one.weight for one in variant_of(card, variant).measures]


def ground(*outcomes: Outcome, variant: Variant = PLAIN) -> Ground:
    return Ground(1, "Acme", TODAY, CARD, variant_of(CARD, variant), outcomes)


def test_a_weight_is_changed_where_it_is_written_and_nothing_else() -> None:
    found = retuned(CARD, PLAIN, Trial(weights={"nps": 5}))
    assert found.text == TEXT.replace("weight = 3 # of ten", "weight = 5 # of ten")
    assert weights(found, PLAIN) == [5, 7, 10]
    assert weights(found, SMB) == [5, 20, 10]


def test_a_profile_keeps_its_own_weight() -> None:
    found = retuned(CARD, SMB, Trial(weights={"tickets": 1, "seats": 2}))
    assert weights(found, SMB) == [3, 1, 2]
    assert weights(found, PLAIN) == [3, 7, 2]  # seats has no weight of its own there
    found = retuned(CARD, LARGE, Trial(weights={"nps": 4}))
    assert weights(found, LARGE) == [4, 7, 10]
    assert variant_of(found, LARGE).measures[0].missing_e4 == 0
    assert weights(found, PLAIN) == [3, 7, 10]


def test_nothing_tried_is_the_same_scorecard() -> None:
    assert retuned(CARD, SMB, Trial(weights={})) is CARD


def test_a_weight_that_cannot_be_says_so() -> None:
    with pytest.raises(InputError, match="weight"):
        retuned(CARD, PLAIN, Trial(weights={"nps": 0}))
    with pytest.raises(UsageError, match="no measure x"):
        retuned(CARD, PLAIN, Trial(weights={"x": 1}))
    crowded = TEXT.replace(
        "[profiles.measures.tickets]\nweight = 20\n",
        "measures = { tickets = { weight = 20 }, nps = { weight = 1 } }\n",
    )
    with pytest.raises(UsageError, match="only be changed in the file itself"):
        retuned(read_scorecard(crowded), SMB, Trial(weights={"nps": 2}))


SHIPPED = (Path("cs_workbench") / "scorecards" / "default.toml").read_text(encoding="utf-8")


IDS = [one["id"] for one in tomllib.loads(SHIPPED)["measures"]]


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(IDS), st.integers(1, 999_999)))
def test_any_weights_of_the_shipped_scorecard_can_be_tried(tried: dict[str, int]) -> None:
    found = retuned(default_scorecard(), PLAIN, Trial(weights=tried))
    was, now = tomllib.loads(SHIPPED), tomllib.loads(found.text)
    for one in was["measures"]:
        one["weight"] = tried.get(one["id"], one["weight"])
    assert was == now


def test_the_score_moves_as_worked_out_by_hand() -> None:
    start = ground(Measured(5, 3), Measured(0, 0), MISSING)
    found = suppose(start, Trial())
    assert found.before.points_e4 == found.after.points_e4 == 850_000  # (3 x 50 + 7 x 100) / 10
    found = suppose(start, Trial().weighing("nps", 7))
    assert found.after.points_e4 == 750_000
    assert [line.points_e4 for line in found.lines_after] == [250_000, 500_000, None]
    found = suppose(start, Trial().weighing("nps", 7).valuing("tickets", Measured(4, 0)))
    assert (found.after.points_e4, found.after.band) == (250_000, "red")
    assert found.before.points_e4 == 850_000
    found = suppose(start, Trial().valuing("tickets", MISSING))
    assert (found.after.points_e4, found.after.band) == (500_000, "unknown")


def test_what_is_tried_can_be_taken_back() -> None:
    trial = Trial().weighing("nps", 7).valuing("nps", MISSING).weighing("seats", 1)
    assert trial.without("nps") == Trial({"seats": 1}, {})
    assert not trial.is_empty
    assert trial.without("nps").without("seats").is_empty


def test_a_value_is_tried_for_what_was_not_asked() -> None:
    start = ground(Measured(5, 3), NOT_APPLICABLE, MISSING)
    found = suppose(start, Trial().valuing("tickets", Measured(0, 0)))
    assert found.after == score_health(CARD, (Measured(5, 3), Measured(0, 0), MISSING))


@pytest.mark.parametrize(
    ("measure", "typed", "value"),
    [
        ("seats", "60 %", Measured(0.6, 0)),
        ("seats", "60", Measured(0.6, 0)),
        ("seats", "118%", Measured(1.18, 0)),
        ("seats", "?", MISSING),
        ("nps", "8", Measured(8, 0)),
        ("nps", " 8.5 ", Measured(8.5, 0)),
        ("tickets", "−1", Measured(-1, 0)),
    ],
)
def test_values_are_read_as_they_are_shown(measure: str, typed: str, value: Outcome) -> None:
    line = next(one for one in CARD.measures if one.measure_id == measure)
    assert read_value(line, typed) == value


def test_days_times_and_yes_are_read_too() -> None:
    shipped = {one.measure_id: one for one in read_scorecard(SHIPPED).measures}
    assert read_value(shipped["two_way_contact"], "12 d") == Measured(12, 0)
    assert read_value(shipped["support_volume"], "2.5 ×") == Measured(2.5, 0)
    assert read_value(shipped["usage_change"], "−50 %") == Measured(-0.5, 0)
    champion = read_scorecard(TEXT.replace("last NPS", "champion present")).measures[0]
    assert read_value(champion, "no") == Measured(0, 0)
    assert read_value(champion, "Yes") == Measured(1, 0)


@pytest.mark.parametrize("typed", ["", "soon", "nan", "inf", "1e999", "--3", "% 4"])
def test_what_is_no_value_says_how_to_write_it(typed: str) -> None:
    with pytest.raises(UsageError, match="Write it like"):
        read_value(CARD.measures[2], typed)


@pytest.mark.parametrize(("typed", "weight"), [("0", 0), (" 14 ", 14)])
def test_weights_are_whole_numbers(typed: str, weight: int) -> None:
    assert read_weight(typed) == weight


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "x", "²", "1234567"])
def test_other_weights_are_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="whole number"):
        read_weight(typed)


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("weight = 3", "weight = 9", True),
        ("map = [[0, 0], [10, 100]]", "map = [[0, 0], [5, 100]]", True),
        ("yellow_from = 40", "yellow_from = 50", True),
        ('"last NPS"', '"last CES"', False),
        ('segment = ["smb"]', 'segment = ["mid-market"]', False),
        ("metrics = []", 'metrics = ["logins"]', False),
        ("weight=7", "weight=7\nmin_history_days = 30", False),
        ("weight=7", "weight=7\nif_imported = true", False),
        ("{ weight = 0, ", "{ weight = 1, ", False),  # it was not asked
        ("weight=7", "weight=7\ntenure = [{ until_months = 3, map = [[0, 90], [4, 0]] }]", False),
    ],
)
def test_stored_values_serve_only_what_asks_the_same(old: str, new: str, *, alike: bool) -> None:
    assert old in TEXT
    assert measured_alike(CARD, read_scorecard(TEXT.replace(old, new))) is alike


def test_ceasing_to_ask_is_no_new_question() -> None:
    other = read_scorecard(TEXT.replace("{ weight = 0, ", "{ weight = 1, "))
    assert measured_alike(other, CARD)


def test_a_map_is_shown_as_the_page_shows_values_and_typed_alike() -> None:
    line = CARD.measures[2]
    assert map_text(line) == "10 %: 0, 75 %: 100"
    assert read_map(line, "10 %: 0, 50%: 62.5, 75 %: 100") == PointMap(
        (100_000, 500_000, 750_000), (0, 625_000, 1_000_000)
    )
    assert map_text(CARD.measures[0]) == "0: 0, 10: 100"


def test_a_value_that_is_left_alone_keeps_its_digits() -> None:
    line = CARD.measures[2]
    fine = replace(line, worth=PointMap((123_456, 750_000), (0, 1_000_000)))
    assert map_text(fine) == "12 %: 0, 75 %: 100"
    assert read_map(fine, "12 %: 5, 75 %: 100").values == (123_456, 750_000)
    close = replace(line, worth=PointMap((123_456, 124_000), (0, 1_000_000)))
    assert read_map(close, map_text(close)) == close.worth


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10 %: 0", "2 to 20 pairs"),
        ("10 %, 75 %: 100", "is no pair"),
        ("75 %: 0, 10 %: 100", "above the last"),
        ("10 %: 0, 75 %: 101", "0 to 100"),
        ("10 %: much, 75 %: 100", "no points"),
        ("?: 0, 75 %: 100", "unknown"),
        ("soon: 0, 75 %: 100", "is no value"),
    ],
)
def test_what_is_no_map_is_said(typed: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_map(CARD.measures[2], typed)


def test_a_map_changes_the_score_and_only_its_own_line_of_the_text() -> None:
    worth = read_map(CARD.measures[0], "0: 0, 5: 100")
    found = retuned(CARD, PLAIN, Trial().mapping("nps", worth))
    assert variant_of(found, PLAIN).measures[0].worth == worth
    changed = [
        (was, now)
        for was, now in zip(CARD.text.split("\n"), found.text.split("\n"), strict=True)
        if was != now
    ]
    assert changed == [("map = [[0, 0], [10, 100]]", "map = [[0, 0], [5, 100]]")]


def test_a_map_that_turns_back_or_is_a_tenures_is_changed_in_the_file() -> None:
    line = CARD.measures[0]
    with pytest.raises(InputError):
        retuned(CARD, PLAIN, Trial().mapping("nps", read_map(line, "0: 0, 5: 100, 7: 50")))
    text = TEXT.replace(
        "map = [[0, 0], [10, 100]]",
        "map = [[0, 0], [10, 100]]\ntenure = [{ until_months = 3, map = [[0, 0], [8, 100]] }]",
    )
    with pytest.raises(UsageError, match="file itself"):
        retuned(
            read_scorecard(text),
            Variant(None, 3),
            Trial().mapping("nps", read_map(line, "0: 0, 5: 100")),
        )
