"""The least that a Textual program with a list is; what our start is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, OptionList


class BareApp(App[None]):
    """A header, forty lines, a footer."""

    def compose(self) -> ComposeResult:
        """The whole screen."""
        yield Header()
        yield OptionList(*(f"line {number}" for number in range(40)))
        yield Footer()


if __name__ == "__main__":
    BareApp().run()
