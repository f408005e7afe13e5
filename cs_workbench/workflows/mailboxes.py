"""Log the contacts of mail and calendar files: matched by address and domain, none twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.core.memory import Touchpoint
from cs_workbench.core.outside_contacts import Matched
from cs_workbench.core.plurals import counted
from cs_workbench.importers.mailboxes import read_outside
from cs_workbench.store.address_book import known_touchpoints, read_address_book
from cs_workbench.store.database import Database
from cs_workbench.store.kept import new_row
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import apply_act


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of the files' contacts.

    Attributes:
        later: still to come.
        unmatched: senders and others whom nobody knows, the most frequent first.
        left_out: what could not be read, by why.
    """

    new: int
    known: int
    later: int
    unmatched: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]


def log_files(db: Database, act: Act, paths: Sequence[Path], *, dry_run: bool) -> Logged:
    """Log every contact of these files with the accounts that took part, in one act.

    What is still to come (a meeting of next week) is left out.

    Raises:
        InputError: a file cannot be read, or is of another kind.
    """
    book = read_address_book(db)
    matched: dict[str, Matched] = {}
    strangers: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    later = 0
    files = [read_outside(path, act.today) for path in paths]
    for file in files:
        left_out.update(file.left_out)
    for outside in (one for file in files for one in file.contacts):
        if outside.at.date() > act.today:
            later += 1
            continue
        found = book.match(outside)
        matched.update({one.touchpoint_id: one for one in found})
        if not found:
            strangers.update((outside.sender, *outside.others))
    known = known_touchpoints(db, list(matched))
    new = [one for touchpoint_id, one in matched.items() if touchpoint_id not in known]
    if new and not dry_run:
        count = f"{counted(len(new), 'contact')}"
        names = ", ".join(path.name for path in paths)
        rows = (new_row(_touchpoint(one, act), act.today) for one in new)
        apply_act(db, act, f"logged {count} from {names}", rows)
    return Logged(
        len(new), len(known), later, tuple(strangers.most_common()), tuple(sorted(left_out.items()))
    )


def _touchpoint(one: Matched, act: Act) -> Touchpoint:
    return Touchpoint(
        touchpoint_id=one.touchpoint_id,
        account_key=one.account_key,
        contact_id=one.contact_id,
        occurred_at=f"{one.outside.at:%Y-%m-%dT%H:%M:%SZ}",
        channel=one.outside.channel,
        direction="inbound" if one.is_inbound else "outbound",
        summary=one.outside.summary,
        author=act.actor,
    )
