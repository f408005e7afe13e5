"""`csw completion`: the shell learns the commands, options and account names."""

import os
import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from cs_workbench.cli.output import print_raw
from cs_workbench.errors import UsageError

SHELLS = ("bash", "zsh", "fish")
_SPECIAL = re.compile(r"[^\w@%+=:,./-]")
_LINES = {
    "bash": 'eval "$(csw completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(csw completion zsh)"   in ~/.zshrc',
    "fish": "csw completion fish | source   in ~/.config/fish/config.fish",
}


@click.command(
    epilog="To use it, put this line into your shell's file: " + "; ".join(_LINES.values())
)
@click.argument("shell", type=click.Choice(SHELLS), required=False)
def completion_command(shell: str | None) -> None:
    """Print the completion script for SHELL (by default the one you use)."""
    name = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(name)
    if name not in SHELLS or kind is None:
        raise UsageError(f"Say for which shell: {', '.join(SHELLS)}.")
    root = click.get_current_context().find_root().command
    print_raw(kind(root, {}, "csw", "_CSW_COMPLETE").source() + "\n")


def complete_account(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of accounts that begin so; none where there is no portfolio to read."""
    from cs_workbench.config import load_config
    from cs_workbench.errors import WorkbenchError
    from cs_workbench.store.account_names import account_names
    from cs_workbench.store.database import open_database

    given = context.find_root().params.get("db")
    try:
        with open_database(given or load_config().db, wait=0.2) as db:
            names = account_names(db, incomplete)
    except WorkbenchError:
        return []
    return [CompletionItem(_quoted(name)) for name in names if name.isprintable()]


def _quoted(name: str) -> str:
    """The name as bash reads it back; zsh and fish quote by themselves what they complete.

    Click's script for bash takes one layer of backslashes away.
    """
    if not os.environ.get("_CSW_COMPLETE", "").startswith("bash"):
        return name
    return _SPECIAL.sub(r"\\\\\g<0>", name)
