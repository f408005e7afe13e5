from array import array
from fractions import Fraction

from cs_workbench.core.metrics.results import Members, Metric, unknown


def test_nothing_below_the_line_is_unknown() -> None:
    assert unknown("grr", "share", "why").value is None
    assert unknown("grr", "share", "why").flags == ("why",)
    assert Metric("grr", "share", 1, 3, 1).value == Fraction(1, 3)


def test_members_by_account_are_added_up() -> None:
    found = Members([1, 2, 1], [3, 4, 5], [6, 7, 8]).by_account()
    assert (found.keys, found.numerators, found.denominators) == ([1, 2], [8, 4], [14, 7])
    bare = Members([1, 1], [3, 4])
    assert bare.by_account() is bare


def test_members_know_their_sums() -> None:
    assert Members([1, 2], [3, 4], [5, 6]).sums == (7, 11)


def test_packed_members_say_the_same_in_fewer_bytes() -> None:
    members = Members([1, 70_000], [3 * 10**9, -1], [10**30, 1])
    packed = members.packed()
    assert list(packed.keys) == [1, 70_000]
    assert list(packed.numerators) == [3 * 10**9, -1]
    assert packed.denominators == [10**30, 1]  # more than any machine number
    assert packed.by_account() == members.by_account()
    many = Members(range(1_000), [1] * 1_000, [1] * 1_000).packed()
    assert isinstance(many.keys, array)
    assert isinstance(many.numerators, array)
    assert (many.keys.itemsize, many.numerators.itemsize) == (2, 1)
    assert (Members().packed().sums, len(Members().packed().keys)) == ((0, 0), 0)
