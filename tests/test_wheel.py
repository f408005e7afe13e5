"""The wheel holds all that an installed program needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = (
    "py.typed",
    "shipped/sample.db",
    "shipped/playbooks/check-in.yaml",
    "importers/mappings/ravenstack.toml",
    "scorecards/default.toml",
    "tui/workbench.tcss",
)


@pytest.mark.deep
def test_the_wheel_is_complete(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", tmp_path, ROOT],
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert not {name for name in DATA if f"cs_workbench/{name}" not in names}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "cs_workbench").rglob("*.py")}
    assert modules <= names
    assert not {name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))}
