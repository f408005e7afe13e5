"""Which accounts can have a signal of a kind at all: detectors over a range of accounts.

A row of `CANDIDATES` gives a kind's accounts as a mask over columns (usage as accounts x 26 weeks);
the plain `find` of the kind then decides, and tells, for those alone. A mask may be too wide, never
too narrow. A kind without a row is asked of every account.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cs_workbench.core.kernels.chunk import ChunkColumns
from cs_workbench.core.kernels.columns import NEVER, Bools, Ints
from cs_workbench.core.kernels.scores import BANDS, Scores
from cs_workbench.core.kernels.usage import UsageColumns
from cs_workbench.core.signals.kinds import KINDS
from cs_workbench.core.signals.model import DEFAULT_POLICY, PastScore, SignalPolicy
from cs_workbench.core.usage_findings import UsageState

NO_SCORE = -1
_UNKNOWN = BANDS.index("unknown")


@dataclass(frozen=True, eq=False, slots=True)
class PastColumns:
    """The scores of an earlier refresh: bands as in `BANDS`, NO_SCORE where there is none."""

    band: Ints
    points: Ints
    days_ago: int


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """What is looked at.

    Attributes:
        past: of the last refresh and of four weeks before, made by the scorecard of today.
        states: what the detectors of usage say of each account.
        supplied: whether anything of an account can run out; empty: of none.
        hurt: whether an account had a bad experience that was not made good; empty: none had.
    """

    chunk: ChunkColumns
    scores: Scores
    past: tuple[PastColumns, PastColumns]
    states: Sequence[UsageState | None]
    policy: SignalPolicy = DEFAULT_POLICY
    supplied: Sequence[bool] = ()
    hurt: Sequence[bool] = ()

    @property
    def usage(self) -> UsageColumns | None:
        """Of the metric that measures read."""
        return self.chunk.of_metric(self.chunk.portfolio.main_metric)

    def each(self, true: Sequence[bool]) -> Bools:
        """A mask of what was asked account by account."""
        return np.array(true, np.bool_)


Candidates = Callable[[Scene], Bools]


def past_columns(scores: Sequence[PastScore | None], days_ago: int) -> PastColumns:
    """Past scores as columns."""
    place = {band: at for at, band in enumerate(BANDS)}
    bands = [NO_SCORE if one is None else place[one.band] for one in scores]
    points = [0 if one is None else one.points_e4 or 0 for one in scores]
    return PastColumns(np.array(bands, np.int64), np.array(points, np.int64), days_ago)


def candidate_kinds(scene: Scene) -> dict[int, list[str]]:
    """By account the kinds of signals that it can have, in the order of the table of kinds."""
    found: dict[int, list[str]] = {}
    for kind in KINDS:
        ask = CANDIDATES.get(kind)
        mine = range(scene.chunk.size) if ask is None else np.flatnonzero(ask(scene)).tolist()
        for at in mine:
            found.setdefault(at, []).append(kind)
    return found


def _band_crossing(scene: Scene) -> Bools:
    before, band = scene.past[0].band, scene.scores.band
    found: Bools = (before > _UNKNOWN) & (band < before)
    return found


def _fast_fall(scene: Scene) -> Bools:
    fallen = np.zeros(scene.chunk.size, np.bool_)
    for past in scene.past:
        if 0 < past.days_ago <= 35:
            lost = past.points - scene.scores.points
            fallen |= (past.band > _UNKNOWN) & (lost >= scene.policy.fall_points_e4)
    found: Bools = fallen & (scene.scores.band != _UNKNOWN)
    return found


def _changed(scene: Scene) -> Bools:
    return scene.each([one is not None and bool(one.findings) for one in scene.states])


def _supplied(scene: Scene) -> Bools:
    return scene.each(scene.supplied or [False] * scene.chunk.size)


def _hurt(scene: Scene) -> Bools:
    return scene.each(scene.hurt or [False] * scene.chunk.size)


def _usage_silence(scene: Scene) -> Bools:
    return scene.each([one is not None and one.is_silent for one in scene.states])


def _silence(scene: Scene) -> Bools:
    chunk = scene.chunk
    if "touchpoints" not in chunk.portfolio.kinds:
        return scene.each([False] * chunk.size)
    silence = {one.segment: scene.policy.silence(one.segment) for one in chunk.facts}
    limit = np.array([silence[one.segment] for one in chunk.facts], np.int64)
    return chunk.today - chunk.last_contact > limit


def _champion_gone(scene: Scene) -> Bools:
    return scene.each([bool(one.champions) for one in scene.chunk.facts])


def _urgent_breach(scene: Scene) -> Bools:
    tickets, today = scene.chunk.tickets, scene.chunk.today
    waits = (tickets.urgent == 2) & (tickets.opened <= today) & (tickets.closed > today)
    least = min(scene.policy.answer_days, scene.policy.urgent_days)
    late = waits & (today - tickets.opened > least)
    return scene.chunk.per_account(tickets.account[late]) > 0


def _detractor(scene: Scene) -> Bools:
    answers = scene.chunk.answers.get("nps")
    if answers is None:
        return scene.each([False] * scene.chunk.size)
    recent = scene.chunk.today - answers.day <= scene.policy.detractor_days
    low = recent & (answers.score <= scene.policy.detractor_score)
    return scene.chunk.per_account(answers.account[low]) > 0


def _stalled(scene: Scene) -> Bools:
    chunk = scene.chunk
    stage = [one.lifecycle_stage for one in chunk.facts]
    tenure, policy = chunk.today - chunk.started, scene.policy
    least = min(policy.kickoff_days, policy.first_use_days, policy.onboarding_days)
    begun = (chunk.started != NEVER) & (tenure > least)
    is_new = scene.each([one is None for one in stage])
    is_new &= tenure <= policy.onboarding_days
    found: Bools = begun & (is_new | scene.each([one == "onboarding" for one in stage]))
    return found


def _open_deadline(scene: Scene) -> Bools:
    today = scene.chunk.portfolio.as_of
    return scene.each(
        [
            one.renewal is not None and one.renewal.commit_by <= today and not one.is_committed
            for one in scene.chunk.facts
        ]
    )


def _overage(scene: Scene) -> Bools:
    peak, seats = scene.chunk.seats_at_peak
    return (seats > 0) & (peak > scene.policy.overage * seats)


def _expansion(scene: Scene) -> Bools:
    peak, seats = scene.chunk.seats_at_peak
    usage = scene.usage
    if usage is None:
        return scene.each([False] * scene.chunk.size)
    limit = (1 + scene.policy.expansion_growth) * usage.base_median()
    is_growing = usage.there & (usage.recent_mean() > limit)
    return (seats > 0) & (peak >= scene.policy.expansion * seats) & is_growing


CANDIDATES: Mapping[str, Candidates] = {
    "band crossing": _band_crossing,
    "fast fall": _fast_fall,
    "usage shock": _changed,
    "usage drift": _changed,
    "usage silence": _usage_silence,
    "running out": _supplied,
    "silence": _silence,
    "champion gone": _champion_gone,
    "urgent ticket breach": _urgent_breach,
    "survey detractor": _detractor,
    "bad experience": _hurt,
    "onboarding stalled": _stalled,
    "deadline without commitment": _open_deadline,
    "overage": _overage,
    "expansion": _expansion,
    "usage growth": _changed,
}
