"""Columns of files as DuckDB reads them, and fields inside of structs, maps and JSON."""

from collections.abc import Mapping


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def place_of(name: str, types: Mapping[str, str]) -> str:
    """The SQL of a column, or of `properties.plan`, which stands inside of one.

    Args:
        name: as the specification calls it.
        types: of the columns; many keys make a map of what would be a struct, and exports often
            hold JSON as text.
    """
    first, *inside = [name] if name in types else name.split(".")
    place, kind = quoted(first), types.get(first, "")
    if inside and kind.startswith("MAP"):
        key, *inside = inside
        place, kind = f"{place}[{literal(key)}]", "JSON"
    if inside and kind in {"VARCHAR", "JSON"}:
        path = "".join('."' + part.replace('"', '\\"') + '"' for part in inside)
        return f"json_extract_string({place}, {literal(f'${path}')})"
    return ".".join((place, *map(quoted, inside)))


def text_of(place: str, kind: str) -> str:
    """What stands there as text; of a list all that is in it, as imports of files have it."""
    if kind == "JSON":
        return f"({place} ->> '$')"
    if kind.endswith("[]"):
        return f"array_to_string({place}, ';')"
    return f"CAST({place} AS VARCHAR)"
