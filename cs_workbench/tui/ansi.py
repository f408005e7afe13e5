"""Runs of text as a terminal takes them, in the colours that Textual sends for their styles."""

from itertools import groupby
from typing import Final

from cs_workbench.tui.palettes import Palette
from cs_workbench.tui.runs import Runs

Colour = tuple[int, int, int]

RESET: Final = "\x1b[0m"
DIM: Final = 0.66  # how much of a dim colour is left of it, as Textual has it
TRUE_COLOURS: Final = frozenset({"truecolor", "24bit"})


class Painter:
    """Styles of one palette as codes; each is worked out once."""

    def __init__(self, palette: Palette, *, true_colours: bool) -> None:
        """Write colours as they are, or as the nearest of 256."""
        self._palette = palette
        self._true_colours = true_colours
        self._codes: dict[str, str] = {}

    def line(self, runs: Runs) -> str:
        """Runs one after the other, each in its style."""
        alike = groupby(runs, lambda run: run[1])
        return "".join(
            [
                f"{self.codes(style)}{''.join(text for text, _ in part)}{RESET}"
                for style, part in alike
            ]
        )

    def codes(self, style: str) -> str:
        """What begins a style: words for attributes, and a colour of the palette as `$name`."""
        if style not in self._codes:
            self._codes[style] = self._made(style)
        return self._codes[style]

    def _made(self, style: str) -> str:
        words = style.split()
        named = [word for word in words if word.startswith("$")]
        palette = self._palette
        ink = _colour(palette.bands[named[0].removeprefix("$")] if named else palette.foreground)
        ground = _colour(palette.background)
        if "dim" in words:
            ink = _blended(ground, ink)
        bold = "1;" if "bold" in words else ""
        reverse = "7;" if "reverse" in words else ""
        return f"\x1b[{bold}{reverse}{self._code(38, ink)};{self._code(48, ground)}m"

    def _code(self, kind: int, colour: Colour) -> str:
        if self._true_colours:
            return f"{kind};2;{';'.join(map(str, colour))}"
        return f"{kind};5;{_of_256(colour)}"


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _blended(ground: Colour, ink: Colour) -> Colour:
    red, green, blue = (
        int(low + (high - low) * DIM) for low, high in zip(ground, ink, strict=True)
    )
    return red, green, blue


def _of_256(colour: Colour) -> int:
    """The nearest colour of xterm's cube or greys, chosen as rich does."""
    from colorsys import rgb_to_hls

    red, green, blue = colour
    _, light, saturation = rgb_to_hls(red / 255, green / 255, blue / 255)
    if saturation < 0.15:
        grey = round(light * 25)
        return 16 if grey == 0 else 231 if grey == 25 else 231 + grey
    steps = [part / 95 if part < 95 else 1 + (part - 95) / 40 for part in colour]
    return 16 + 36 * round(steps[0]) + 6 * round(steps[1]) + round(steps[2])
