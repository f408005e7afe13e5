from cs_workbench.core.rounding import apportioned


def test_shown_parts_add_up_to_what_is_shown() -> None:
    assert apportioned([3_333, 3_333, 3_334], 10_000, 1) == [0, 0, 1]
    assert apportioned([1, 1, 1], 3, 1) == [1, 0, 0]  # the first of those that are alike
    assert apportioned([149, 149, 2], 100, 3) == [2, 1, 0]  # not 1 + 1 + 0
    assert apportioned([-149, 149, 300], 100, 3) == [-1, 1, 3]
    assert apportioned([], 1, 0) == []
