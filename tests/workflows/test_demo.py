import os
import time
from pathlib import Path

import pytest

from cs_workbench.shipped import shipped
from cs_workbench.store.database import open_database
from cs_workbench.store.settings import sample_today
from cs_workbench.workflows.demo import sample_copy


def test_the_copy_is_private_fresh_and_gone_afterwards() -> None:
    before = shipped("sample.db").read_bytes()
    with sample_copy() as copy:
        assert copy.stat().st_mode & 0o777 == 0o600
        assert copy.parent.stat().st_mode & 0o777 == 0o700
        with open_database(copy) as db:
            assert sample_today(db) is not None
            db.connection.execute("DELETE FROM account_summary")
    assert not copy.parent.exists()
    assert shipped("sample.db").read_bytes() == before


def test_copies_of_killed_demos_go_and_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = [tmp_path / "csw-demo-running", tmp_path / "other"]
    gone = tmp_path / "csw-demo-killed"
    for folder in (*kept, gone):
        folder.mkdir()
        (folder / "sample.db").touch()
    link = tmp_path / "csw-demo-link"
    link.symlink_to(kept[1])
    long_ago = time.time() - 30 * 86_400
    for folder in (kept[1], gone):
        os.utime(folder, (long_ago, long_ago))
    os.utime(link, (long_ago, long_ago), follow_symlinks=False)
    with sample_copy():
        pass
    assert sorted(tmp_path.iterdir()) == sorted([*kept, link])
    assert (kept[1] / "sample.db").exists()
