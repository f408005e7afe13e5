import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from cs_workbench.tui.widgets.band_moves import BandCounts, BandMove, BandMoves

MANY = BandCounts(
    {"red": 6_100, "unknown": 9_000, "yellow": 19_500, "green": 24_400},
    {"red": 29_500, "unknown": 9_100, "yellow": 9_400, "green": 11_000},
    [BandMove(n, f"Acme {n}", ("green", 700_000), ("red", 400_000)) for n in range(30)],
)


class Counted(App[None]):
    def compose(self) -> ComposeResult:
        yield BandMoves()


@pytest.mark.parametrize(("width", "lines"), [(80, 2), (140, 1)])
async def test_counts_are_told_whole_at_every_width(width: int, lines: int) -> None:
    app = Counted()
    async with app.run_test(size=(width, 24)) as pilot:
        app.query_one(BandMoves).show(MANY)
        await pilot.pause()
        told = app.query_one(Static)
        shown = [told.render_line(y).text.strip() for y in range(told.size.height)]
    assert len(shown) == lines
    assert " ".join(shown).endswith("30 would change band, 20 listed")
