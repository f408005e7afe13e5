"""The signs of screens and printed lists, and letters for terminals that cannot show them."""

from typing import Final, NamedTuple

from cs_workbench.core.accounts import Band


class Glyphs(NamedTuple):
    """One set of signs; the ASCII one is for terminals that draw the other badly, or not at all.

    Attributes:
        levels: eight heights of a spark, lowest first, and `gap` for no data.
    """

    bands: dict[Band, str]
    up: str
    down: str
    flat: str
    levels: str
    gap: str
    cursor: str
    changed: str
    mark: str
    none: str
    rule: str
    minus: str
    dot: str
    fresh: str

    @property
    def all(self) -> str:
        """The signs of a printed list, to ask whether an encoding has them."""
        return "".join([*self.bands.values(), self.up, self.down, self.flat, self.levels, self.gap])

    def trend(self, trend_e4: int | None) -> str:
        """Direction and whole points over 28 days: `↓23`."""
        if trend_e4 is None:
            return ""
        moved = round(trend_e4 / 10_000)
        arrow = self.up if moved > 0 else self.down if moved < 0 else self.flat
        return f"{arrow}{abs(moved):>2}"

    def spark(self, spark: str) -> str:
        """Weekly levels of usage, `0` to `7`, as bars; any other sign is a week without data."""
        return "".join(self.levels[int(sign)] if sign in _LEVELS else self.gap for sign in spark)


_LEVELS: Final = "01234567"
UNICODE: Final = Glyphs(
    bands={"red": "■", "yellow": "◆", "green": "●", "unknown": "?"},
    up="↑",
    down="↓",
    flat="→",
    levels="▁▂▃▄▅▆▇█",
    gap="·",
    cursor="›",
    changed="•",
    mark="*",
    none="–",
    rule="─",
    minus="−",
    dot="·",
    fresh="✓",
)
ASCII: Final = Glyphs(
    bands={"red": "R", "yellow": "Y", "green": "G", "unknown": "?"},
    up="+",
    down="-",
    flat="=",
    levels="01234567",
    gap=".",
    cursor=">",
    changed="o",
    mark="*",
    none="-",
    rule="-",
    minus="-",
    dot="-",
    fresh="ok",
)

# The signs that our own words hold, in letters. Data on a screen or in a message is written the
# same way; in JSON and CSV, and in the cells of printed tables, it stays as it is.
LETTERS: Final[dict[str, str]] = {
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{MIDDLE DOT}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{NOT EQUAL TO}": "!=",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{PLUS-MINUS SIGN}": "+-",
    "\N{RETURN SYMBOL}": "Enter",
    "\N{LEFTWARDS ARROW}": "<-",
    "\N{CHECK MARK}": "ok",
    "\N{BLACK RIGHT-POINTING TRIANGLE}": ">",
    "\N{WHITE CIRCLE}": "o",
    "\N{BULLET}": "*",
    "\N{WHITE SQUARE WITH ROUNDED CORNERS}": "[]",
}
_TABLE: Final = str.maketrans(LETTERS)


def in_letters(text: str) -> str:
    """The text without the signs of ours that ASCII does not have; letters stay what they are."""
    return text if text.isascii() else text.translate(_TABLE)
