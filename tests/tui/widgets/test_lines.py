from textual.content import Content

from cs_workbench.tui.widgets.lines import between


def test_a_gap_that_was_measured_before_makes_nothing_wider() -> None:
    gap, parts = Content(" · "), [Content("one"), Content(""), Content("東京")]
    measured = [gap.cell_length, *(part.cell_length for part in parts)]
    assert measured == [3, 3, 0, 4]
    joined = between(parts, gap)
    assert joined.plain == "one · 東京"
    assert joined.cell_length == 10


def test_one_part_has_no_gap_and_none_is_nothing() -> None:
    gap = Content(", ")
    assert between([Content("one")], gap).plain == "one"
    assert not between([], gap)
