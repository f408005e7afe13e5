"""Tables of words as our modules write them down: by name, phrases between strokes."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, ...]]


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text that are separated by `/`."""
    return tuple(part.strip() for part in text.split("/"))


def words(**named: str) -> Words:
    """By name, its phrases."""
    return {name: phrases(text) for name, text in named.items()}
