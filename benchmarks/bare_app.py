"""The least that a Textual program which answers a key is; what our start is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import OptionList


class BareApp(App[None]):
    """Forty lines and a cursor."""

    def compose(self) -> ComposeResult:
        """The whole screen."""
        yield OptionList(*(f"line {number}" for number in range(40)))


if __name__ == "__main__":
    BareApp().run()
