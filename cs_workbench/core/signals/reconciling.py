"""Today's findings against the signals that are there: what opens, goes on, ends."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.core.signals.model import Ruler, Signal, Situation


@dataclass(frozen=True, slots=True)
class StoredSignal:
    """A signal whose cause went on until today, or ended today.

    Attributes:
        resolved_on: by a person if `ended_on` is None: it stays resolved until its cause is over.
        ended_on: the day on which the data no longer said so.
    """

    signal_id: str
    signal: Signal
    last_seen_on: dt.date
    resolved_on: dt.date | None = None
    ended_on: dt.date | None = None


@dataclass(slots=True)
class Settlement:
    """What is to be written, of any number of accounts.

    Attributes:
        opened: by account.
        seen: ids of signals that go on, with what they say today.
        ended: ids of signals whose cause is over.
        returned: ids of signals that ended earlier today, and are back.
        waiting: how many would have opened if every ruler were trusted.
    """

    opened: list[tuple[int, Signal]] = field(default_factory=list)
    seen: list[tuple[str, Signal]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    waiting: int = 0

    def is_empty(self) -> bool:
        """Whether everything is as it was."""
        return not (self.opened or self.seen or self.ended or self.returned)


def find_signals(
    now: Situation, held: Collection[Ruler] = (), kinds: Iterable[str] = KINDS
) -> list[Signal]:
    """Every signal of an account today, in the order of the table of kinds.

    Args:
        now: the account today.
        held: rulers that changed; what is measured with them is left out.
        kinds: those that can be there at all.
    """
    rows = (KINDS[kind] for kind in kinds)
    return [
        signal
        for kind in rows
        if not held or kind.rulers.isdisjoint(held)
        for signal in kind.find(now)
    ]


def settle(
    now: Situation | None,
    stored: Iterable[StoredSignal],
    settlement: Settlement,
    held: Collection[Ruler] = (),
    kinds: Iterable[str] = KINDS,
) -> None:
    """Add what one account needs.

    Args:
        now: the account today; None if it is no customer any more.
        stored: its signals that go on, or ended today.
        settlement: added to.
        held: rulers that changed; signals measured with them stay as they are.
        kinds: those that can be found today.
    """
    today = [] if now is None else find_signals(now, held, kinds)
    found = {(one.kind, one.reason): one for one in today}
    for one in stored:
        kind = KINDS.get(one.signal.kind)
        if now is not None and kind is not None and not kind.rulers.isdisjoint(held):
            continue
        signal = found.pop((one.signal.kind, one.signal.reason), None)
        goes_on = one.ended_on is None and kind is not None and now is not None
        if signal is None and goes_on and kind is not None and now is not None:
            signal = one.signal if kind.lasts(now, one.signal.reason) else None
        _settle_one(one, signal, settlement, None if now is None else now.as_of)
    if now is not None:
        settlement.opened.extend((now.facts.account_key, signal) for signal in found.values())


def count_waiting(
    whole: Situation,
    now: Situation,
    stored: Iterable[StoredSignal],
    held: Collection[Ruler] = (),
) -> int:
    """How many signals of the situation as measured are not opened.

    Args:
        whole: the account with every ruler trusted.
        now: the account as it is looked at.
        stored: its signals that go on.
        held: rulers that changed.
    """
    known = {(one.kind, one.reason) for one in find_signals(now, held)}
    known |= {(one.signal.kind, one.signal.reason) for one in stored}
    return sum((one.kind, one.reason) not in known for one in find_signals(whole))


def _settle_one(
    stored: StoredSignal, signal: Signal | None, settlement: Settlement, as_of: dt.date | None
) -> None:
    if signal is None:
        if stored.ended_on is None:
            settlement.ended.append(stored.signal_id)
        return
    if stored.ended_on is not None:
        settlement.returned.append(stored.signal_id)
    is_open = stored.ended_on is not None or stored.resolved_on is None
    if is_open and (signal != stored.signal or stored.last_seen_on != as_of):
        settlement.seen.append((stored.signal_id, signal))
