from decimal import Decimal

import pytest

from cs_workbench.core.filters import EVERYTHING, FIELDS, Filter, Term, is_unfinished, parse_filter
from cs_workbench.errors import UsageError


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  ", ()),
        ("Müller", (Term("", "has", ("muller",)),)),
        ("blue harbor", (Term("", "has", ("blue",)), Term("", "has", ("harbor",)))),
        ('"blue harbor"', (Term("", "has", ("blue harbor",)),)),
        ('"arr>5"', (Term("", "has", ("arr>5",)),)),
        ("-kestrel", (Term("", "has", ("kestrel",), is_negated=True),)),
        ("-", (Term("", "has", ("-",)),)),
        ("東京", (Term("", "has", ("東京",)),)),
        ("csm:ana", (Term("csm", "has", ("ana",)),)),
        ('csm:"Ana Ruiz"', (Term("csm", "has", ("ana ruiz",)),)),
        ("segment:smb,Mid", (Term("segment", "has", ("smb", "mid")),)),
        ("-csm:ana", (Term("csm", "has", ("ana",), is_negated=True),)),
        ("Band:RED", (Term("band", "has", ("red",)),)),
        ("band:red,unknown", (Term("band", "has", ("red", "unknown")),)),
        ("arr>50k", (Term("arr", ">", number=Decimal(50_000)),)),
        ("arr>=1.5M", (Term("arr", ">=", number=Decimal(1_500_000)),)),
        ("arr:950", (Term("arr", "=", number=Decimal(950)),)),
        ("score<=40.5", (Term("score", "<=", number=Decimal("40.5")),)),
        ("trend<-5", (Term("trend", "<", number=Decimal(-5)),)),
        ("cov=70%", (Term("cov", "=", number=Decimal(70)),)),
        ("days<60", (Term("days", "<", number=Decimal(60)),)),
        ("days:none", (Term("days", "none"),)),
        ("next:none", (Term("next", "none"),)),
        ("next<0", (Term("next", "<", number=Decimal(0)),)),
        ("next:call", (Term("next", "has", ("call",)),)),
    ],
)
def test_a_filter_is_read(text: str, terms: tuple[Term, ...]) -> None:
    assert parse_filter(text) == Filter(terms)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kestrel foo:1", "'foo:1'"),
        ("scor>40", "Did you mean score?"),
        ("arr>", "a value is missing"),
        ("arr:much", "'much' is not a number"),
        ("csm>3", "csm is compared"),
        ("band:blue", "'blue' is no band"),
        ("band:none", "Bands: red, unknown, yellow, green"),
        ("days<1.5", "whole"),
        ("next<0.5", "whole"),
        (">5", "'>5' cannot be understood"),
        ('csm:"Ana', "a quote is opened"),
    ],
)
def test_a_bad_term_is_named(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told.replace("?", r"\?")):
        parse_filter(text)


def test_every_field_can_be_missing_but_the_band() -> None:
    for field in set(FIELDS) - {"band"}:
        assert parse_filter(f"{field}:none").terms[0].operator == "none"


def test_no_filter_is_false() -> None:
    assert not EVERYTHING
    assert parse_filter("x")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "arr",
            "arr>",
            "kes arr>=",
            "-days",
            "-",
            "band:",
            "band:re",
            "band:red,g",
            '"kes',
            "arr>-",
        ),
        *("score<1.", "csm:", "cov:no", "ARR"),
    ],
)
def test_a_term_in_the_making_is_told_from_a_wrong_one(text: str) -> None:
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "kes",
            "arr>5",
            "arr>50k",
            "arr ",
            "arr>x",
            "band:red",
            "band:redd",
            "csm:a",
            "arr:none",
        ),
        *("next:n", '"arr"', "-kes"),
    ],
)
def test_a_finished_term_is_applied_or_refused(text: str) -> None:
    assert not is_unfinished(text)
