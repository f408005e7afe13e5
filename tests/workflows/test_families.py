from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.core.rollup import FamilyHealth
from cs_workbench.errors import InputError
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.families import family_of
from tests.core.test_scorecard_files import GOOD
from tests.factories import add_account, add_subscription, add_summary, portfolio


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """1 heads 2 and 3, 2 heads 4 and the former 5; 6 is alone."""
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            for name, parent in (("one", None), ("two", 1), ("three", 1), ("four", 2), ("five", 2)):
                add_account(pen, name, parent_key=parent)
            add_account(pen, "six")
            add_summary(pen, 1, points_e4=900_000, arr_minor=100)
            add_summary(pen, 2, points_e4=600_000, arr_minor=100, band="yellow")
            add_summary(pen, 3, points_e4=300_000, arr_minor=200, band="red")
            add_summary(pen, 4, band="unknown", arr_minor=100)
            add_summary(pen, 5, band="unknown", is_former=1, arr_minor=0)
        yield opened


def found(db: Database, key: int, card: Path | None = None) -> FamilyHealth:
    family = family_of(db, key, card)
    assert family is not None
    return family


def test_a_top_account_has_all_below_it_parents_first(db: Database) -> None:
    family = found(db, 1)
    assert [(depth, one.account_key) for depth, one in family.below] == [
        *((1, 2), (2, 4), (2, 5), (1, 3)),
    ]
    assert (family.parent, family.parent_rollup) == (None, None)
    assert family.rollup is not None
    assert family.rollup.points_e4 == 525_000  # (90 + 60 + 2 x 30) / 4
    assert (family.rollup.coverage_e4, family.rollup.accounts) == (8_000, 4)


def test_what_has_no_contract_is_no_reason_against_arr_what_has_no_price_is(db: Database) -> None:
    with write(db) as pen:
        pen.execute("UPDATE account_summary SET arr_minor = NULL WHERE account_key = 3")
    rollup = found(db, 1).rollup
    assert rollup is not None
    assert (rollup.method, rollup.points_e4) == ("arr", 750_000)  # (90 + 60) / 2
    with write(db) as pen:
        add_subscription(pen, 3, arr_minor=None)
    rollup = found(db, 1).rollup
    assert rollup is not None
    assert (rollup.method, rollup.reason) == ("worst", "not every ARR is known")


def test_one_in_between_has_both_sides(db: Database) -> None:
    family = found(db, 2)
    assert family.parent is not None
    assert family.parent.account_key == 1
    assert family.parent_rollup == found(db, 1).rollup
    assert [one.account_key for _, one in family.below] == [4, 5]
    assert family.rollup is not None
    assert (family.rollup.points_e4, family.rollup.coverage_e4) == (600_000, 5_000)


def test_a_leaf_has_a_parent_alone(db: Database) -> None:
    family = found(db, 4)
    assert (family.below, family.rollup) == ((), None)
    assert family.parent is not None
    assert family.parent.account_id == "two"


def test_an_account_alone_has_no_family(db: Database) -> None:
    assert family_of(db, 6, None) is None


def test_the_persons_scorecard_says_how(db: Database, tmp_path: Path) -> None:
    card = tmp_path / "own.toml"
    card.write_text(GOOD.replace("[bands]", '[rollup]\nparents = "worst"\n[bands]'))
    rolled = found(db, 1, card).rollup
    assert rolled is not None
    assert (rolled.method, rolled.points_e4) == ("worst", 300_000)
    card.write_text("nothing")
    with pytest.raises(InputError):
        family_of(db, 1, card)


def test_a_circle_of_parents_ends(db: Database) -> None:
    with write(db) as pen:
        pen.execute("UPDATE account SET parent_key = 4 WHERE account_key = 1")
    assert sorted(one.account_key for _, one in found(db, 1).below) == [2, 3, 4, 5]


def test_merged_accounts_are_no_relatives(db: Database) -> None:
    with write(db) as pen:
        pen.execute("UPDATE account SET merged_into = 6 WHERE account_key IN (4, 5)")
        pen.execute("UPDATE account SET merged_into = 6 WHERE account_key = 1")
    assert family_of(db, 2, None) is None
