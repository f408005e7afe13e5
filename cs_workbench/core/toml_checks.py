"""The small questions that a TOML file of ours is asked; every complaint names the place."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cs_workbench.errors import InputError


class TomlChecks:
    """Typed values out of the tables of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, where: str, what: str) -> InputError:
        """The error for that place."""
        return InputError(f"{self.path}: {where}: {what}")

    def keys(self, where: str, given: Any, known: Sequence[str]) -> None:
        """See that it is a table with known keys only."""
        if not isinstance(given, dict):
            raise self.fail(where, "a table of keys and values is needed here")
        for key in given:
            if key not in known:
                raise self.fail(where, f"unknown key {key!r}. Known: {', '.join(known)}")

    def table(self, where: str, given: dict[str, Any], key: str) -> dict[str, str]:
        """A table of texts."""
        found = given.get(key, {})
        if not isinstance(found, dict):
            raise self.fail(f"{where} {key}", "a table is needed here")
        return {name: self.any_text(f"{where} {key}", value) for name, value in found.items()}

    def any_text(self, where: str, given: Any) -> str:
        """A text; a whole number is taken for one."""
        if isinstance(given, bool) or not isinstance(given, str | int):
            raise self.fail(where, f"text is needed, not {given!r}")
        return str(given)

    def text(self, where: str, given: Any) -> str:
        """A text that is not empty."""
        if not isinstance(given, str) or not given.strip():
            raise self.fail(where, "text is needed here")
        return given

    def optional_text(self, where: str, given: Any) -> str | None:
        """A text, or None where there is nothing."""
        return None if given is None else self.any_text(where, given)

    def texts(self, where: str, given: Any) -> tuple[str, ...]:
        """A list of texts."""
        if not isinstance(given, list):
            raise self.fail(where, "a list of texts is needed here")
        return tuple(self.text(where, text) for text in given)

    def flag(self, where: str, given: Any) -> bool:
        """True or false."""
        if not isinstance(given, bool):
            raise self.fail(where, "true or false is needed here")
        return given

    def words(self, where: str, given: Any) -> dict[str, frozenset[str]]:
        """A table of lists of texts, which do not depend on case."""
        if not isinstance(given, dict):
            raise self.fail(where, "a table of lists is needed here")
        return {
            name: frozenset(
                self.any_text(where, text).casefold() for text in self.listed(where, texts)
            )
            for name, texts in given.items()
        }

    def listed(self, where: str, given: Any) -> list[Any]:
        """A list of anything."""
        if not isinstance(given, list):
            raise self.fail(where, "a list is needed here")
        return given

    def choice(self, where: str, given: Any, choices: Sequence[str]) -> Any:
        """One of these texts."""
        if given not in choices:
            raise self.fail(where, f"must be one of: {', '.join(choices)}")
        return given

    def whole(self, where: str, given: Any) -> int:
        """A whole number."""
        if type(given) is not int:
            raise self.fail(where, "must be a whole number")
        return given
