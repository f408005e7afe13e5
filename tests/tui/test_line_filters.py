from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from cs_workbench.tui.line_filters import Colourless, Harmless

BLACK = Color(0, 0, 0)


def test_what_would_steer_the_terminal_is_replaced_cell_for_cell() -> None:
    (segment,) = Harmless().apply([Segment("a\x1b[2J\x9b\x07b\u202ec\nd")], BLACK)
    assert segment.text == "a␛[2J�␇bc␊d"


def test_harmless_text_is_passed_on_as_it_is() -> None:
    segments = [Segment("東京データ 👩\u200d🚀", Style(bold=True))]
    assert Harmless().apply(segments, BLACK) == segments


def test_no_colour_leaves_only_weight_and_line() -> None:
    style = Style(color="red", bgcolor="blue", bold=True, dim=True, reverse=True, underline=True)
    (segment,) = Colourless().apply([Segment("x", style)], BLACK)
    assert segment.style == Style(bold=True, dim=True, reverse=True, underline=True)
