import pytest

from cs_workbench.store.near_names import NearNames

NAMES = {
    "kestrel logistics": "Kestrel Logistics, Inc.",
    "juniper labs": "Juniper Labs",
    "north freight": "North Freight",
    "north foods": "North Foods",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kestrel Logistk", "Kestrel Logistics, Inc."),
        ("Castrel Logistics GmbH", "Kestrel Logistics, Inc."),
        ("JUNIPER", "Juniper Labs"),
        ("North", None),  # there are two
        ("Junip", None),  # no whole word
        ("Labs", None),
        ("", None),
    ],
)
def test_the_name_that_may_be_meant(text: str, expected: str | None) -> None:
    assert NearNames(NAMES).nearest(text) == expected
