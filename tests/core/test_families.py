import pytest

from cs_workbench.core.families import in_circles


@pytest.mark.parametrize(
    ("parents", "circles"),
    [
        ((), set()),
        ((0,), set()),
        ((0, 0, 1, 1), set()),
        ((0, 2, 3, 0), set()),  # a chain is no circle
        ((0, 1), {1}),
        ((0, 2, 1), {1, 2}),
        ((0, 2, 3, 2, 1), {2, 3}),  # who is merely below a circle is not in it
        ((0, 2, 1, 4, 5, 3, 3), {1, 2, 3, 4, 5}),
        ((0, 3, 3, 4, 2), {2, 3, 4}),
    ],
)
def test_who_comes_back_to_itself(parents: tuple[int, ...], circles: set[int]) -> None:
    found = in_circles(parents)
    assert len(found) == len(set(found))
    assert set(found) == circles


def test_a_long_chain_is_walked_once() -> None:
    assert in_circles([0, *range(200_001)]) == []
    assert len(in_circles([0, 200_000, *range(1, 200_000)])) == 200_000
