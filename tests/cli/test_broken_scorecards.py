"""A folder of broken scorecards: each mistake is told with the file and the line that it is in."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workbench.cli.main import csw

SOUND = """name = "team"

[bands]
yellow_from = 50
green_from = 70
minimum_coverage = 0.5

[usage]
metrics = ["active_users"]

[dimensions]
adoption = "Adoption"
service = "Service"

[[measures]]
id = "level"
label = "usage to own best"
dimension = "adoption"
source = "usage level"
weight = 6
map = [[0.2, 0], [0.9, 100]]
max_age_days = 21
tenure = [{ until_months = 3, map = [[0.1, 0], [0.5, 100]] }]

[[measures]]
id = "complaints"
label = "complaints"
dimension = "service"
source = "complaints"
parameters = { days = 60 }
weight = 4
bands = [{ to = 1, points = 100 }, { from = 1, to = 3, points = 40 }, { from = 3, points = 0 }]

[[profiles]]
name = "smb"
segment = ["smb"]
measures.complaints = { weight = 1 }

[[profiles]]
name = "large"
segment = ["enterprise"]
stage = ["mature"]
measures.level = { weight = 9 }
"""
BANDS = "bands = [{ to = 1, points = 100 }, { from = 1, to = 3, points = 40 }, { from = 3"
# By file: what is written in place of what, part of the line that is named, and why.
BROKEN = {
    "unknown_field": ("max_age_days = 21", "max_age = 21", "max_age = 21", "unknown field max_age"),
    "unknown_table": ("[usage]", "[colours]\na = 1\n[usage]", "[colours]", "unknown field colours"),
    "typo_in_bands": ("green_from = 70", "geen_from = 70", "geen_from", "unknown field geen_from"),
    "no_name": ('name = "team"\n', "", "", "name is missing"),
    "no_weight": ("weight = 6\n", "", "[[measures]]", "weight is missing"),
    "no_id": ('id = "level"\n', "", "[[measures]]", "id is missing"),
    "no_source": ('source = "usage level"\n', "", "[[measures]]", "source is missing"),
    "no_map": ("map = [[0.2, 0], [0.9, 100]]\n", "", "[[measures]]", "map or bands is missing"),
    "id_twice": ('id = "complaints"', 'id = "level"', "", "level is there twice"),
    "weight_zero": (
        "weight = 6",
        "weight = 0",
        "weight = 0",
        "weight goes from 1 to 1000000, not 0",
    ),
    "weight_negative": (
        "weight = 6",
        "weight = -2",
        "weight = -2",
        "goes from 1 to 1000000, not -2",
    ),
    "weight_fraction": ("weight = 6", "weight = 0.6", "weight = 0.6", "must be a whole number"),
    "weight_text": ("weight = 6", 'weight = "6"', 'weight = "6"', "must be a whole number"),
    "weight_truth": ("weight = 6", "weight = true", "weight = true", "must be a whole number"),
    "if_imported_text": (
        "weight = 6",
        'weight = 6\nif_imported = "yes"',
        "if_imp",
        "true or false",
    ),
    "no_such_source": ('"usage level"', '"usage levle"', "levle", "cannot be 'usage levle'"),
    "no_such_dimension": ('"adoption"\nsource', '"mood"\nsource', '"mood"', "cannot be 'mood'"),
    "no_label": ('service = "Service"\n', "", 'dimension = "service"', "has no label"),
    "no_such_parameter": ("{ days = 60 }", "{ weeks = 9 }", "weeks = 9", "no parameter weeks"),
    "parameter_text": ("{ days = 60 }", '{ days = "60" }', '"60"', "must be a whole number"),
    "gap": ("{ from = 3,", "{ from = 4,", BANDS[:40], "a gap between bands: from 3 to 4"),
    "overlap": ("{ from = 3,", "{ from = 2,", BANDS[:40], "bands overlap: from 2 to 3"),
    "open_end": ("from = 3, points = 0", "from = 3, to = 9, points = 0", BANDS[:40], "the last no"),
    "not_monotone": ("[0.9, 100]]\nmax", "[0.5, 90], [0.9, 60]]\nmax", "[0.5, 90]", "only rise or"),
    "values_not_rising": ("[0.9, 100]]\nmax", "[0.2, 100]]\nmax", "[0.2, 100]", "above the last"),
    "points_too_high": ("[0.9, 100]]\nmax", "[0.9, 120]]\nmax", "120", "go from 0 to 100"),
    "measures_nothing": (
        "[0.2, 0], [0.9, 100]]",
        "[0.2, 9], [0.9, 9]]",
        "9], [",
        "the same points",
    ),
    "map_and_bands": (BANDS, f"map = [[0, 100], [1, 0]]\n{BANDS}", "bands = [", "not both"),
    "limits_crossed": ("yellow_from = 50", "yellow_from = 80", "green_from = 70", "must hold"),
    "coverage": ("coverage = 0.5", "coverage = 50", "minimum_coverage", "goes from 0 to 1, not 50"),
    "tenure_order": (
        "[0.5, 100]] }]",
        "[0.5, 100]] }, { until_months = 2, map = [[0, 0], [1, 100]] }]",
        "tenure = ",
        "must be higher each time",
    ),
    "unreachable": (
        'name = "large"\nsegment = ["enterprise"]',
        'name = "large"\nsegment = ["smb"]',
        "[[profiles]]",
        "it is never used: profile smb above takes",
    ),
    "profile_twice": ('name = "large"', 'name = "smb"', "", "profile smb is there twice"),
    "profile_of_nothing": (
        "measures.level",
        "measures.levle",
        "measures.levle",
        "no measure levle",
    ),
    "no_such_stage": ('stage = ["mature"]', 'stage = ["old"]', '"old"', "cannot be 'old'"),
    "not_toml": ("weight = 6", "weight = six", "weight = six", ""),
    "cut_off": (SOUND[60:], "[bands", "[bands", ""),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("scorecards")
    (place / "sound.toml").write_text(SOUND, encoding="utf-8")
    for name, (old, new, _, _) in BROKEN.items():
        assert old in SOUND, name
        (place / f"{name}.toml").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    return place


def check(path: Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(csw, ["scorecard", "check", str(path)])
    return result.exit_code, result.stdout.splitlines()


def test_the_sound_one_has_no_mistake(folder: Path) -> None:
    assert check(folder / "sound.toml")[0] == 0


@pytest.mark.parametrize("name", BROKEN)
def test_each_mistake_is_told_with_its_file_and_line(folder: Path, name: str) -> None:
    path = folder / f"{name}.toml"
    _, _, part, why = BROKEN[name]
    code, told = check(path)
    assert code == 1
    lines = path.read_text(encoding="utf-8").split("\n")
    places = [one.removeprefix(f"{path}:").partition(": ") for one in told]
    assert len(told) <= 2, told  # a name that is wrong in one place is missing in another
    assert any(part in lines[int(at) - 1] and why in message for at, _, message in places), told


def test_there_are_enough_kinds_of_them() -> None:
    assert len(BROKEN) >= 25
