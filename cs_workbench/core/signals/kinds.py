"""The table of kinds: adding one is one function and one row."""

from collections.abc import Mapping

from cs_workbench.core.signals.contact_signals import (
    find_bad_experience,
    find_champion_gone,
    find_detractor,
    find_open_deadline,
    find_silence,
    find_stalled_onboarding,
    find_urgent_breach,
)
from cs_workbench.core.signals.model import Ruler, SignalKind
from cs_workbench.core.signals.score_signals import (
    find_band_crossing,
    find_fast_fall,
    still_fallen,
    still_in_band,
)
from cs_workbench.core.signals.usage_signals import (
    find_drift,
    find_expansion,
    find_growth,
    find_overage,
    find_running_out,
    find_shock,
    find_usage_silence,
    still_down,
    still_growing,
    still_higher,
    still_over,
    still_running_out,
)

_USAGE: frozenset[Ruler] = frozenset({"usage"})
_SEATS: frozenset[Ruler] = frozenset({"seats"})
_ROWS = (
    SignalKind("band crossing", find_band_crossing, still_in_band),
    SignalKind("fast fall", find_fast_fall, still_fallen),
    SignalKind("usage shock", find_shock, still_down, _USAGE),
    SignalKind("usage drift", find_drift, still_down, _USAGE),
    SignalKind("usage silence", find_usage_silence, rulers=_USAGE),
    SignalKind("silence", find_silence),
    SignalKind("champion gone", find_champion_gone),
    SignalKind("urgent ticket breach", find_urgent_breach),
    SignalKind("survey detractor", find_detractor),
    SignalKind("bad experience", find_bad_experience),
    SignalKind("onboarding stalled", find_stalled_onboarding, rulers=_USAGE),
    SignalKind("deadline without commitment", find_open_deadline),
    SignalKind("overage", find_overage, still_over, _SEATS),
    SignalKind("running out", find_running_out, still_running_out),
    SignalKind("expansion", find_expansion, still_growing, _USAGE | _SEATS),
    SignalKind("usage growth", find_growth, still_higher, _USAGE),
)
KINDS: Mapping[str, SignalKind] = {row.kind: row for row in _ROWS}
