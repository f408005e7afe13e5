import pytest

from cs_workbench.core.account_matching import (
    are_alike,
    company_name,
    domain_of,
    salesforce_id,
    wider_domains,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("001D000000IqhSL", "001D000000IqhSLIAZ"),
        ("0015e00000AbcD0", "0015e00000AbcD0AAJ"),
        ("001D000000IqhSLIAZ", "001D000000IqhSLIAZ"),  # is long already
        ("acct-1", "acct-1"),
        ("KestrelLogistic", "KestrelLogistic"),  # fifteen letters are a name
        ("", ""),
    ],
)
def test_a_short_salesforce_id_is_written_in_full(text: str, expected: str) -> None:
    assert salesforce_id(text) == expected


def test_ids_that_differ_by_case_stay_different() -> None:
    assert salesforce_id("0015e00000ABCD0").upper() != salesforce_id("0015e00000abcd0").upper()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.Kestrel.com/about?x=1", "kestrel.com"),
        ("kestrel.com:8443", "kestrel.com"),
        ("Ruth Adler <ruth@mail.kestrel.co.uk>", "mail.kestrel.co.uk"),
        ("somebody@gmail.com", None),
        ("Kestrel Logistics", None),
        ("localhost", None),
        ("", None),
    ],
)
def test_the_domain_of_a_website_or_an_address(text: str, expected: str | None) -> None:
    assert domain_of(text) == expected


def test_a_domain_is_a_part_of_wider_ones_but_not_of_all_companies() -> None:
    assert wider_domains("eu.app.kestrel.com") == [
        "eu.app.kestrel.com",
        "app.kestrel.com",
        "kestrel.com",
    ]
    assert wider_domains("app.kestrel.co.uk") == ["app.kestrel.co.uk", "kestrel.co.uk"]
    assert wider_domains("kestrel.io") == ["kestrel.io"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kestrel Logistics, Inc.", "KESTREL LOGISTICS"),
        ("Café Lumière S.A.R.L.", "cafe lumiere"),
        ("Pine & Partner GmbH & Co. KG", "Pine and Partner GmbH and Co KG"),
        ("Tanaka Seiki K.K.", "Tanaka Seiki"),
        ("東京データ", "東京データ"),
    ],
)
def test_one_company_has_one_name(one: str, other: str) -> None:
    assert company_name(one) == company_name(other) != ""


def test_a_legal_form_alone_is_a_name() -> None:
    assert company_name("Limited") == "limited"
    assert company_name("...") == ""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("kestrel logistics", "kestrel logistic", True),
        ("kestrel logistics", "kestrel logistcs", True),
        ("acme north", "acme south", False),
        ("kestrel logistics", "kestrel foods", False),
        ("abc", "abd", False),
    ],
)
def test_names_that_are_worth_asking_about(one: str, other: str, *, expected: bool) -> None:
    assert are_alike(one, other) is expected
