from pathlib import Path

import pytest

from tests.workflows.exports import exported


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return exported(tmp_path)
