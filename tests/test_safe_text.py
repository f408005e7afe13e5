"""No text reaches a widget but through `tui/formats.py`: a plain string is markup to Textual.

The rule reads every module of `tui/`. What is handed to a sink (a Textual widget's constructor,
`update`, `border_title` and their like) has to be a constant, or to be known to be `Content`: by
the annotation of the function that made it, of the parameter, or of the attribute that holds it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TUI = sorted((ROOT / "cs_workbench" / "tui").rglob("*.py"))
FORMATS = ROOT / "cs_workbench" / "tui" / "formats.py"
MESSAGES = ROOT / "cs_workbench" / "tui" / "messages.py"

SINK_METHODS = {"update", "add_option", "add_options", "set_options", "add_row", "add_column"}
SINK_METHODS |= {"add_columns", "add_rows", "write", "write_line", "append_text", "render_str"}
SINK_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "placeholder", "label", "prompt"}
TEXT_KEYWORDS = {"label", "content", "renderable", "prompt", "placeholder", "title", "tooltip"}
TYPED_BY_A_PERSON = {"Input", "TextArea"}  # their first argument is a value, never markup
FORBIDDEN = {"from_markup", "from_rich_text", "from_text", "Text", "Markdown", "RichLog", "escape"}
CONTENT_METHODS = {
    "join",
    "truncate",
    "pad_left",
    "pad_right",
    "pad",
    "append",
    "stylize",
    "rstrip",
}
CONTENT_TYPES = {"Content", "Content | None", "Option", "VisualType"}


@dataclass
class Known:
    """Names that stand for `Content`, gathered from annotations all over `tui/`."""

    functions: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


def gather(trees: list[ast.Module]) -> Known:
    known = Known()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.returns and ast.unparse(node.returns) in CONTENT_TYPES:
                known.functions.add(node.name)
            texts = contents_among(node)
            for line in ast.walk(node):
                if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(
                    line.value, ast.Name
                ):
                    known.attributes |= {
                        target.attr
                        for target in targets_of(line)
                        if isinstance(target, ast.Attribute) and line.value.id in texts
                    }
        if isinstance(node, ast.ClassDef):
            known.attributes |= {
                line.target.id
                for line in node.body
                if isinstance(line, ast.AnnAssign)
                and isinstance(line.target, ast.Name)
                and ast.unparse(line.annotation) in CONTENT_TYPES
            }
    return known


def targets_of(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def contents_among(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return {
        argument.arg
        for argument in given
        if argument.annotation and ast.unparse(argument.annotation) in CONTENT_TYPES
    }


class Reader(ast.NodeVisitor):
    """Finds what one module hands to a sink without knowing it to be safe."""

    def __init__(self, known: Known, place: Path | None = None) -> None:
        self.known = known
        self.place = place
        self.widgets: set[str] = set()
        self.names: set[str] = set()
        self.found: list[str] = []
        self.sinks = 0

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if (node.module or "").startswith("textual.widgets"):
            self.widgets |= {alias.asname or alias.name for alias in node.names}
        for alias in node.names:
            if alias.name in FORBIDDEN:
                self.complain(node, f"imports {alias.name}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.enter(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.enter(node)

    def enter(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if node.name == "render" and (not node.returns or ast.unparse(node.returns) != "Content"):
            self.complain(node, "render() has to give Content; a str would be markup")
        before, self.names = self.names, self.names | contents_among(node)
        for line in ast.walk(node):
            if (
                isinstance(line, ast.Assign | ast.AnnAssign)
                and line.value
                and self.safe(line.value)
            ):
                self.names |= {t.id for t in targets_of(line) if isinstance(t, ast.Name)}
        self.generic_visit(node)
        self.names = before

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in SINK_ATTRIBUTES:
                self.check(node.value, target.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = name_of(node.func)
        if name in FORBIDDEN:
            self.complain(node, f"calls {name}")
        if name == "notify":
            self.check_notify(node)
        if self.is_raw_content(node):
            for argument in node.args[:1]:
                if not isinstance(argument, ast.Constant):
                    self.complain(node, "makes Content of data outside formats.py")
        if name in self.widgets or (isinstance(node.func, ast.Attribute) and name in SINK_METHODS):
            self.check_arguments(node, name)
        self.generic_visit(node)

    def check_arguments(self, node: ast.Call, name: str) -> None:
        for argument in node.args[1 if name in TYPED_BY_A_PERSON else 0 :]:
            self.check(argument, name)
        for keyword in node.keywords:
            if keyword.arg in TEXT_KEYWORDS:
                self.check(keyword.value, name)

    def check_notify(self, node: ast.Call) -> None:
        """One place tells a person something, and never as markup."""
        self.sinks += 1
        plain = any(
            keyword.arg == "markup"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is False
            for keyword in node.keywords
        )
        if not plain or self.place != MESSAGES:
            self.complain(node, "notify() is for messages.tell alone, with markup=False")

    def check(self, value: ast.expr, sink: str) -> None:
        self.sinks += 1
        if not self.safe(value):
            self.complain(value, f"gives {ast.unparse(value)} to {sink}")

    def is_raw_content(self, node: ast.Call) -> bool:
        made = ast.unparse(node.func)
        return self.place != FORMATS and made in {"Content", "Content.styled", "Content.assemble"}

    def safe(self, value: ast.expr) -> bool:
        """Whether the value is a constant, or known to be Content."""
        if isinstance(value, ast.Name):
            return value.id in self.names or value.id.isupper()
        if isinstance(value, ast.Attribute):
            return value.attr in self.known.attributes
        if isinstance(value, ast.Call):
            return self.safe_call(value)
        parts = parts_of(value)
        return isinstance(value, ast.Constant) or bool(parts and all(map(self.safe, parts)))

    def safe_call(self, call: ast.Call) -> bool:
        name = name_of(call.func)
        if isinstance(call.func, ast.Attribute) and name in CONTENT_METHODS:
            made = call.func.value
            if isinstance(made, ast.Call) and ast.unparse(made.func) == "Content":
                return True  # of a constant: anything else is a finding of its own
            return not isinstance(made, ast.Constant) and self.safe(made)
        return name in self.known.functions or name in self.widgets

    def complain(self, node: ast.AST, what: str) -> None:
        self.found.append(f"line {getattr(node, 'lineno', 0)}: {what}")


def parts_of(value: ast.expr) -> list[ast.expr]:
    """The expressions of which one becomes the value, or all of them part of it."""
    match value:
        case ast.IfExp():
            return [value.body, value.orelse]
        case ast.BoolOp():
            return value.values
        case ast.BinOp(op=ast.Add()):
            return [value.left, value.right]
        case ast.Starred():
            return [value.value]
        case ast.List() | ast.Tuple():
            return value.elts
        case ast.GeneratorExp() | ast.ListComp():
            return [value.elt]
    return []


def name_of(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def of_formats() -> ast.Module:
    return parsed(FORMATS)


def read(tree: ast.Module, known: Known, place: Path | None = None) -> Reader:
    reader = Reader(known, place)
    reader.visit(tree)
    return reader


def test_widgets_are_given_safe_text_alone() -> None:
    trees = {path: parsed(path) for path in TUI}
    known = gather(list(trees.values()))
    modules = {str(path.relative_to(ROOT)): read(trees[path], known, path) for path in TUI}
    assert {name: one.found for name, one in modules.items() if one.found} == {}
    assert sum(one.sinks for one in modules.values()) >= 20
    assert sum(bool(one.sinks) for one in modules.values()) > 5


def findings(line: str) -> list[str]:
    return list(iter_findings(line))


def iter_findings(line: str) -> Iterator[str]:
    source = (
        "from textual.widgets import Input, Label, OptionList\n"
        "from textual.widgets.option_list import Option\n"
        "from cs_workbench.tui.formats import joined, safe\n"
        "def show(self, row, text: str, given: Content) -> None:\n"
        f"    {line}\n"
    )
    tree = ast.parse(source)
    yield from read(tree, gather([tree, of_formats()])).found


@pytest.mark.parametrize(
    "line",
    [
        "Label(f'hello {row.name}')",
        "Label(row.name)",
        "Label(text)",
        "Label(str(row))",
        "Label('hello ' + text)",
        "Label('hello %s' % text)",
        "Label('hello {}'.format(text))",
        "Label(' '.join(row.names))",
        "Label(given.plain)",
        "Option(row.name)",
        "OptionList(*(Option(name) for name in row.names))",
        "OptionList(*row.names)",
        "Input(placeholder=row.name)",
        "self.label.update(row.name)",
        "self.table.add_row(safe(row.name), row.name)",
        "self.border_title = row.name",
        "self.border_subtitle = f'{text}'",
        "self.tooltip = text",
        "self.notify(row.name)",
        "self.app.notify(text, markup=False)",
        "self.app.notify('done')",
        "Label(Content.from_markup('[b]x[/b]'))",
        "Label(Content(row.name))",
        "Label(Content.styled(row.name, 'bold'))",
        "Label(Content.assemble(row.name))",
        "from rich.text import Text",
        "from textual.widgets import Markdown",
        "def render(self) -> str: return text",
        "def render(self): return text",
    ],
)
def test_the_rule_finds_what_breaks_it(line: str) -> None:
    assert findings(line)


@pytest.mark.parametrize(
    "line",
    [
        "Label('a constant')",
        "Label(safe(row.name))",
        "Label(given)",
        "Label(joined('a ', (row.name, 'bold')))",
        "Label(safe(text) if text else given)",
        "Label(Content('\\n').join([given]))",
        "made = safe(text); Label(made)",
        "OptionList(*(Option(safe(name)) for name in row.names))",
        "Input(row.name, placeholder='type here')",
        "self.border_title = safe(row.name)",
        "self.label.update(given + safe(text))",
        "Label(id='x', classes=text)",
        "def render(self) -> Content: return given",
    ],
)
def test_the_rule_passes_what_is_safe(line: str) -> None:
    assert findings(line) == []
