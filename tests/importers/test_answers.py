import pytest

from cs_workbench.errors import UsageError
from cs_workbench.importers.answers import answer, meant_heading

HEADINGS = ("Fee", "Fee next year", "groups.tenant", "groups.Site", "properties.site")


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("arr = Fee ", "arr", "Fee"),
        ("arr=", "arr", ""),
        ("skip", "skip", ""),
        ("a=b=c", "a", "b=c"),
    ],
)
def test_an_answer_is_a_name_and_a_value(said: str, name: str, value: str) -> None:
    assert answer(said) == (name, value)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("FEE", "Fee"),  # though another begins so
        ("fee n", "Fee next year"),
        ("tenant", "groups.tenant"),
        ("groups.s", "groups.Site"),
    ],
)
def test_as_much_of_a_heading_as_is_clear_is_enough(text: str, heading: str) -> None:
    assert meant_heading(HEADINGS, text) == heading


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("site", "'site' is several columns: groups.Site, properties.site."),
        ("groups", "'groups' is several columns: groups.tenant, groups.Site."),
        ("tena", "'tena' is no column: Fee, Fee next year, "),
    ],
)
def test_what_is_not_clear_is_named(text: str, told: str) -> None:
    with pytest.raises(UsageError) as problem:
        meant_heading(HEADINGS, text)
    assert told in str(problem.value)
