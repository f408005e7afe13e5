"""What a person says of a guess: `arr=Yearly fee`, `dates=dmy`."""

from collections.abc import Callable, Sequence

from cs_workbench.errors import UsageError


def answer(said: str) -> tuple[str, str]:
    """The name and what is said of it; empty where there is none."""
    name, _, value = said.partition("=")
    return name.strip(), value.strip()


def meant_heading(headings: Sequence[str], text: str) -> str:
    """The heading that a person means, whatever its case.

    Its end after a point is enough, as `tenant` of `groups.tenant`, or its beginning, if it is
    clear.

    Raises:
        UsageError: it is none, or several.
    """
    folded = text.casefold()
    ways: tuple[Callable[[str], bool], ...] = (
        lambda one: one == folded,
        lambda one: one.endswith(f".{folded}"),
        lambda one: one.startswith(folded),
    )
    for fits in ways:
        meant = [one for one in headings if fits(one.casefold())]
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise UsageError(f"{text!r} is several columns: {', '.join(meant)}.")
    raise UsageError(f"{text!r} is no column: {', '.join(headings)}.")
