import pytest

from cs_workbench.store.constant_columns import SAMPLE, constant_columns
from cs_workbench.store.database import Database, write
from tests.factories import add_account, add_person


def keys_of(db: Database, *accounts: dict[str, str | None]) -> list[int]:
    with write(db) as c:
        add_person(c, "ana")
        return [
            add_account(c, f"a{place}", name=f"a{place}", csm=one.pop("csm", None), **one)
            for place, one in enumerate(map(dict, accounts))
        ]


def test_what_all_have_alike_is_named_people_by_their_name(db: Database) -> None:
    keys = keys_of(db, {"csm": "ana", "segment": "SMB"}, {"csm": "ana", "segment": "Enterprise"})
    assert constant_columns(db, keys) == {"csm": "Ana Ruiz", "stage": None}


def test_a_value_that_some_lack_is_not_the_same(db: Database) -> None:
    keys = keys_of(db, {"segment": "SMB"}, {"segment": None}, {"segment": "SMB"})
    assert constant_columns(db, keys) == {"csm": None, "stage": None}


@pytest.mark.parametrize("count", [0, 1])
def test_a_single_account_has_nothing_in_common(db: Database, count: int) -> None:
    assert constant_columns(db, keys_of(db, {"segment": "SMB"})[:count]) == {}


def test_the_last_of_many_accounts_may_differ(db: Database) -> None:
    same: dict[str, str | None] = {"segment": "SMB", "csm": "ana"}
    keys = keys_of(db, *[same] * (SAMPLE + 50), {"segment": "Enterprise", "csm": "ana"})
    assert constant_columns(db, keys) == {"csm": "Ana Ruiz", "stage": None}
    assert constant_columns(db, keys[:-1]) == {
        "csm": "Ana Ruiz",
        "segment": "SMB",
        "stage": None,
    }
