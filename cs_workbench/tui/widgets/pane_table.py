"""The panes of an account's page, a row each: to add a pane is to add a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.peer_band import PeerBand
from cs_workbench.core.plurals import counted
from cs_workbench.core.service_reports import ServiceReport
from cs_workbench.core.voice import AccountVoice
from cs_workbench.tui.formats import joined
from cs_workbench.tui.widgets.account_plays import plays_pane
from cs_workbench.tui.widgets.churn_lines import churn_lines
from cs_workbench.tui.widgets.health_lines import health_lines
from cs_workbench.tui.widgets.memory_lines import goals_pane
from cs_workbench.tui.widgets.open_lines import fitting_open_lines, people_lines
from cs_workbench.tui.widgets.score_chart import ScoreView, score_lines
from cs_workbench.tui.widgets.service_lines import service_pane
from cs_workbench.tui.widgets.timeline_lines import TimelineChoice, TimelineLines
from cs_workbench.tui.widgets.usage_chart import Beside, chart_lines
from cs_workbench.tui.widgets.usage_plot import ink_for
from cs_workbench.tui.widgets.voice_lines import voice_pane

USAGE_SIGNS: Final = frozenset({"C", "T"})


@dataclass
class PaneState:
    """What the person chose in the panes of one page.

    Attributes:
        back: weeks to the one under the cursor of the usage chart; None without a cursor.
        bands: by metric, what the peers did; read behind the page.
        service, voice: how they are answered and what they say; read behind the page too.
    """

    metric: int = 0
    by_loss: bool = False
    view: ScoreView = field(default_factory=ScoreView)
    timeline: TimelineChoice = field(default_factory=TimelineChoice)
    back: int | None = None
    bands: dict[str, PeerBand] = field(default_factory=dict)
    service: ServiceReport | None = None
    voice: AccountVoice | None = None


@dataclass(frozen=True)
class Drawing:
    """What a pane is drawn from.

    Attributes:
        width, height: the room, in cells and lines.
        is_alone: whether it is the only pane shown, under tabs.
        is_wide: whether three panes stand beside one another.
    """

    page: AccountPage
    width: int
    height: int
    glyphs: Glyphs
    state: PaneState
    is_alone: bool
    is_wide: bool


@dataclass(frozen=True)
class PaneRow:
    """One pane.

    Attributes:
        id: of its widget; `tab` is what its tab and its title say.
        draw: its lines.
        entitle: what the title says behind the name.
        beside: whether it stands beside others where there is room: `always`, or only where it is
            `wide`; empty: under its tab, or zoomed.
        place: where among those that stand beside one another.
    """

    id: str
    tab: str
    draw: Callable[[Drawing], Sequence[Content]]
    entitle: Callable[[AccountPage, PaneState], Content] | None = None
    beside: Literal["", "always", "wide"] = ""
    place: int = 0


def _health(given: Drawing) -> list[Content]:
    by_loss = given.state.by_loss
    return health_lines(given.page, given.width, given.glyphs, by_loss=by_loss)


def _health_title(_: AccountPage, state: PaneState) -> Content:
    order = "most points lost first, s" if state.by_loss else "s by points lost"
    return joined((f" · {order} · x why, e override", "dim"))


def _usage(given: Drawing) -> list[Content]:
    usage = given.page.usage
    if not usage:
        return [joined(("no usage in the last year", "dim"))]
    place = given.state.metric % len(usage)
    return chart_lines(
        usage[place],
        today=given.page.today,
        size=(given.width, given.height),
        place=(place + 1, len(usage)),
        glyphs=given.glyphs,
        ink=ink_for(given.glyphs),
        beside=Beside(
            [one for one in given.page.events if one.sign in USAGE_SIGNS],
            given.state.bands.get(usage[place].metric),
            given.state.back,
        ),
    )


def _history(given: Drawing) -> list[Content]:
    ink, size = ink_for(given.glyphs), (given.width, given.height)
    return score_lines(given.page, size=size, glyphs=given.glyphs, ink=ink, view=given.state.view)


def _people(given: Drawing) -> list[Content]:
    return people_lines(given.page, given.width, given.glyphs)


def _open(given: Drawing) -> list[Content]:
    people = not given.is_alone and not given.is_wide
    size = (given.width, given.height)
    return fitting_open_lines(given.page, size, given.glyphs, people=people, since=given.is_alone)


def _open_title(page: AccountPage, _: PaneState) -> Content:
    signals = len(page.speaking)
    acts = f" · a acts on {counted(signals, 'signal')}" if signals else ""
    return joined((acts, "dim"))


def _timeline(given: Drawing) -> TimelineLines | list[Content]:
    timeline = given.state.timeline
    entries = timeline.shown
    if not entries and timeline.words:
        return [joined(("nothing that happened has these words · esc", "dim"))]
    return TimelineLines(entries, today=given.page.today, width=given.width, glyphs=given.glyphs)


def _timeline_title(_: AccountPage, state: PaneState) -> Content:
    return joined((state.timeline.title, "dim"))


def _goals(given: Drawing) -> list[Content]:
    return goals_pane(given.page, given.width)


def _plays(given: Drawing) -> list[Content]:
    return plays_pane(given.page, given.width)


def _plays_title(_: AccountPage, __: PaneState) -> Content:
    return joined((" · p walks one", "dim"))


def _churn(given: Drawing) -> list[Content]:
    return churn_lines(given.page, given.width)


def _service(given: Drawing) -> list[Content]:
    return service_pane(given.state.service, given.width)


def _voice(given: Drawing) -> list[Content]:
    return voice_pane(given.state.voice, given.page.today, given.width)


def _large(_: AccountPage, __: PaneState) -> Content:
    return joined((" · u large", "dim"))


# In the order of the tabs.
PANE_TABLE: Final[tuple[PaneRow, ...]] = (
    PaneRow("open", "Open", _open, _open_title, "always", 4),
    PaneRow("health", "Health", _health, _health_title, "always", 1),
    PaneRow("history", "History", _history),
    PaneRow("usage", "Usage", _usage, _large, "always", 2),
    PaneRow("timeline", "Timeline", _timeline, _timeline_title, "always", 5),
    PaneRow("people", "People", _people, None, "wide", 3),
    PaneRow("plays", "Plays", _plays, _plays_title),
    PaneRow("goals", "Goals", _goals),
    PaneRow("service", "Service", _service),
    PaneRow("voice", "Voice", _voice),
    PaneRow("churn", "Churn", _churn),
)
TABS: Final = {row.tab: row.id for row in PANE_TABLE}
PLACED: Final = tuple(sorted(PANE_TABLE, key=lambda row: row.place))
