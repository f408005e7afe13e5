"""Files that a kept mapping reads, but for the order of day and month in their dates."""

from pathlib import Path

import pytest

from cs_workbench.errors import InputError, UsageError
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guessing import corrected
from cs_workbench.importers.known_mappings import place_beside, save_mapping
from cs_workbench.importers.mapping_files import read_mapping
from cs_workbench.importers.records import Assumptions
from cs_workbench.store.database import Database
from cs_workbench.workflows.guided import corrected as corrected_guess
from cs_workbench.workflows.guided import guesses, is_clear, keep, preview
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import guessed, write

MEETINGS = "Customer,Date,Topic,Kind\n"


def kept(folder: Path, text: str) -> Path:
    """A file and its mapping, which a person corrected and edited."""
    found = corrected(guessed(folder, text), "channel=Kind")
    path = save_mapping(place_beside(found.table), mapping_text(found))
    path.write_text(f"{path.read_text('utf-8')}# mine\n", encoding="utf-8")
    return found.table.path


@pytest.mark.parametrize("edited", ["", "date_formats = []\n"])
def test_a_kept_mapping_is_asked_only_for_the_order_that_it_lacks(
    db: Database, tmp_path: Path, edited: str
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    path = kept(tmp_path, f"{MEETINGS}Kestrel,2026-11-05,QBR,Zoom\n")
    mapping = tmp_path / "list.mapping.toml"
    if edited:
        mapping.write_text(mapping.read_text("utf-8").replace(edited, ""), encoding="utf-8")
    assert guesses([path], db.path) == []
    write(tmp_path, "list.csv", f"{MEETINGS}Kestrel,2026-11-05,QBR,Zoom\nKestrel,3/4/2026,x,Zoom\n")
    (found,) = guesses([path], db.path)
    assert (found.kind, found.writing) == ("touchpoints", "dates of two orders")
    assert found.rest == "all else stays as list.mapping.toml says"
    assert (list(found.told), is_clear(found)) == ([("dates", "", "3/4/2026")], False)
    with pytest.raises(InputError, match="Which order do dates have"):
        preview(found, Assumptions())
    found = corrected_guess(found, "dates=mdy")
    assert [one.rows[1][1] for one in preview(found, Assumptions())] == ["2026-03-04 00:00"]
    assert keep(found) == mapping
    assert mapping.read_text("utf-8").endswith("# mine\n")
    assert (guesses([path], db.path), is_clear(found)) == ([], True)
    import_paths(db, [tmp_path], actor="ana")
    read = db.connection.execute("SELECT occurred_at, channel FROM touchpoint ORDER BY 1")
    assert [tuple(row) for row in read] == [
        ("2026-03-04T00:00:00Z", "video"),
        ("2026-11-05T00:00:00Z", "video"),
    ]


def test_an_order_goes_before_the_formats_that_the_mapping_has(tmp_path: Path) -> None:
    path = kept(tmp_path, f"{MEETINGS}Kestrel,2026-11-05,QBR,Zoom\n")
    mapping = tmp_path / "list.mapping.toml"
    text = mapping.read_text("utf-8")
    mapping.write_text(text.replace("formats = []", 'formats = ["%d %m"]'), encoding="utf-8")
    write(tmp_path, "list.csv", f"{MEETINGS}Kestrel,3/4/2026,x,Zoom\n")
    (found,) = guesses([path], tmp_path / "no.db")
    keep(corrected_guess(found, "dates=dmy"))
    assert read_mapping(mapping).date_formats == ("dmy", "%d %m")
    mapping.write_text(text.replace("formats = []", 'formats = [\n"%d %m"]'), encoding="utf-8")
    (found,) = guesses([path], tmp_path / "no.db")
    with pytest.raises(InputError, match=r'write date_formats = \["dmy", "%d %m"\] into it'):
        keep(corrected_guess(found, "dates=dmy"))


@pytest.mark.parametrize("said", ["dates=usa", "dates=iso", "dates", "channel=Kind"])
def test_nothing_else_is_taken(tmp_path: Path, said: str) -> None:
    path = kept(tmp_path, f"{MEETINGS}Kestrel,2026-11-05,QBR,Zoom\n")
    write(tmp_path, "list.csv", f"{MEETINGS}Kestrel,3/4/2026,x,Zoom\n")
    (found,) = guesses([path], tmp_path / "no.db")
    with pytest.raises(UsageError, match="one of dmy, mdy, ymd: all else is known"):
        corrected_guess(found, said)
