import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.named_contacts import NamedContacts
from tests.factories import add_account, add_contact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lena Voss", "c1"),
        ("LENA@acme.com", "c1"),
        ("Ana Ruiz; Lena  Voss", "c1"),
        ("Voss, Lena <lena@acme.com>", "c1"),
        ("Jon Poe", None),  # two are called so
        ("Jon Poe, Lena Voss", "c1"),
        ('[{"name": "Lena Voss", "email": "l@x.com"}]', "c1"),
        ("Mei", None),  # of another account
        ("Lena", None),
        ("", None),
    ],
)
def test_a_person_is_found_by_name_or_address(
    db: Database, text: str, expected: str | None
) -> None:
    with write(db) as connection:
        key, other = add_account(connection, "a"), add_account(connection, "b")
        add_contact(connection, key, contact_id="c1", name="Lena Voss", email="lena@acme.com")
        add_contact(connection, key, contact_id="c2", name="Jon Poe")
        add_contact(connection, key, contact_id="c3", name="Jon Poe")
        add_contact(connection, other, contact_id="c4", name="Mei")
        assert NamedContacts(connection, [key, other]).find(key, text) == expected
