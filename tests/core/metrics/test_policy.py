from dataclasses import replace
from fractions import Fraction

import pytest

from cs_workbench.core.metrics.policy import (
    DEFAULT_POLICY,
    MetricPolicy,
    check_policy,
    policy_words,
    read_policy,
)
from cs_workbench.errors import InputError


def test_an_empty_file_is_the_default() -> None:
    assert read_policy("", "metrics.toml") == DEFAULT_POLICY


def test_every_setting_can_be_given() -> None:
    policy = read_policy(
        """
        name = "finance"
        version = 3
        churn_date = "notice"
        reactivation_days = 60
        grace_days = 0
        early_renewal = "signed"
        minimum_per = "subscription"
        count_trials = true
        outside_arr = ["Services"]
        handover = "closing"
        fiscal_year_starts = 2
        gross_margin = 0.8
        clv_months = 48
        discount_rate = 0.1
        fast_growth = 0.2
        unavoidable = ["Bankruptcy"]
        [escalators]
        Platform = 0.05
        [tat_hours]
        urgent = 4
        [rates]
        base = "USD"
        [[rates.table]]
        from = 2026-01-01
        EUR = "1.0850"
        """,
        "metrics.toml",
    )
    assert policy.gross_margin == Fraction(4, 5)
    assert policy.outside_arr == ("services",)
    assert policy.escalator("platform") == Fraction(1, 20)
    assert policy.escalator("other") == 0
    assert policy.rates.base == "USD"


def test_the_hash_is_of_the_meaning() -> None:
    plain = read_policy("grace_days = 30", "p")
    assert plain.digest == read_policy("# a word\n\ngrace_days   = 30\n", "p").digest
    assert plain.digest != read_policy("grace_days = 31", "p").digest
    assert len(plain.digest) == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = [", "is not TOML"),
        ("grace = 30", "line 1: unknown setting 'grace'"),
        ("\ngrace_days = -1", "line 2: grace_days must be a whole number from 0"),
        ("grace_days = true", "whole number"),
        ("churn_date = 'never'", "must be one of entitlement, notice"),
        ("gross_margin = 80", "must be from 0 to 1"),
        ("gross_margin = '80 %'", "must be a number"),
        ("count_trials = 1", "true or false"),
        ("outside_arr = 'x'", "list of texts"),
        ("outside_arr = ['']", "text in quotes"),
        ("escalators = 3", "must be a table"),
        ("fiscal_year_starts = 13", "from 1 to 12"),
        ("[rates]\nbase = 'usd'", "three capital letters"),
        ("[rates]\nbase = 'USD'\n[[rates.table]]\nEUR = 1.1", "has a from"),
        ("[rates]\nbase = 'USD'\n[[rates.table]]\nfrom = 2026-01-01\nEUR = 0", "above 0"),
        ("[rates]\nbase = 'USD'\nrate = 1", "nothing else"),
    ],
)
def test_mistakes_are_told_with_their_line(text: str, expected: str) -> None:
    policy, mistakes = check_policy(text)
    assert policy is None
    assert any(expected in one for one in mistakes), mistakes
    with pytest.raises(InputError, match=r"metrics\.toml: "):
        read_policy(text, "metrics.toml")


def test_all_mistakes_are_told_at_once() -> None:
    assert len(check_policy("a = 1\nb = 2\ngrace_days = 'x'")[1]) == 3


def test_words_name_what_was_applied() -> None:
    words = " ".join(policy_words(replace(DEFAULT_POLICY, churn_date="notice", grace_days=14)))
    assert "last day for notice" in words
    assert "up to 14 days late" in words
    assert DEFAULT_POLICY.digest in " ".join(policy_words(MetricPolicy()))
