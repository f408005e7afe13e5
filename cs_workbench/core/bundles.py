"""A bundle: what people wrote in one portfolio, to be merged into another, as JSON text.

Accounts are named by their ids in other systems, because our keys differ from file to file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from cs_workbench.errors import InputError

SCHEMA: Final = "csw.bundle/1"


@dataclass(frozen=True, slots=True)
class BundledChange:
    """One change, as the log has it; `account` is the account's id where the row has one."""

    entity: str
    entity_id: str
    field: str | None
    old: Any
    new: Any
    effective_on: str | None
    known_at: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class BundledAct:
    """One act of a person with its changes, in order."""

    change_set_id: str
    actor: str
    at: str
    cause: str
    summary: str
    undoes: str | None
    changes: tuple[BundledChange, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that was changed on both sides.

    Attributes:
        mine, by_me: what stands here, and who said so last.
        theirs, by_them: what the bundle says.
    """

    entity: str
    entity_id: str
    field: str
    mine: Any
    by_me: str
    theirs: Any
    by_them: str


def write_bundle(acts: Sequence[BundledAct], *, since: str, made_by: str) -> str:
    """The text of a bundle."""
    document = {
        "schema": SCHEMA,
        "since": since,
        "made_by": made_by,
        "acts": [asdict(one) for one in acts],
    }
    return json.dumps(document, indent=1)


def read_bundle(text: str, place: str) -> tuple[BundledAct, ...]:
    """The acts of a bundle.

    Raises:
        InputError: it is no bundle, or one of another version.
    """
    try:
        given = json.loads(text)
        if given["schema"] != SCHEMA:
            raise InputError(f"{place}: {given['schema']!r} is not a bundle that this csw reads.")
        return tuple(_act(one) for one in given["acts"])
    except (json.JSONDecodeError, KeyError, TypeError):
        raise InputError(
            f"{place} is no bundle of csw, or not a whole one. Have it exported and sent again."
        ) from None


def _act(given: Mapping[str, Any]) -> BundledAct:
    names = ("change_set_id", "actor", "at", "cause", "summary")
    texts = {name: given[name] for name in names}
    if not all(isinstance(one, str) for one in texts.values()):
        raise TypeError("an act has texts for who, when and what")
    changes = tuple(BundledChange(**one) for one in given["changes"])
    return BundledAct(**texts, undoes=given["undoes"], changes=changes)
