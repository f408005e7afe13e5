"""Whether there is a terminal to draw on."""

import os
import sys

from cs_workbench.cli.output import is_terminal
from cs_workbench.errors import UsageError


def require_terminal(command: str) -> None:
    """Refuse to draw where nobody could see it or answer, such as under cron.

    Raises:
        UsageError: input, output or errors are no terminal, or one that cannot place text.
    """
    where = None
    if not is_terminal(sys.stdin):
        where = "its input is not a terminal"
    elif not is_terminal(sys.stdout):
        where = "its output is not a terminal"
    elif not is_terminal(sys.stderr):
        where = "its errors do not go to the terminal, and that is where Textual draws"
    elif os.environ.get("TERM", "dumb") in {"", "dumb"}:
        where = "TERM says that this terminal cannot place text"
    if where:
        raise UsageError(
            f"`{command}` draws screens, but {where}. `csw accounts`, `csw show` and the other "
            "commands print text; `csw --help` lists them."
        )
