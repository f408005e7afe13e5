import shutil
import subprocess
import sys
from pathlib import Path

from cs_workbench.shipped import shipped
from tests.cli.run import ROOT


def test_a_checkout_has_what_is_shipped() -> None:
    assert shipped("sample.db") == ROOT / "sample.db"
    assert shipped("sample.db").is_file()
    assert list(shipped("playbooks").glob("*.yaml"))


def test_an_installed_package_has_it_inside(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "cs_workbench", tmp_path / "cs_workbench")
    inside = tmp_path / "cs_workbench" / "shipped"
    inside.mkdir()
    (inside / "sample.db").touch()
    code = "from cs_workbench.shipped import shipped; print(shipped('sample.db'))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert Path(told.strip()) == inside / "sample.db"
