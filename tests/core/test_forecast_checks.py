import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.forecast_checks import (
    commitment_lacks,
    forecast_lacks,
)
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import NOTHING_SAID, Forecast, Said
from tests.core.renewal_cases import KESTREL, TODAY, commitment, forecast

POLICY = ForecastPolicy()
D = dt.date
FULL = {"risk": "budget", "narrative": "They cut. We wait."}


def fields(one: Forecast, said: Said = NOTHING_SAID, policy: ForecastPolicy = POLICY) -> set[str]:
    return {lack.field for lack in forecast_lacks(one, KESTREL, said, day=TODAY, policy=policy)}


@pytest.mark.parametrize(
    ("category", "given", "lacks"),
    [
        ("at risk", {}, {"risk", "narrative"}),
        ("at risk", FULL, set()),
        ("commit", {}, set()),
        ("commit", {"amount_minor": None}, {"amount"}),
        ("likely", {}, {"missing_fact", "missing_on"}),
        ("likely", {"missing_fact": "PO", "missing_on": D(2026, 12, 1)}, set()),
        ("likely", {"missing_fact": "PO", "missing_on": D(2026, 11, 1)}, {"missing_on"}),
        ("omitted", {"narrative": "x"}, {"category"}),
        ("sure", {}, {"category"}),
        ("at risk", {**FULL, "risk": "weather"}, {"risk"}),
        ("at risk", {**FULL, "narrative": "Aaa. Bbb. Ccc. Ddd."}, {"narrative"}),
        ("at risk", {**FULL, "narrative": "x" * 601}, {"narrative"}),
        ("commit", {"amount_minor": -1}, {"amount"}),
        ("commit", {"probability_e4": 10_001}, {"probability"}),
        ("commit", {"renew_today": 11}, {"renew_today"}),
    ],
)
def test_what_a_forecast_lacks(category: str, given: dict[str, Any], lacks: set[str]) -> None:
    one = forecast(category)._replace(**given)
    assert fields(one) == lacks


def test_before_the_gate_likely_needs_nothing_more() -> None:
    early = KESTREL.deadline - dt.timedelta(91)
    one = forecast("likely")
    assert forecast_lacks(one, KESTREL, NOTHING_SAID, day=early, policy=POLICY) == []


def test_a_policy_may_want_a_reason_for_a_change_and_a_commitment() -> None:
    policy = replace(POLICY, required_on_change=("reason",))
    said = Said(forecast("at risk"))
    assert fields(forecast("commit"), said, policy) == {"reason"}
    assert fields(forecast("at risk", **FULL), said, policy) == set()
    strict = replace(POLICY, required={"closed": ("commitment",)})
    assert fields(forecast("closed"), NOTHING_SAID, strict) == {"commitment"}
    assert fields(forecast("closed"), Said(commitment=commitment()), strict) == set()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"level": "maybe"}, "level"),
        ({"signer": " "}, "signer"),
        ({"signer_left_on": D(2026, 11, 2)}, "signer"),
        ({"given_on": D(2026, 11, 24)}, "given_on"),
        ({"evidence": ""}, "evidence"),
        ({"amount_minor": -1}, "amount"),
        ({"term_months": 0}, "term"),
    ],
)
def test_what_a_commitment_lacks(given: dict[str, Any], field: str) -> None:
    one = commitment()._replace(**given)
    assert [lack.field for lack in commitment_lacks(one, day=TODAY)] == [field]
    assert commitment_lacks(commitment(), day=TODAY) == []
