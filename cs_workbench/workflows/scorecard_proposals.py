"""A scorecard's text with other weights, everything else as it was."""

import re
from collections.abc import Mapping
from pathlib import Path

from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.errors import ConflictError
from cs_workbench.workflows.text_files import export_new

_HEAD = re.compile(r"^\s*\[\[measures\]\]\s*(#.*)?$")
_OTHER = re.compile(r"^\s*\[")
_ID = re.compile(r"^\s*id\s*=\s*[\"']([^\"']+)[\"']")
_WEIGHT = re.compile(r"^(\s*weight\s*=\s*)\d+(.*)$")


def with_weights(text: str, weights: Mapping[str, int]) -> str:
    """The text with the weight of each measure replaced; profiles keep their own.

    Raises:
        ConflictError: the file is laid out so that a weight cannot be found.
    """
    lines, inside, name = [], False, ""
    blocks: dict[str, int] = {}
    for line in text.splitlines():
        if _HEAD.match(line):
            inside, name = True, ""
        elif _OTHER.match(line):
            inside = False
        elif inside and (found := _ID.match(line)):
            name = found[1]
        elif inside and name in weights and (found := _WEIGHT.match(line)):
            line = f"{found[1]}{weights[name]}{found[2]}"  # noqa: PLW2901 - the line as changed
            blocks[name] = weights[name]
        lines.append(line)
    changed = "\n".join([*lines, ""])
    wanted = {one.measure_id: one.weight for one in read_scorecard(changed).measures}
    if any(wanted.get(one) != weight for one, weight in weights.items()):
        raise ConflictError(
            "The weights of this file cannot be replaced by themselves; edit them by hand from the "
            "table that `csw scorecard fit` prints."
        )
    return changed


def write_proposal(text: str, weights: Mapping[str, int], path: Path) -> None:
    """Write the proposal, for its owner alone.

    Raises:
        ConflictError: there is a file already, or the text cannot be changed.
        ReadOnlyPlaceError: it cannot be written.
    """
    export_new(with_weights(text, weights), path)
