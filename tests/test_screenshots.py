import re

from docs.take_screenshots import FOLDER, indented


def test_no_text_of_a_picture_begins_with_a_space_that_viewers_leave_out() -> None:
    pictures = sorted(FOLDER.glob("*.svg"))
    assert pictures
    for path in pictures:
        assert not re.search(r"<text [^>]*>&#160;", path.read_text("utf-8")), path.name


def test_a_text_moves_by_the_spaces_that_it_loses() -> None:
    text = '<text class="r" x="24.4" y="20" textLength="{}" clip-path="url(#a)">{}a&#160;b</text>'
    given = text.format("61", "&#160;&#160;")
    assert indented(given) == text.format("36.6", "").replace("24.4", "48.8")
    assert indented(indented(given)) == indented(given)
