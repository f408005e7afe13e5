"""On which line of a TOML text each key stands, for messages; tomllib reads the text itself."""

import re
from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_NAMES = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_NAMES})\s*\]")
_KEY = re.compile(rf"\s*({_NAMES})\s*=")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')


def key_lines(text: str) -> Mapping[Path, int]:
    """The line of each table and key by its path; members of an array of tables are numbered."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    depth, quote = 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        start = 0
        if not depth and not quote:
            if header := _HEADER.match(line):
                table = _table(_split(header[2]), counts, is_array=header[1] == "[[")
                lines.setdefault(table, number)
                continue
            if key := _KEY.match(line):
                lines.setdefault(table + tuple(_split(key[1])), number)
                start = key.end()
        depth, quote = _still_open(line, start, depth, quote)
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that has one."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def _split(names: str) -> list[str]:
    return [name.strip("\"'") for name in re.findall(_NAME, names)]


def _table(names: Sequence[str], counts: dict[Path, int], *, is_array: bool) -> Path:
    path: Path = ()
    for name in names[:-1]:
        path += (name,)
        if path in counts:
            path += (counts[path],)
    path += (names[-1],)
    if is_array:
        counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path]) if path in counts else path


def _still_open(line: str, start: int, depth: int, quote: str) -> tuple[int, str]:
    """How many brackets, and which quotes, are open after the line."""
    at = start
    while at < len(line):
        if quote:
            end = line.find(quote, at)
            if end < 0:
                return depth, quote
            at, quote = end + len(quote), ""
            continue
        token = _TOKEN.search(line, at)
        if token is None:
            break
        at = token.end()
        if token[0] in {'"""', "'''"}:
            quote = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
    return depth, quote
