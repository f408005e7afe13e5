"""Templates of messages from text: Jinja2 parses, a short list of what is allowed lets through.

Nothing is ever compiled or run. Only text, fields, `if`, `else` and `for` over a list survive;
everything else (calls, filters, arithmetic, attributes of attributes, includes) is an error.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cs_workbench.core.playbooks.templates import Field, For, If, Part, Template, Text
from cs_workbench.errors import InputError

if TYPE_CHECKING:
    from jinja2 import nodes

MAX_LENGTH = 20_000
MAX_DEPTH = 5


def parse_template(source: str) -> Template:
    """Read a template.

    Raises:
        InputError: it is not one, or does what no message may; the message has the line in it.
    """
    from jinja2 import Environment, TemplateError, TemplateSyntaxError

    if len(source) > MAX_LENGTH:
        raise InputError(f"line 1: a message of more than {MAX_LENGTH:,} characters.")
    try:
        tree = Environment(keep_trailing_newline=True, autoescape=False).parse(source)  # noqa: S701 - nothing is rendered by it
    except TemplateSyntaxError as problem:
        raise InputError(f"line {problem.lineno}: {problem.message}") from None
    except (TemplateError, RecursionError, OverflowError, ValueError) as problem:
        raise InputError(f"line 1: not a template ({type(problem).__name__}).") from None
    return Template(source, tuple(_parts(tree.body, 0)))


def _parts(found: Sequence["nodes.Node"], depth: int) -> Iterator[Part]:
    from jinja2 import nodes

    if depth > MAX_DEPTH:
        raise InputError(f"line {found[0].lineno}: nested deeper than {MAX_DEPTH} levels.")
    for node in found:
        if isinstance(node, nodes.Output):
            yield from _output(node)
        elif isinstance(node, nodes.If):
            yield _if(node, depth)
        elif isinstance(node, nodes.For):
            yield _for(node, depth)
        else:
            raise _refused(node)


def _output(node: "nodes.Output") -> Iterator[Part]:
    from jinja2 import nodes

    for child in node.nodes:
        if isinstance(child, nodes.TemplateData):
            yield Text(child.data)
        else:
            yield Field(_name(child))


def _if(node: "nodes.If", depth: int) -> If:
    if node.elif_:
        raise InputError(f"line {node.lineno}: `elif` is not allowed; put an `if` inside `else`.")
    then, otherwise = (tuple(_parts(part, depth + 1)) for part in (node.body, node.else_))
    return If(_name(node.test), then, otherwise)


def _for(node: "nodes.For", depth: int) -> For:
    from jinja2 import nodes

    if node.test is not None or node.else_ or node.recursive:
        raise InputError(f"line {node.lineno}: a list is gone through plainly, `for x in list`.")
    if not isinstance(node.target, nodes.Name):
        raise _refused(node.target)
    return For(node.target.name, _name(node.iter), tuple(_parts(node.body, depth + 1)))


def _name(node: "nodes.Node") -> str:
    """A field's name: `me`, or with one dot `account.name`."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return _public(node, node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return _public(node, f"{node.node.name}.{node.attr}")
    raise _refused(node)


def _public(node: "nodes.Node", name: str) -> str:
    if any(part.startswith("_") for part in name.split(".")):
        raise _refused(node)
    return name


def _refused(node: "nodes.Node") -> InputError:
    kind = type(node).__name__.lower()
    return InputError(
        f"line {node.lineno}: only fields, if and for are allowed in a message, not this ({kind})."
    )
