from textual.content import Content

from cs_workbench.core.glyphs import ASCII, UNICODE
from cs_workbench.tui.formats import joined
from cs_workbench.tui.widgets.review_lines import boxes


def test_boxes_are_framed_with_the_signs_of_the_terminal() -> None:
    parts: list[tuple[str, list[Content]]] = [("Score", [joined("31 red")]), ("People", [])]
    plain = [line.plain for line in boxes(parts, (16, 12), ASCII)]
    assert plain == [
        "+- Score ------++- People -+",
        "| 31 red       ||          |",
        "+--------------++----------+",
    ]
    drawn = [line.plain for line in boxes(parts, (16, 12), UNICODE)]
    assert drawn[0] == "╭─ Score ──────╮╭─ People ─╮"
    assert {line.cell_length for line in boxes(parts, (16, 12), UNICODE, 3)} == {28}
