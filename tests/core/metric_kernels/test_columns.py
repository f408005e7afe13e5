"""Whole columns give what the plain rule gives, account by account."""

from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.metric_kernels import columns

ACCOUNTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
)


@settings(max_examples=50, deadline=None)
@given(ACCOUNTS)
def test_columns_say_what_single_accounts_say(accounts: list[tuple[int, ...]]) -> None:
    a, b, lost, first = ([one[at] for one in accounts] for at in range(4))
    there = [at for at, paid in enumerate(a) if paid]
    assert list(columns.places_above_zero(array("q", a))) == there
    assert list(columns.picked(b, there)) == [b[at] for at in there]
    assert columns.paying(b) == sum(1 for paid in b if paid)
    assert columns.arrivals(a, b) == sum(1 for x, y, *_ in accounts if y and not x)
    assert list(columns.left(a, b, lost)) == [
        int(y == 0 and (x > 0 or gone > 0)) for x, y, gone, _ in accounts
    ]
    kept = columns.smaller(a, b)
    assert list(kept) == [min(x, y) for x, y, *_ in accounts]
    assert list(columns.where_both(a, b)) == [y if x else 0 for x, y, *_ in accounts]
    parts = columns.bridge_parts(a, b, kept, first, 2)
    sums = {name: sum(amounts) for name, (_, amounts) in parts.items()}
    gained = sums["new"] + sums["expansion"] + sums["reactivation"]
    assert sum(a) + gained - sums["contraction"] - sums["churn"] == sum(b)
    came_back = [at for at, (x, y, _, day) in enumerate(accounts) if not x and y and 0 < day <= 2]
    assert list(parts["reactivation"][0]) == came_back


def test_the_lower_of_two_middles() -> None:
    assert [columns.middle(one) for one in ([7], [9, 1], [3, 1, 2], [4, 3, 2, 1])] == [7, 1, 2, 2]
