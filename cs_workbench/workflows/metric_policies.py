"""Which policy holds for the metrics: a file that is named, the user's own, or the shipped one."""

from importlib.resources import files
from pathlib import Path

from cs_workbench.core.metrics.policy import MetricPolicy, check_policy, read_policy
from cs_workbench.workflows.text_files import text_of, write_new

FILE = "metrics.toml"


def shipped_policy() -> Path:
    """The file that comes with the program."""
    return Path(str(files("cs_workbench"))) / "policies" / FILE


def policy_at(path: Path | None) -> MetricPolicy:
    """The policy of a file; without one, that which comes with the program.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is no policy; with every mistake in it.
    """
    place = path or shipped_policy()
    return read_policy(policy_text(place), str(place))


def policy_text(path: Path | None) -> str:
    """The text of a policy file.

    Raises:
        NotFoundError: there is no such file.
        InputError: it cannot be read as text.
    """
    return text_of(path or shipped_policy(), "policy file")


def policy_mistakes(path: Path) -> tuple[str, ...]:
    """Everything that is wrong with a policy file."""
    return check_policy(policy_text(path))[1]


def copy_policy(source: Path | None, target: Path) -> None:
    """Copy a policy to change it.

    Raises:
        ConflictError: there is a file already.
        UsageError: none can be there.
    """
    text = policy_text(source)
    write_new(text, target)
