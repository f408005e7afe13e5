"""What every drawn line passes through on its way to the terminal."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

# One cell for one cell: the layout has been measured by now. `formats` shows these signs better;
# here only what never passed it, in Textual's own widgets, is caught.
_HARMLESS: dict[int, int | None] = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))),
}


class Harmless(LineFilter):
    """Nothing that would steer the terminal gets through."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Replace control characters; drop the ones that turn the direction of text."""
        if all(text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(text.translate(_HARMLESS), style) for text, style, _ in segments]


class Colourless(LineFilter):
    """`NO_COLOR`, taken at its word: bold, dim, reverse and underline are all that is left."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Take every colour out."""
        return [Segment(text, style and _without_colour(style)) for text, style, _ in segments]


@lru_cache(1024)
def _without_colour(style: Style) -> Style:
    return Style(
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
        strike=style.strike,
        meta=style.meta or None,
    )
