"""A team's own fields: names, types, values in one way of writing."""

import datetime as dt

import pytest

from cs_workbench.core.custom_fields import (
    CustomField,
    CustomType,
    custom_named,
    field_id_of,
    fitting_type,
    plain_value,
    typed_value,
    value_id_of,
)
from cs_workbench.errors import UsageError

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Board seat?", "board_seat"),
        ("Überweisung", "uberweisung"),
        ("言語", "言語"),
        ("Score", "score_"),  # the word of a filter already
        ("2nd owner", "field_2nd_owner"),
        ("???", "field"),
    ],
)
def test_a_label_makes_a_name_for_filters(label: str, name: str) -> None:
    assert field_id_of(label) == name


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("12.50", "number", "12.5"),
        ("-0", "number", "0"),
        ("100", "number", "100"),
        (".5", "number", "0.5"),
        ("007", "text", "007"),  # the name of something
        ("1e5", "text", "1e5"),
        ("TRUE", "yes or no", "yes"),
        ("no", "yes or no", "no"),
        ("2026-02-28", "date", "2026-02-28"),
        ("2026-02-30", "text", "2026-02-30"),
        ("=1+1", "text", "=1+1"),
    ],
)
def test_a_text_is_of_the_narrowest_type(text: str, kind: CustomType, kept: str) -> None:
    assert plain_value(text) == (kind, kept)


def test_values_of_several_types_are_texts() -> None:
    assert fitting_type({"number"}) == "number"
    assert fitting_type({"number", "date"}) == "text"
    assert fitting_type(set()) == "text"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("number", " 7 ", "7"),
        ("yes or no", "y", "yes"),
        ("date", "+7", "2026-11-30"),
        ("text", " a \n b ", "a b"),
        ("text", " ", None),
    ],
)
def test_what_a_person_types_is_kept_in_one_way(
    kind: CustomType, typed: str, kept: str | None
) -> None:
    assert typed_value(CustomField("f", "F", kind), typed, TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        ("number", "seven", "F takes a number such as 1234.5; not 'seven'"),
        ("yes or no", "7", "F takes yes or no; not '7'"),
        ("date", "soon", "is not a date"),
        ("text", "x" * 501, "at most 500"),
    ],
)
def test_what_a_field_does_not_take_is_said(kind: CustomType, typed: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        typed_value(CustomField("f", "F", kind), typed, TODAY)


def test_a_field_is_meant_by_its_name_or_label() -> None:
    field = CustomField("board_seat", "Board seat?", "text")
    assert custom_named({"board_seat": field}, " board SEAT? ") is field
    assert custom_named({"board_seat": field}, "board_seat") is field
    assert custom_named({"board_seat": field}, "seat") is None


def test_a_value_has_the_same_id_in_every_file() -> None:
    assert value_id_of("A1", "tier") == value_id_of("A1", "tier")
    assert len({value_id_of("A1", "tier"), value_id_of("A1", "t"), value_id_of("A", "1tier")}) == 3
