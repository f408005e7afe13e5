import re

from docs.take_screenshots import FOLDER, dotted, parted


def test_no_text_of_a_picture_begins_with_a_space_that_viewers_leave_out() -> None:
    pictures = sorted(FOLDER.glob("*.svg"))
    assert pictures
    for path in pictures:
        assert not re.search(r"<text [^>]*>&#160;", path.read_text("utf-8")), path.name


def test_a_text_moves_by_the_spaces_that_it_loses() -> None:
    text = '<text class="r" x="24.4" y="20" textLength="{}" clip-path="url(#a)">{}a&#160;b</text>'
    given = text.format("61", "&#160;&#160;")
    assert parted(given) == text.format("36.6", "").replace("24.4", "48.8")
    assert parted(parted(given)) == parted(given)


def test_what_stands_behind_a_gap_has_its_own_place() -> None:
    text = '<text class="r" x="{}" y="20" textLength="{}" clip-path="url(#a)">{}</text>'
    given = text.format("12.2", "122", "東&#160;b&#160;&#160;&#160;&amp;c&#160;&#160;")
    first, second = text.format("12.2", "48.8", "東&#160;b"), text.format("97.6", "24.4", "&amp;c")
    assert parted(given) == first + second


def test_the_line_of_a_chart_is_drawn_dot_by_dot() -> None:
    text = '<text class="r6" x="12.2" y="44.4" textLength="36.6" clip-path="url(#a)">{}</text>'
    # the upper left dot of one cell, an empty one, the lower right dot of the third
    drawn = dotted(text.format("\u2801&#160;\u2880"))
    assert drawn == '<path class="r6" d="M13.8 27.4h3v3h-3zM44.2 45.8h3v3h-3z"/>'
    letters = text.format("a\u2801")
    assert dotted(letters) == letters
