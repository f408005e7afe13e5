from pathlib import Path

from cs_workbench.importers.known_mappings import (
    SAVED,
    choose_mappings,
    place_beside,
    saved_mappings,
)
from cs_workbench.importers.mapping_files import parse_mapping
from cs_workbench.importers.tables import inspect_table
from tests.importers.sources import write

MAPPING = 'name = "%s"\n[[files]]\nkind = "accounts"\nheadings = ["Id"]\n[files.columns]\n' + (
    'account_id = "Id"\nname = "Id"\n'
)


def test_what_is_shipped_is_read_once() -> None:
    assert choose_mappings("stripe")[0] is choose_mappings("stripe")[0]


def test_what_was_confirmed_just_now_goes_before_what_lies_in_its_place(tmp_path: Path) -> None:
    data = write(tmp_path, "list.csv", "Id\nK\n")
    for name in ("list", "other"):
        write(tmp_path, f"{name}{SAVED}", MAPPING % name)
    confirmed = parse_mapping(MAPPING % "new", place_beside(inspect_table(data)))
    assert [one.name for one in saved_mappings([data, data])] == ["list", "other"]
    assert [one.name for one in saved_mappings([data], [confirmed])] == ["new", "other"]
