"""What the texts of a file mean, each worked out once."""

from collections.abc import Callable
from typing import Final, TypeVar

TEXTS_HELD: Final = 50_000

Found = TypeVar("Found")


class Remembered(dict[str, Found]):
    """What each text means, worked out when it is first met; forgets when it grows too large."""

    def __init__(self, find: Callable[[str], Found], held: int = TEXTS_HELD) -> None:
        """`find` works it out; `held` texts are remembered at most."""
        super().__init__()
        self._find = find
        self._held = held

    def __missing__(self, text: str) -> Found:
        found = self._find(text)
        if len(self) >= self._held:
            self.clear()
        self[text] = found
        return found
