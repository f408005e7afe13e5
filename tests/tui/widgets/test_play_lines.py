from cs_workbench.tui.widgets.play_lines import unwrapped


def test_paragraphs_and_points_are_one_line_each() -> None:
    text = "One sentence\nthat goes on.\n\n- a point\n  of two lines\n- another\n\nThe end.\n"
    assert unwrapped(text) == [
        *("One sentence that goes on.", "", "- a point of two lines", "- another", "", "The end."),
    ]
    assert unwrapped("") == []
