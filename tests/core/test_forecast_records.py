import datetime as dt
from dataclasses import replace

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecast_records import Judged, held, outcomes_by_category, records
from cs_workbench.core.retention_outlook import Outlook, project_retention
from tests.core.renewal_cases import forecast, outcome

POLICY = replace(ForecastPolicy(), least_record=2)
BY = dt.date(2026, 11, 1)


def judged(category: str, ending: str, **fields: object) -> Judged:
    renewed = fields.pop("renewed", 1_000 if ending == "won" else 0)
    said = forecast(category, "2026-10-20", amount_minor=1_000, **fields)
    return Judged(BY, [said], outcome(ending, due_minor=1_000, renewed_minor=renewed))


def test_the_forecast_that_counts_is_the_one_that_stood_on_the_commit_by_day() -> None:
    early, late = forecast("likely", "2026-10-20"), forecast("commit", "2026-11-20")
    assert held([late, early], BY) == early
    assert held([late], BY) == late
    assert held([], BY) is None


def test_bias_and_brier_of_an_author() -> None:
    (found,) = records([judged("commit", "won"), judged("likely", "lost")], POLICY)
    assert (found.author, found.renewals, found.slips) == ("ana", 2, 0)
    assert (found.forecast_minor, found.actual_minor) == (1_700, 1_000)
    assert found.bias_e4 == 7_000  # (1,700 - 1,000) / 1,000; divided by the forecast: 41 %
    assert found.brier_e4 == round((0.05**2 + 0.75**2) / 2 * 10_000)


def test_too_few_say_nothing_and_nothing_renewed_has_no_bias() -> None:
    (few,) = records([judged("commit", "won")], POLICY)
    assert (few.renewals, few.bias_e4, few.brier_e4, few.is_enough) == (1, None, None, False)
    (none,) = records([judged("likely", "lost"), judged("likely", "lost")], POLICY)
    assert none.bias_e4 is None
    assert none.brier_e4 == 5_625


def test_slips_are_the_authors_own_even_without_a_renewal_of_theirs() -> None:
    first = forecast("likely", "2026-10-20", closes_on=dt.date(2026, 12, 1))
    second = forecast("likely", "2026-11-20", closes_on=dt.date(2027, 1, 1), author="jon")
    found = records([Judged(BY, [first, second], outcome())], POLICY)
    assert [(one.author, one.renewals, one.slips) for one in found] == [
        ("ana", 1, 0),
        ("jon", 0, 1),
    ]


def test_rates_of_categories_are_counted_by_what_stood() -> None:
    every = [judged("likely", "won"), judged("likely", "lost"), judged("commit", "won")]
    assert outcomes_by_category(every) == {"likely": (1, 2), "commit": (1, 1)}


# DEFINITIONS.md, Revenue: A 100 to 100, B 100 to 130, C 100 to 60, D 100 to 0, E 100 to 110, new.
VECTOR = [(100, 100), (100, 130), (100, 60), (100, 0), (100, 110), (0, 80)]


def test_what_is_decided_gives_the_vector_of_the_definitions() -> None:
    found = project_retention(Outlook(*pair) for pair in VECTOR)
    assert (found.opening_minor, found.accounts) == (500, 5)
    assert found.grr is not None
    assert found.nrr is not None
    assert (found.grr.low, found.grr.mid, found.grr.high) == (7_200, 7_200, 7_200)
    assert found.nrr.mid == 8_000
    assert found.grr.mid != 8_000  # the minimum of the totals
    assert found.nrr.mid != 9_600  # with the new account in it


def test_what_is_open_is_in_the_range_and_all_opening_arr_in_the_denominator() -> None:
    safe = [Outlook(1_000, 1_000) for _ in range(9)]
    found = project_retention([*safe, Outlook(1_000, 0, [(1_500, 7_500)])])
    assert found.grr is not None
    assert found.nrr is not None
    assert (found.grr.low, found.grr.mid, found.grr.high) == (9_000, 9_750, 10_000)
    assert (found.nrr.low, found.nrr.mid, found.nrr.high) == (9_000, 10_125, 10_500)


def test_several_renewals_of_one_account_fill_its_opening_arr_once() -> None:
    found = project_retention([Outlook(100, 40, [(50, 10_000), (50, 10_000)])])
    assert found.grr is not None
    assert found.nrr is not None
    assert (found.grr.mid, found.nrr.mid) == (10_000, 14_000)


def test_no_opening_arr_is_unknown() -> None:
    found = project_retention([Outlook(0, 80)])
    assert (found.grr, found.nrr) == (None, None)
