import math
import re
import tomllib
from pathlib import Path

import pytest

from cs_workbench.core.measure_table import ALL_MEASURES, PARAMETER_RANGES
from cs_workbench.core.scorecard_schema import SCORECARD_SCHEMA, structure_mistakes
from cs_workbench.workflows.scorecards import schema_text
from cs_workbench.workflows.scoring import default_scorecard, shipped_scorecard
from tests.cli.run import ROOT


def test_the_shipped_schema_is_the_one_that_is_read_with() -> None:
    shipped = shipped_scorecard().parent / "scorecard.schema.json"
    assert shipped.read_text(encoding="utf-8") == schema_text()


def test_the_shipped_scorecard_keeps_to_it() -> None:
    given = tomllib.loads(default_scorecard().text)
    assert list(structure_mistakes(given, SCORECARD_SCHEMA)) == []


@pytest.mark.parametrize(
    ("value", "schema", "said"),
    [
        (True, {"type": "integer"}, "the file must be a whole number, not True"),
        (1.0, {"type": "integer"}, "the file must be a whole number, not 1.0"),
        ("a", {"type": "number"}, "the file must be a number, not 'a'"),
        (math.nan, {"type": "number"}, "the file must be a finite number"),
        (math.inf, {"type": "number", "minimum": 0, "maximum": 9}, "finite"),
        (-1, {"type": "integer", "minimum": 0}, "must be 0 or more, not -1"),
        (9, {"type": "number", "minimum": 0, "maximum": 1}, "goes from 0 to 1, not 9"),
        ("", {"type": "string", "minLength": 1}, "is empty"),
        ([], {"type": "array", "items": {}, "minItems": 2}, "needs 2 or more entries, not 0"),
        ([1], {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}, "2 en"),
        ("b", {"enum": ["a"]}, "cannot be 'b'; there are: a"),
        ("b", {"anyOf": [{"enum": ["a"]}], "title": "a word"}, "must be a word, not 'b'"),
        ({}, {"type": "object", "required": ["a"], "additionalProperties": False}, "a is missing"),
        ({"b": 1}, {"type": "object", "additionalProperties": False}, "unknown field b"),
    ],
)
def test_what_breaks_a_schema_is_said(value: object, schema: dict[str, object], said: str) -> None:
    ((_, why),) = structure_mistakes(value, schema)
    assert said in why


def test_what_keeps_to_a_schema_is_silent() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    assert list(structure_mistakes({"a": 1, "b": 2}, schema)) == []
    assert list(structure_mistakes({"a": "x"}, schema)) == [
        (("a",), "a must be a whole number, not 'x'")
    ]


def test_the_schema_ships_with_the_package() -> None:
    assert Path(shipped_scorecard()).with_name("scorecard.schema.json").exists()


def test_every_measure_and_parameter_is_documented() -> None:
    page = (ROOT / "docs" / "scorecards.md").read_text(encoding="utf-8")
    section = page.partition("## Measures")[2]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    for name, measure in ALL_MEASURES.items():
        (row,) = [line for line in rows if f"`{name}`" in line.split("|")[1]]
        told = set(re.findall(r"`(\w+)`", row.split("|")[3]))
        assert told == set(measure.defaults), name


def test_every_parameter_that_is_a_number_has_a_range() -> None:
    numbers = [
        (name, value)
        for measure in ALL_MEASURES.values()
        for name, value in measure.defaults.items()
        if isinstance(value, int)
    ]
    assert numbers
    for name, value in numbers:
        least, most = PARAMETER_RANGES[name]
        assert least <= value <= most
