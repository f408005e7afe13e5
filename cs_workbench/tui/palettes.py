"""The colours of our two themes that a list needs, without Textual.

The bands' colours are Okabe and Ito's, darkened on light ground to a contrast of at least 4.5 : 1;
they never carry meaning alone: a glyph, a number and a word stand beside them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Palette(NamedTuple):
    """Colours as `#rrggbb`; `bands` by the names that styles give them, without the `$`."""

    theme: str
    foreground: str
    background: str
    bands: Mapping[str, str]


_DARK_BANDS: Final = {
    "band-red": "#ff7a2f",
    "band-yellow": "#f0c000",
    "band-green": "#2fc79b",
    "band-unknown": "#a9b4c2",
    "late": "#ff7a2f",
}
_LIGHT_BANDS: Final = {
    "band-red": "#a83a00",
    "band-yellow": "#7a5600",
    "band-green": "#006b4f",
    "band-unknown": "#4d5966",
    "late": "#a83a00",
}

DARK: Final = Palette("csw-dark", "#d7dde4", "#12161b", _DARK_BANDS)
LIGHT: Final = Palette("csw-light", "#1b2127", "#fbfbf9", _LIGHT_BANDS)
PALETTES: Final = (DARK, LIGHT)
