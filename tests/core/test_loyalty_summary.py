import datetime as dt
from fractions import Fraction

from cs_workbench.core.loyalty_summary import Scored, summarise_loyalty

DAY = dt.date(2026, 11, 23)
BOOK = (
    Scored(1, 400_000, "loyal and squeezed"),
    Scored(2, 800_000, ""),
    Scored(3, None, ""),
    Scored(4, 305_000, "neglected and valuable"),
)


def test_the_mean_is_over_what_is_known_and_says_on_how_many_it_rests() -> None:
    ours = summarise_loyalty(DAY, BOOK)
    assert ours.mean.value == Fraction(1_505, 30)  # not 1,505/40: unknown is not 0
    assert (ours.mean.n, ours.customers, ours.known) == (3, 4, "3 of 4 customers")
    assert "newest scoring, 2026-11-23" in ours.mean.flags[0]
    assert ours.mean.flags[1:] == ("Too little is known of 1 to tell.",)
    assert ours.mean.low is not None
    assert ours.mean.low >= 0


def test_each_standing_lists_its_accounts_with_their_whole_points() -> None:
    ours = summarise_loyalty(DAY, BOOK)
    squeezed, neglected = ours.standings.values()
    assert (squeezed.keys, squeezed.numerators, squeezed.denominators) == ([1], [40], [100])
    assert (neglected.keys, neglected.numerators) == ([4], [30])


def test_nothing_known_is_unknown_and_order_changes_nothing() -> None:
    empty = summarise_loyalty(DAY, [Scored(3, None, "")])
    assert empty.mean.value is None
    assert summarise_loyalty(DAY, BOOK[::-1]).mean.value == summarise_loyalty(DAY, BOOK).mean.value
