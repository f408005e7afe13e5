"""A small book that several tests of the store read."""

import pytest

from cs_workbench.store.database import Database, write
from tests.factories import add_account, add_person, add_summary

Book = dict[str, int]


@pytest.fixture
def book(db: Database) -> Book:
    """Six accounts and what a refresh wrote of five of them."""
    with write(db) as c:
        add_person(c, "ana", name="Ana Ruiz", email="ana@example.com")
        add_person(c, "bo", name="Bo Ågren")
        kestrel = add_account(c, "kes-1", name="Kestrel GmbH", csm="ana", segment="Enterprise")
        muller = add_account(c, "mul-2", name="Müller & Söhne", csm="bo", segment="SMB")
        tokyo = add_account(c, "tok-3", name="東京データ KK", csm="ana", lifecycle_stage="mature")
        green = add_account(c, "gre-4", name="Greenleaf", lifecycle_stage="onboarding")
        gone = add_account(c, "gon-5", name="Gone Ltd")
        new = add_account(c, "new-6", name="New Inc", currency="JPY")
        add_summary(c, kestrel, band="red", points_e4=310_000, arr_minor=41_200_000)
        add_summary(
            c, muller, band="red", points_e4=420_000, arr_minor=15_400_000, deadline="2027-01-22"
        )
        add_summary(c, tokyo, band="yellow", points_e4=520_000, arr_minor=900_000, seats=10)
        add_summary(c, green, points_e4=840_000, arr_minor=28_800_000, seats=50, seats_used=59)
        add_summary(c, gone, band="unknown", is_former=1)
    return {
        "kestrel": kestrel,
        "muller": muller,
        "tokyo": tokyo,
        "green": green,
        "gone": gone,
        "new": new,
    }
