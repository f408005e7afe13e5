"""People as files name them: `Lena Voss <lena@kestrel.com>; Ana Ruiz`."""

import re

from cs_workbench.core.text import fold

_BETWEEN = re.compile(r"[;,<>|\n\"{}\[\]]")


def people_named(text: str) -> list[str]:
    """The names and addresses in a text, made comparable, in their order."""
    parts = [fold(text), *(fold(part) for part in _BETWEEN.split(text))]
    return list(dict.fromkeys(name for part in parts if (name := " ".join(part.split()))))
