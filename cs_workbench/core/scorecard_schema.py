"""The shape of a scorecard file as a JSON Schema, for editors and for our own reader.

`scorecards/scorecard.schema.json` is this, written out; a test holds the two together. What a
schema cannot say (bands without gaps, maps that only rise or fall) is in `core/scorecard_files.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from math import inf
from typing import Any, get_args

from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.records import STAGES
from cs_workbench.core.scorecards import DIMENSIONS, ParentsBy
from cs_workbench.core.toml_lines import Path

Schema = Mapping[str, Any]

_MOST_WEIGHT = 1_000_000  # times a hundred points of many measures still fits into 64 bits

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_POINTS = {"type": "number", "minimum": 0, "maximum": 100}
_DAYS = {"type": "integer", "minimum": 0, "maximum": 36_500}
_VALUE = {"type": "number", "minimum": -1_000_000_000_000, "maximum": 1_000_000_000_000}


def _described(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


def _table(properties: Mapping[str, Schema], *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_MAP = _described(
    {
        "type": "array",
        "minItems": 2,
        "items": {
            "type": "array",
            "items": _VALUE,
            "minItems": 2,
            "maxItems": 2,
        },
    },
    "[value, points] pairs, values ascending: straight lines between them, flat beyond the ends.",
)
_BANDS = _described(
    {
        "type": "array",
        "minItems": 2,
        "items": _table(
            {
                "from": _described(_VALUE, "The first value of the band."),
                "to": _described(_VALUE, "The first value beyond the band."),
                "points": _POINTS,
            },
            "points",
        ),
    },
    "In place of a map: the same points for all values from `from` to just below `to`.",
)
_TENURE = _described(
    {
        "type": "array",
        "minItems": 1,
        "items": _table(
            {
                "until_months": {"type": "integer", "minimum": 1, "maximum": 1_200},
                "map": _MAP,
                "bands": _BANDS,
            },
            "until_months",
        ),
    },
    "Other maps for younger customers: the first whose months have not passed.",
)
_MISSING: Schema = {
    "anyOf": [
        {"enum": ["exclude", "worst"]},
        _table({"points": _POINTS}, "points"),
    ],
    "title": '"exclude", "worst" or { points = N }',
    "description": "What counts without fresh data: nothing (the others carry it), the worst, or "
    "fixed points.",
}
_OVERRIDES: Mapping[str, Schema] = {
    "map": _MAP,
    "bands": _BANDS,
    "max_age_days": _described(_DAYS, "Older data does not count."),
    "missing": _MISSING,
    "min_history_days": _described(_DAYS, "Younger customers have no value."),
    "tenure": _TENURE,
}
_MEASURE = _table(
    {
        "id": _described(_TEXT, "Its name; scores of other days are compared by it."),
        "label": _described(_TEXT, "What the screens call it."),
        "dimension": {"enum": list(DIMENSIONS)},
        "source": _described({"enum": list(ALL_MEASURES)}, "What is measured."),
        "parameters": _described(
            {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [{"type": "string"}, {"type": "integer"}],
                    "title": "text or a whole number",
                },
            },
            "Of the source; see docs/scorecards.md.",
        ),
        "weight": {"type": "integer", "minimum": 1, "maximum": _MOST_WEIGHT},
        "question": _described(_TEXT, "What to ask the customer when it is red."),
        "if_imported": _described(
            {"type": "boolean"}, "Asked of nobody where there is no data of its kind at all."
        ),
        "words": _described(
            {**_TEXTS, "minItems": 5, "maxItems": 5},
            "Of source rating: what 1, 2, 3, 4 and 5 mean.",
        ),
        **_OVERRIDES,
    },
    *("id", "label", "dimension", "source", "weight"),
)
_PROFILE = _table(
    {
        "name": _TEXT,
        "segment": _described(_TEXTS, "Any of these."),
        "stage": _described(
            {"type": "array", "items": {"enum": list(STAGES)}, "minItems": 1}, "Any of these."
        ),
        "product": _described(_TEXTS, "A subscription in force to any of these."),
        "measures": {
            "type": "object",
            "additionalProperties": _table(
                {
                    "weight": _described(
                        {"type": "integer", "minimum": 0, "maximum": _MOST_WEIGHT},
                        "0 leaves it out.",
                    ),
                    **_OVERRIDES,
                }
            ),
        },
    },
    *("name", "measures"),
)
SCORECARD_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A scorecard of csw",
    **_table(
        {
            "name": _TEXT,
            "bands": _table(
                {
                    "yellow_from": _described(_POINTS, "A score of exactly this is yellow."),
                    "green_from": _described(_POINTS, "A score of exactly this is green."),
                    "minimum_coverage": {"type": "number", "minimum": 0, "maximum": 1},
                },
                *("yellow_from", "green_from", "minimum_coverage"),
            ),
            "usage": _table(
                {
                    "metrics": _described(
                        {"type": "array", "items": _TEXT},
                        "The first that the portfolio has is what measures of usage read.",
                    )
                },
                "metrics",
            ),
            "rollup": _table(
                {
                    "parents": _described(
                        {"enum": list(get_args(ParentsBy))},
                        "How a parent rolls up the accounts below it and its own: mean weighted by "
                        "ARR, or the worst score.",
                    )
                }
            ),
            "dimensions": {
                "type": "object",
                "properties": dict.fromkeys(DIMENSIONS, _TEXT),
                "required": [],
                "additionalProperties": False,
            },
            "measures": {"type": "array", "items": _MEASURE, "minItems": 1},
            "profiles": _described(
                {"type": "array", "items": _PROFILE},
                "Other weights and maps for some accounts; the first that fits holds.",
            ),
        },
        *("name", "bands", "usage", "dimensions", "measures"),
    ),
}

_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "a table"),
    "array": ((list,), "a list"),
    "string": ((str,), "text"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
}


def structure_mistakes(
    value: object, schema: Schema, path: Path = ()
) -> Iterator[tuple[Path, str]]:
    """What in a value breaks the schema: where, and why. Only the words used above are known."""
    if "anyOf" in schema:
        if all(any(structure_mistakes(value, one)) for one in schema["anyOf"]):
            yield path, f"{_named(path)} must be {schema['title']}, not {value!r}"
        return
    if "enum" in schema:
        if value not in schema["enum"]:
            choices = one_of(schema["enum"], value)
            yield path, f"{_named(path)} cannot be {value!r}; {choices}"
        return
    kinds, kind_name = _TYPES[schema["type"]]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        yield path, f"{_named(path)} must be {kind_name}, not {value!r}"
        return
    if isinstance(value, dict):
        yield from _table_mistakes(value, schema, path)
    elif isinstance(value, list):
        yield from _list_mistakes(value, schema, path)
    elif isinstance(value, str | int | float):
        yield from _limit_mistakes(value, schema, path)


def _table_mistakes(
    table: Mapping[str, object], schema: Schema, path: Path
) -> Iterator[tuple[Path, str]]:
    known = schema.get("properties", {})
    others = schema["additionalProperties"]
    for name in schema.get("required", ()):
        if name not in table:
            yield path, f"{name} is missing"
    for name, value in table.items():
        if name in known:
            yield from structure_mistakes(value, known[name], (*path, name))
        elif others is False:
            yield (*path, name), f"unknown field {name}; {one_of(known, name)}"
        else:
            yield from structure_mistakes(value, others, (*path, name))


def one_of(choices: Iterable[str], given: object) -> str:
    """What could have been meant: the nearest of the names, else all of them."""
    names = list(choices)
    near = get_close_matches(str(given), names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(names)}"


def _list_mistakes(values: list[object], schema: Schema, path: Path) -> Iterator[tuple[Path, str]]:
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if len(values) < least or (most is not None and len(values) > most):
        wanted = str(least) if most == least else f"{least} or more"
        yield path, f"{_named(path)} needs {wanted} entries, not {len(values)}"
    for index, value in enumerate(values):
        yield from structure_mistakes(value, schema["items"], (*path, index))


def _limit_mistakes(value: str | float, schema: Schema, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield path, f"{_named(path)} is empty"
        return
    least, most = schema.get("minimum"), schema.get("maximum")
    if not -inf < value < inf:  # nan too; isfinite fails on a very large whole number
        yield path, f"{_named(path)} must be a finite number"
    elif least is not None and value < least and most is None:
        yield path, f"{_named(path)} must be {least} or more, not {value}"
    elif least is not None and most is not None and not least <= value <= most:
        yield path, f"{_named(path)} goes from {least} to {most}, not {value}"


def _named(path: Path) -> str:
    """The last name of a path: a member of a list is called by the list."""
    return next((part for part in reversed(path) if isinstance(part, str)), "the file")
