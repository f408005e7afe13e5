"""Policy files: the user's own beside `config.toml`, else those that come with the program."""

from importlib.resources import files
from pathlib import Path

from cs_workbench.config import config_path
from cs_workbench.core.authority import Authority, read_authority
from cs_workbench.core.cadence import CadencePolicy, read_cadence
from cs_workbench.core.contact_caps import ContactPolicy, read_contact_policy
from cs_workbench.workflows.text_files import text_of


def policy_path(name: str) -> Path:
    """The file that holds for `authority`, `contact` or another policy."""
    own = config_path().parent / f"{name}.toml"
    return own if own.exists() else Path(str(files("cs_workbench"))) / "policies" / f"{name}.toml"


def read_policy(name: str) -> tuple[str, str]:
    """The text of a policy, and where it stands.

    Raises:
        InputError: the file cannot be read.
    """
    path = policy_path(name)
    return text_of(path, f"policy {name}"), str(path)


def authorities() -> tuple[Authority, ...]:
    """Who may give away how much, the lowest limit first."""
    return read_authority(*read_policy("authority"))


def contact_policy() -> ContactPolicy:
    """How often we may begin a contact."""
    return read_contact_policy(*read_policy("contact"))


def cadence_policy() -> CadencePolicy:
    """How often a customer should be spoken with."""
    return read_cadence(*read_policy("cadence"))
