import datetime as dt

from cs_workbench.core.glyphs import UNICODE
from cs_workbench.core.plays.model import Entry, Play
from cs_workbench.core.plays.road import Anchors, Moment, road_of
from cs_workbench.importers.playbook_files import check_text, sound
from cs_workbench.tui.widgets.play_lines import PlayPicture, fact_lines, step_lines, unwrapped
from tests.factories import TODAY
from tests.importers.test_playbook_files import GOOD


def test_paragraphs_and_points_are_one_line_each() -> None:
    text = "One sentence\nthat goes on.\n\n- a point\n  of two lines\n- another\n\nThe end.\n"
    assert unwrapped(text) == [
        *("One sentence that goes on.", "", "- a point of two lines", "- another", "", "The end."),
    ]
    assert unwrapped("") == []


def test_a_wait_says_for_what_and_how_long() -> None:
    playbook = sound(*check_text(GOOD, "f"))
    done = {
        "ask": Entry("ask", "done", TODAY, answers={"sure": "no"}),
        "way": Entry("way", "done", TODAY, answers={"go": "wait"}),
    }
    known = {"days since contact": 0.0, "days to deadline": 9.0}
    anchors: Anchors = {"today": TODAY, "deadline": TODAY + dt.timedelta(9)}
    now = Moment(TODAY, known, anchors, TODAY, lambda _: False)
    play = Play(
        *("p1", 1, playbook.playbook_id, 1, "h", "active", "", None, TODAY, TODAY, None, "Ana", "")
    )
    picture = PlayPicture(
        "Kestrel", play, playbook, road_of(playbook, done, now), TODAY, {}, known, []
    )
    assert "Waits for a reply, at most 5 days" in step_lines(picture).plain
    told = fact_lines(picture, UNICODE).plain
    assert "last spoke  today" in told
    assert "deadline  in 9 d" in told
