"""Whom a playbook is suggested for, and who is left alone to learn what it changes."""

import hashlib
from collections.abc import Mapping

from cs_workbench.core.playbooks.conditions import Known, holds
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.playbooks.names import FACTS

_SCALE = 10_000


def measures_fire(playbook: Playbook, measures: Mapping[str, float]) -> bool:
    """Whether the trigger's conditions on measures hold; those on facts are asked of the store."""
    asked = (one for one in playbook.trigger.when if one.name not in FACTS)
    return all(holds(one, measures) is True for one in asked)


def is_held_out(playbook: Playbook, account_id: str) -> bool:
    """Whether the account is left alone: the same answer each time, evenly spread over accounts."""
    text = f"{playbook.playbook_id}\0{account_id}"
    draw = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % _SCALE
    return draw < round(playbook.hold_out * _SCALE)


def evidence_of(playbook: Playbook, signal: str | None, known: Known) -> str:
    """Why it is suggested, in a sentence with the numbers."""
    if signal:
        return signal
    told = dict.fromkeys(
        f"{one.name} {_number(value)}"
        for one in playbook.trigger.when
        if isinstance(value := known.get(one.name), int | float)
    )
    return f"{', '.join(told)}: {playbook.trigger.because}" if told else playbook.trigger.because


def _number(value: float) -> str:
    """As a person reads it: `-0.25`, `37`, `151,600`."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
