import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.forecast_moves import Position, by_account, find_moves, shown_parts
from cs_workbench.core.pipeline import Standing
from cs_workbench.core.projections import rounded

D = dt.date
END = D(2027, 2, 28)


def position(amount: int | None = 100, rate: int = 7_500, **fields: Any) -> Position:
    state = fields.pop("state", "upcoming")
    standing = Standing(state, "likely", amount, rate, "forecast")
    made = Position(100, END, D(2026, 12, 30), D(2026, 12, 30), standing, "f1")
    return made._replace(**fields)


def kinds(before: dict[int, Position], after: dict[int, Position]) -> dict[int, str]:
    moves = find_moves(
        {(key, END): one for key, one in before.items()},
        {(key, END): one for key, one in after.items()},
    )
    return {one.account_key: one.kind for one in moves}


def test_every_kind_of_movement_has_its_name() -> None:
    same = position()
    assert kinds(
        {1: same, 2: same, 4: same, 5: same, 6: same, 7: same},
        {
            2: position(rate=10_000, state="won"),
            3: same,
            4: position(closes_on=D(2027, 1, 30), said="f2"),
            5: position(rate=4_500, said="f2"),
            6: position(deadline=D(2026, 12, 1)),
            7: same,
        },
    ) == {1: "left", 2: "closed", 3: "entered", 4: "slipped", 5: "re-forecast", 6: "moved"}


def test_what_changed_without_a_word_of_anybody_is_told_too() -> None:
    assert kinds({1: position()}, {1: position(rate=7_600)}) == {1: "re-rated"}
    assert kinds({1: position()}, {1: position(90, 8_333)}) == {1: "moved"}
    assert kinds({1: position()}, {1: position(said="f2")}) == {1: "re-forecast"}


POSITIONS = st.dictionaries(
    st.integers(1, 6),
    st.builds(
        position,
        st.none() | st.integers(0, 10**9),
        st.integers(0, 10_000),
        said=st.sampled_from(["f1", "f2", None]),
        state=st.sampled_from(["upcoming", "won", "lost"]),
        closes_on=st.sampled_from([None, D(2027, 1, 1), D(2027, 2, 1)]),
    ),
)


@given(POSITIONS, POSITIONS)
def test_the_list_adds_up_to_the_difference(
    before: dict[int, Position], after: dict[int, Position]
) -> None:
    moves = find_moves(
        {(key, END): one for key, one in before.items()},
        {(key, END): one for key, one in after.items()},
    )
    then, now = (
        sum(one.standing.weighted_e4 or 0 for one in end.values()) for end in (before, after)
    )
    total = now - then
    assert sum(one.delta_e4 for one in moves) == total
    shares = list(by_account(moves).values())
    assert sum(shares) == total
    assert sum(shown_parts(shares)) == rounded(total)


@given(st.lists(st.integers(-(10**9), 10**9), max_size=12))
def test_shown_parts_add_up_and_none_is_off_by_a_unit(parts: list[int]) -> None:
    shown = shown_parts(parts)
    assert sum(shown) == rounded(sum(parts))
    assert all(
        abs(one * 10_000 - part) < 2 * 10_000 for one, part in zip(shown, parts, strict=True)
    )
