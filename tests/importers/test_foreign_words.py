"""Words of a guessed file that are none of ours: the known ones are taken, the others are told."""

from pathlib import Path

import pytest

from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.foreign_words import foreign_words
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.known_mappings import place_beside, save_mapping
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import guessed, write

PROMISES = "Kunde;Zusage;Zugesagt am;Status\n"


def kept(folder: Path, text: str) -> Path:
    found = guessed(folder, text)
    save_mapping(place_beside(found.table), mapping_text(found))
    return found.table.path


def test_a_promise_in_a_state_that_is_not_known_is_open(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    states = ("offen", "erledigt", "offen", "gebrochen", "ruht")
    rows = "".join(f"Kestrel;Nr {at};2026-11-05;{word}\n" for at, word in enumerate(states))
    kept(tmp_path, PROMISES + rows)
    assert import_paths(db, [tmp_path], actor="ana").files[-1].rejected == 0
    read = db.connection.execute("SELECT state FROM promise ORDER BY what")
    assert [state for (state,) in read] == ["open", "kept", "open", "broken", "open"]


@pytest.mark.parametrize(
    ("head", "row", "words", "told"),
    [
        (
            PROMISES,
            "Kestrel;Nr {at};2026-11-05;{word}\n",
            ("offen", "OFFEN", "erledigt", "offen", "offen", "offen", "ruht", ""),
            ["state: 'ruht' not known, read as open"],
        ),
        (PROMISES, "Kestrel;Nr {at};2026-11-05;{word}\n", ("offen", "kept"), []),
        (
            "Name,Company,Email,Role\n",
            "Lena,Kestrel,l{at}@k.com,{word}\n",
            (*["champion"] * 16, "A", "B", "C", "D"),
            ["role: 'A', 'B', 'C' … not known, left empty"],
        ),
        (
            "Customer,ARR,End date,Auto renew\n",
            "K{at},5,2027-01-31,{word}\n",
            (*["yes"] * 4, "monthly"),
            ["auto_renew: 'monthly' not known, read as no"],
        ),
        (
            "Renewal,Customer,Forecast\n",
            "R{at},Kestrel,{word}\n",
            (*["commit"] * 4, "Tier 3"),
            ["category: 'Tier 3' not known, such rows would be refused"],
        ),
    ],
)
def test_what_becomes_of_them_is_told(
    tmp_path: Path, head: str, row: str, words: tuple[str, ...], told: list[str]
) -> None:
    rows = "".join(row.format(at=at, word=word) for at, word in enumerate(words))
    source = plan_import([kept(tmp_path, head + rows)]).sources[-1]
    assert list(foreign_words(source)) == told
