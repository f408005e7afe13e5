"""What every drawn line passes through on its way to the terminal."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from cs_workbench.core.glyphs import LETTERS

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

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Replace control characters; drop the ones that turn the direction of text."""
        if all(text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(text.translate(_HARMLESS), style) for text, style, _ in segments]


# Where a sign needs two letters, the blank behind it makes room: `\u2265 30` is `>=30`.
_PAIRS = {sign + " ": letters for sign, letters in LETTERS.items() if len(letters) == 2}
_LETTERS: dict[int, str] = {
    **{ord(sign): letters[0] for sign, letters in LETTERS.items()},
    **dict.fromkeys(range(0x2400, 0x2424), "?"),  # control characters made visible
    **dict.fromkeys(range(0x2500, 0x2580), "+"),  # frames
    **dict.fromkeys((0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x2550, 0x2574), "-"),
    **dict.fromkeys((0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x2551), "|"),
    **dict.fromkeys(range(0x2580, 0x2588), " "),  # the ends of scrollbars, seen by their ground
    **dict.fromkeys(range(0x2588, 0x25A0), "|"),
    0x23CE: "/",  # the end of a line in data
    0x2026: "~",  # what was cut
    0xFFFD: "?",
}


class Lettered(LineFilter):
    """`CSW_ASCII`: no sign that a plain terminal lacks, but for what stands in names and texts."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Replace signs and frames, cell by cell."""
        if all(text.isascii() for text, _, _ in segments):
            return segments
        return [Segment(_lettered(text), style) for text, style, _ in segments]


def _lettered(text: str) -> str:
    for pair, letters in _PAIRS.items():
        text = text.replace(pair, letters)
    return text.replace(_LENS, "/ ").translate(_LETTERS)


_LENS = "\U0001f50e"  # two cells, in Textual's palette


class Colourless(LineFilter):
    """`NO_COLOR`, taken at its word: bold, dim, reverse and underline are all that is left."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
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
