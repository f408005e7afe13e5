import stat
from pathlib import Path

import pytest

from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.errors import ConflictError, InputError, NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.store.health import load_score
from cs_workbench.workflows.explaining import explain
from cs_workbench.workflows.scorecards import (
    copy_scorecard,
    find_mistakes,
    save_scorecard,
    scorecard_at,
)
from cs_workbench.workflows.scoring import default_scorecard, refresh, shipped_scorecard
from tests.cards import plain_scorecard
from tests.factories import TODAY
from tests.workflows.test_scoring import steady, summary

OWN = """
[[profiles]]
name = "smb"
segment = ["SMB"]
[profiles.measures.two_way_contact]
weight = 0
[profiles.measures.seat_utilisation]
map = [[0.5, 0], [1, 100]]
"""


def own(folder: Path, text: str = OWN) -> Path:
    path = folder / "own.toml"
    path.write_text(plain_scorecard().text + text, encoding="utf-8")
    return path


def test_without_a_file_it_is_the_one_that_ships() -> None:
    assert scorecard_at(None).digest == scorecard_at(shipped_scorecard()).digest


def test_a_copy_is_the_same_scorecard_with_a_schema_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "new" / "scorecard.toml"
    copy_scorecard(shipped_scorecard(), target)
    assert target.read_text().startswith("#:schema ./scorecard.schema.json\n")
    assert scorecard_at(target).measures == default_scorecard().measures
    assert find_mistakes(target) == ()
    assert (target.parent / "scorecard.schema.json").exists()
    assert stat.S_ISREG(target.stat().st_mode)
    with pytest.raises(ConflictError, match="is there already"):
        copy_scorecard(shipped_scorecard(), target)


def test_a_file_that_is_none_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no scorecard at"):
        scorecard_at(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"x\.toml is not text in UTF-8: see byte 1\."):
        find_mistakes(tmp_path / "x.toml")
    with pytest.raises(
        InputError, match=r"own\.toml:\d+: profile smb: unknown field x; .* \(1 more"
    ):
        scorecard_at(own(tmp_path, OWN.replace("segment =", "x = 1\ncolour =")))


def test_a_refresh_scores_each_account_with_its_profile(db: Database, tmp_path: Path) -> None:
    plain, small = steady(db, "acme"), steady(db, "tiny", segment="smb")
    card = scorecard_at(own(tmp_path))
    assert refresh(db, as_of=TODAY, actor="ana", scorecard=card).changed == 2
    scores = [load_score(db, key) for key in (plain, small)]
    assert [one.scorecard.variant.profile for one in scores] == [None, "smb"]
    assert scores[0].points_e4 == 1_000_000
    lines = {line.measure_id: line for line in scores[1].contributions}
    assert (lines["two_way_contact"].applies, lines["two_way_contact"].points_e4) == (False, None)
    assert lines["seat_utilisation"].target == 1
    assert scores[1].points_e4 == sum(line.points_e4 or 0 for line in lines.values())
    assert refresh(db, as_of=TODAY, actor="ana", scorecard=card).changed == 0


def test_another_profile_is_a_cause_of_its_own(db: Database, tmp_path: Path) -> None:
    key = steady(db, "acme")
    card = scorecard_at(own(tmp_path))
    then = TODAY.replace(month=10, day=26)
    refresh(db, as_of=then, actor="ana", scorecard=card)
    db.connection.execute("UPDATE account SET segment = 'smb'")
    refresh(db, as_of=TODAY, actor="ana", scorecard=card)
    found = explain(db, key, card, as_of=TODAY, since=then)
    assert [(cause.kind, found.told(cause)) for cause in found.causes] == [
        ("configuration", "other expectations hold now: smb")
    ]
    assert found.change_e4 == found.causes[0].points_e4 < 0
    assert "other expectations hold now: smb" in summary(db, key)["causes"]


def heavier(text: str) -> str:
    """The same scorecard, in which its first measure weighs a hundred more."""
    weight = read_scorecard(text).measures[0].weight
    return text.replace(f"weight = {weight}", f"weight = {weight + 100}", 1)


def test_a_first_scorecard_of_ones_own_is_written_with_its_schema(tmp_path: Path) -> None:
    target = tmp_path / "config" / "scorecard.toml"
    text = heavier(default_scorecard().text)
    assert save_scorecard(text, target, in_place_of=None) is None
    assert scorecard_at(target).measures == read_scorecard(text).measures
    assert (target.parent / "scorecard.schema.json").exists()
    with pytest.raises(ConflictError, match="is there already"):
        save_scorecard(text, target, in_place_of=None)


def test_the_scorecard_before_is_kept(tmp_path: Path) -> None:
    target = own(tmp_path)
    before = target.read_text()
    kept = save_scorecard(heavier(before), target, in_place_of=before)
    assert kept is not None
    assert kept.read_text() == before
    assert scorecard_at(target).measures[0].weight > 100
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix in {".toml", ".new"}) == [
        kept.name,
        "own.toml",
    ]


def test_a_scorecard_edited_meanwhile_is_left_alone(tmp_path: Path) -> None:
    target = own(tmp_path)
    seen = target.read_text()
    target.write_text(seen + "# mine\n")
    with pytest.raises(ConflictError, match="edited meanwhile"):
        save_scorecard(seen, target, in_place_of=seen)
    assert target.read_text() == seen + "# mine\n"
