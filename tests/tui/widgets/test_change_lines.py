import datetime as dt
import re
from pathlib import Path

import pytest

from cs_workbench.core.explanations import Explanation
from cs_workbench.core.glyphs import ASCII
from cs_workbench.store.database import Database, write
from cs_workbench.tui.widgets.change_lines import change_lines
from cs_workbench.workflows.explaining import explain
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import TODAY, add_survey
from tests.tui.pages import story

THEN = TODAY - dt.timedelta(28)


@pytest.fixture
def told(tmp_path: Path) -> Database:
    return story(tmp_path)


def explained(db: Database, since: dt.date = THEN, account_key: int = 1) -> Explanation:
    return explain(db, account_key, default_scorecard(), as_of=TODAY, since=since)


def plain(one: Explanation, width: int = 78) -> list[str]:
    return [line.plain for line in change_lines(one, width)]


def numbers(lines: list[str], pattern: str) -> list[int]:
    """The points that a pattern finds, in tenths."""
    found = (match for line in lines if (match := re.match(pattern, line)))
    return [int(match[1].replace("−", "-").replace(".", "").replace("+", "")) for match in found]


def test_the_causes_that_are_shown_add_up_to_the_change_that_is_shown(told: Database) -> None:
    lines = plain(explained(told))
    causes = numbers(lines, r" +([−+]\d+\.\d)  \S")
    (change,) = numbers(lines, r"= *([−+]\d+\.\d)  in 28 days")
    assert len(causes) > 2
    assert sum(causes) == change < 0


def test_measures_then_and_now_add_up_to_both_scores(told: Database) -> None:
    one = explained(told)
    lines = plain(one)
    head = next(place for place, line in enumerate(lines) if line.startswith("Measure"))
    rows = [line.split() for line in lines[head + 1 :] if line]
    total = rows.pop()

    def tenths(text: str) -> int:
        return 0 if text in "–·" else int(re.sub(r"[+.]", "", text).replace("−", "-"))

    assert total[0] == "Sum"
    for place in (-2, -1):
        assert sum(tenths(row[place]) for row in rows) == tenths(total[place])
    assert one.now.score.points_e4 is not None
    assert tenths(total[-1]) == one.now.score.points_e4 // 1_000


def test_it_says_where_a_score_comes_from(told: Database) -> None:
    lines = plain(explained(told, THEN + dt.timedelta(3)))
    assert "Thu 29 Oct 2026" in lines[0]
    assert "computed from what was known then" in lines[0]
    assert "computed" not in lines[1]


def test_data_that_came_stands_apart_from_what_was_done(told: Database) -> None:
    with write(told) as pen:
        add_survey(pen, 1, score=2, answered_on="2026-11-20")
        pen.execute("DELETE FROM score WHERE as_of = ?", (TODAY.isoformat(),))
    lines = plain(explained(told))
    came = lines.index("Data that came or went")
    assert "(new)" in lines[came + 1]
    assert lines.index("What the customer did, and we") > came


def test_nothing_moved(told: Database) -> None:
    lines = plain(explain_same(told))
    assert "Nothing has moved the score." in lines


def explain_same(db: Database) -> Explanation:
    one = explained(db)
    return Explanation(one.account_id, one.name, one.now, one.now)


def test_nothing_is_said_without_an_earlier_day(told: Database) -> None:
    one = explained(told)
    assert change_lines(Explanation(one.account_id, one.name, one.now), 78) == []


@pytest.mark.parametrize("width", [40, 78, 118])
def test_no_line_is_wider_than_its_room(told: Database, width: int) -> None:
    lines = change_lines(explained(told), width, ASCII)
    table = next(place for place, line in enumerate(lines) if line.plain.startswith("Measure"))
    assert all(line.cell_length <= max(width, 53) for line in lines[table:])
    assert "↓" not in "".join(line.plain for line in lines)
