"""Our two themes, and the bands' colours in every other theme."""

from typing import Any, Final

from textual.app import App
from textual.theme import Theme

from cs_workbench.errors import InputError
from cs_workbench.tui.palettes import DARK, LIGHT

CSW_DARK: Final = Theme(
    name=DARK.theme,
    primary="#56b4e9",
    secondary="#2f6f94",
    accent="#e69f00",
    warning="#f0c000",
    error="#ff7a2f",
    success="#2fc79b",
    foreground=DARK.foreground,
    background=DARK.background,
    surface="#1a2027",
    panel="#222a33",
    dark=True,
    variables={**DARK.bands, "footer-key-foreground": "#56b4e9"},
)
CSW_LIGHT: Final = Theme(
    name=LIGHT.theme,
    primary="#0067a0",
    secondary="#4c8cb5",
    accent="#8f5c00",
    warning="#7a5600",
    error="#a83a00",
    success="#006b4f",
    foreground=LIGHT.foreground,
    background=LIGHT.background,
    surface="#f1f1ee",
    panel="#e6e6e2",
    dark=False,
    variables={**LIGHT.bands, "footer-key-foreground": "#005a8c"},
)
THEMES: Final = (CSW_DARK, CSW_LIGHT)


def band_variables(*, dark: bool) -> dict[str, str]:
    """The bands' colours for a theme that does not name its own."""
    return dict((DARK if dark else LIGHT).bands)


def use_theme(app: App[Any], name: str) -> None:
    """Choose the theme before any style is read, so that they are read once.

    Raises:
        InputError: there is no theme of that name.
    """
    for theme in THEMES:
        app.register_theme(theme)
    if name not in app.available_themes:
        known = ", ".join(app.available_themes)
        raise InputError(f"Settings: there is no theme {name!r}. Themes: {known}.")
    app.set_reactive(App.theme, name)
    app.stylesheet.set_variables(app.get_css_variables())
