import pytest

from cs_workbench.errors import NotFoundError
from cs_workbench.store.account_names import account_names, find_account
from cs_workbench.store.database import Database, write
from tests.factories import add_account, insert
from tests.store.conftest import Book


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kes-1", "kestrel"),
        ("KES-1", "kestrel"),
        ("crm-77", "kestrel"),
        ("kestrel gmbh", "kestrel"),
        ("kestrel", "kestrel"),
        ("MULLER & SOHNE", "muller"),
        ("東京", "tokyo"),
        (" new inc ", "new"),
        ("old-9", "green"),
        ("gone", "gone"),
    ],
)
def test_an_account_is_found_by_what_a_person_types(
    db: Database, book: Book, text: str, name: str
) -> None:
    with write(db) as c:
        insert(
            c,
            "account_alias",
            {"source": "crm", "alias": "crm-77", "account_key": book["kestrel"]},
        )
        between = add_account(c, "mid-8", name="Between", merged_into=book["green"])
        add_account(c, "old-9", name="Old Leaf", merged_into=between)
    assert find_account(db, text) == book[name]


def test_an_exact_name_wins_over_longer_ones(db: Database) -> None:
    with write(db) as c:
        add_account(c, "a-1", name="Atlas Robotics")
        key = add_account(c, "a-2", name="Atlas")
    assert find_account(db, "atlas") == key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kestral gmbh", r"no account 'kestral gmbh'. Did you mean Kestrel GmbH \(kes-1\)"),
        ("kestrl", r"no account 'kestrl'. Did you mean Kestrel GmbH \(kes-1\)"),
        ("gmb", None),
        ("zzz", r"no account 'zzz'\.$"),
        ("", "no account ''"),
        ('"\0"', "no account"),
        ("e", r"Several accounts fit 'e': .*Use the id"),
    ],
)
def test_a_miss_names_the_nearest(db: Database, book: Book, text: str, told: str | None) -> None:
    if told is None:
        assert find_account(db, text) == book["kestrel"]
        return
    with pytest.raises(NotFoundError, match=told):
        find_account(db, text)


def test_an_unlike_name_is_not_suggested(db: Database) -> None:
    with write(db) as c:
        add_account(c, "a-27", name="Świętokrzyskie Wody")  # shares three letters of six
    with pytest.raises(NotFoundError, match=r"There is no account 'nobody'\.$"):
        find_account(db, "nobody")
    with pytest.raises(NotFoundError, match="Did you mean Świętokrzyskie Wody"):
        find_account(db, "wodi")


def test_names_complete_from_their_beginning(db: Database, book: Book) -> None:
    assert account_names(db, "mü") == ["Müller & Söhne"]
    assert account_names(db, "") == [
        *("Gone Ltd", "Greenleaf", "Kestrel GmbH", "Müller & Söhne", "New Inc", "東京データ KK")
    ]
