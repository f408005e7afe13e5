"""A terminal to print to, for the tests of what differs there."""

import os
import pty
import select
from collections.abc import Callable
from typing import TextIO


def shown_on_a_terminal(act: Callable[[TextIO], None]) -> str:
    """What `act` prints to the terminal it is given."""
    main, side = pty.openpty()
    shown = b""
    with os.fdopen(side, "w", encoding="utf-8", newline="") as terminal:
        act(terminal)
        terminal.flush()
        while select.select([main], [], [], 0.1)[0]:
            shown += os.read(main, 1 << 16)
    os.close(main)
    return shown.decode()
