"""Files, functions and classes stay small enough to be read, and are named after what they hold."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE, FUNCTION, CLASS, POSITIONAL = 400, 40, 250, 5
VAGUE = {"base", "common", "helper", "helpers", "manager", "misc", "service", "util", "utils"}
APP = 200

PACKAGE = sorted((ROOT / "cs_workbench").rglob("*.py"))
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))
ALL = [
    *PACKAGE,
    *BENCHMARKS,
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "docs").rglob("*.py")),
]


def too_large(source: str) -> Iterator[str]:
    """What in the source is longer, or takes more arguments, than the rules allow."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and lines(node) > CLASS:
            yield f"class {node.name} has {lines(node)} lines (at most {CLASS})"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if lines(node) > FUNCTION:
                yield f"{node.name}() has {lines(node)} lines (at most {FUNCTION})"
            if positional(node) > POSITIONAL:
                yield f"{node.name}() takes {positional(node)} arguments by place ({POSITIONAL})"


def lines(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def positional(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def length(path: Path) -> int:
    return len(source(path).splitlines())


def test_files_are_short() -> None:
    app = ROOT / "cs_workbench" / "tui" / "app.py"
    long = {shown(path): count for path in ALL if (count := length(path)) > FILE}
    assert long == {}
    assert length(app) <= APP


def test_functions_and_classes_are_short() -> None:
    found = {shown(path): list(too_large(source(path))) for path in [*PACKAGE, *BENCHMARKS]}
    assert {path: large for path, large in found.items() if large} == {}


def test_modules_are_named_after_what_they_hold() -> None:
    named = {part for path in ALL for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not {name for name in named if name.split("_")[-1] in VAGUE}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n" + "    pass\n" * 40, "f() has 41 lines (at most 40)"),
        ("class C:\n" + "    a = 1\n" * 250, "class C has 251 lines (at most 250)"),
        ("def f(a, b, c, /, d, e, f): pass", "f() takes 6 arguments by place (5)"),
    ],
)
def test_the_rules_find_what_breaks_them(source: str, found: str) -> None:
    assert list(too_large(source)) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n" + "    pass\n" * 39,
        "class C:\n" + "    a = 1\n" * 249,
        "class C:\n    def f(self, a, b, c, d, e, *, g, h): pass",
    ],
)
def test_the_rules_pass_what_just_fits(source: str) -> None:
    assert not list(too_large(source))
