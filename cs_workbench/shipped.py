"""Files that come with the program: the sample portfolio and the playbooks."""

from importlib.resources import files
from pathlib import Path


def shipped(name: str) -> Path:
    """The path of a shipped file or folder, in an installed wheel or in a checkout."""
    installed = Path(str(files("cs_workbench"))) / "shipped" / name
    return installed if installed.exists() else Path(__file__).parents[1] / name
