"""What a customer is worth over its life: the simple formula, capped, and what cohorts paid.

CLV = ARPA x gross margin / churn, all by the month. Net churn never stands in the denominator. A
life is counted for at most so many months, and the result says so.
"""

from collections.abc import Sequence
from fractions import Fraction

from cs_workbench.core.metrics.results import Metric, unknown

NO_MARGIN = "gross_margin is not set in metrics.toml, so no margin can be counted."
MONTH_DAYS = Fraction(1461, 48)


def clv(
    arpa: Fraction | int,
    margin: Fraction,
    churn: Fraction | float,
    *,
    months: int,
    discount_rate: Fraction | None = None,
) -> float:
    """Money per account over at most so many months, paid in advance each month.

    Args:
        arpa: monthly revenue of one account.
        margin: share of it that is left.
        churn: probability of leaving within a month.
        months: the cap.
        discount_rate: yearly; None: money later is worth as much.
    """
    monthly = 1.0 if discount_rate is None else float(1 + discount_rate) ** (1 / 12)
    kept = (1 - float(churn)) / monthly
    earned = float(arpa) * float(margin)
    if kept >= 1:
        return earned * months
    return earned * (1 - kept**months) / (1 - kept)


def clv_uncapped(arpa: Fraction | int, margin: Fraction, churn: Fraction) -> Fraction | None:
    """The formula without a cap; None where nobody leaves."""
    return Fraction(arpa) * margin / churn if churn else None


def monthly_churn(lost: int, days: int) -> Fraction | None:
    """Probability of leaving within a month, from churns and customer-days."""
    return Fraction(lost) * MONTH_DAYS / days if days else None


def clv_metric(
    *,
    arr: int,
    accounts: int,
    churn: Fraction | None,
    margin: Fraction | None,
    months: int,
    discount_rate: Fraction | None = None,
) -> Metric:
    """CLV of the accounts that pay now, from their ARR and the churn within a month."""
    if margin is None:
        return unknown("clv", "money", NO_MARGIN)
    if not accounts or churn is None:
        return unknown("clv", "money", "No customers, so no revenue per account.")
    arpa = Fraction(arr, accounts * 12)
    value = clv(arpa, margin, min(churn, Fraction(1)), months=months, discount_rate=discount_rate)
    full = clv_uncapped(arpa, margin, churn)
    flags = [f"capped at {months} months"]
    if full is not None:
        flags.append(f"without a cap, 1 / churn, {float(full) / value:.1f} times as much")
    if discount_rate is not None:
        flags.append(f"discounted at {100 * float(discount_rate):g} % a year")
    return Metric("clv", "money", Fraction(value), 1, accounts, flags=tuple(flags), by="formula")


def clv_of_cohorts(
    arr: Sequence[Sequence[int]],
    sizes: Sequence[int],
    seen: Sequence[int],
    *,
    margin: Fraction | None,
    months: int,
) -> Metric:
    """What accounts paid by age, added up: only ages that were seen, none made up.

    Args:
        arr: by cohort and month of age.
        sizes: accounts that began in each cohort.
        seen: of how many ages each cohort has been seen.
        margin: of the policy.
        months: the cap.
    """
    if margin is None:
        return unknown("clv_cohort", "money", NO_MARGIN)
    total, observed = Fraction(0), 0
    for age in range(months):
        there = [at for at, ages in enumerate(seen) if ages > age and sizes[at]]
        if not there:
            break
        accounts = sum(sizes[at] for at in there)
        total += Fraction(sum(arr[at][age] for at in there), 12 * accounts)
        observed += 1
    if not observed:
        return unknown("clv_cohort", "money", "No cohort has been seen for a month yet.")
    flags = (f"seen for {observed} of {months} months; later ones are not guessed",)
    return Metric("clv_cohort", "money", total * margin, 1, sum(sizes), flags=flags, by="formula")
