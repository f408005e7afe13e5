"""Our two themes, the bands' colours in every other theme, and what styles call a small window.

The bands' colours are Okabe and Ito's, darkened on light ground to a contrast of at least 4.5 : 1;
they never carry meaning alone: a glyph, a number and a word stand beside them.
"""

from typing import Final

from textual.theme import Theme

DARK_BANDS: Final = {
    "band-red": "#ff7a2f",
    "band-yellow": "#f0c000",
    "band-green": "#2fc79b",
    "band-unknown": "#a9b4c2",
    "late": "#ff7a2f",
}
LIGHT_BANDS: Final = {
    "band-red": "#a83a00",
    "band-yellow": "#7a5600",
    "band-green": "#006b4f",
    "band-unknown": "#4d5966",
    "late": "#a83a00",
}

CSW_DARK: Final = Theme(
    name="csw-dark",
    primary="#56b4e9",
    secondary="#2f6f94",
    accent="#e69f00",
    warning="#f0c000",
    error="#ff7a2f",
    success="#2fc79b",
    foreground="#d7dde4",
    background="#12161b",
    surface="#1a2027",
    panel="#222a33",
    dark=True,
    variables={**DARK_BANDS, "footer-key-foreground": "#56b4e9"},
)
CSW_LIGHT: Final = Theme(
    name="csw-light",
    primary="#0067a0",
    secondary="#4c8cb5",
    accent="#8f5c00",
    warning="#7a5600",
    error="#a83a00",
    success="#006b4f",
    foreground="#1b2127",
    background="#fbfbf9",
    surface="#f1f1ee",
    panel="#e6e6e2",
    dark=False,
    variables={**LIGHT_BANDS, "footer-key-foreground": "#005a8c"},
)
THEMES: Final = (CSW_DARK, CSW_LIGHT)
WIDTHS: Final = [(0, "-narrow"), (100, "-wide")]  # cells from which a class holds
HEIGHTS: Final = [(0, "-low"), (30, "-high"), (50, "-tall")]


def band_variables(*, dark: bool) -> dict[str, str]:
    """The bands' colours for a theme that does not name its own."""
    return DARK_BANDS if dark else LIGHT_BANDS
