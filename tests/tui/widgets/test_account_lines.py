import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from textual.content import Content

from cs_workbench.core.account_page import AccountPage, Family
from cs_workbench.core.charts import Ink
from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.store.database import Database
from cs_workbench.tui.widgets.account_header import LINES, header_lines
from cs_workbench.tui.widgets.health_lines import health_height, health_lines
from cs_workbench.tui.widgets.open_lines import open_lines, people_lines, since_lines, since_title
from cs_workbench.tui.widgets.timeline_lines import TimelineLines
from cs_workbench.tui.widgets.usage_chart import Beside, chart_lines
from cs_workbench.tui.widgets.usage_plot import ink_for
from tests.factories import TODAY
from tests.tui.pages import page_of, story


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with story(tmp_path_factory.mktemp("story")) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(db: Database) -> AccountPage:
    return page_of(db)


@pytest.fixture(scope="module")
def bare(db: Database) -> AccountPage:
    return page_of(db, 2)


def plain(lines: "list[Content] | tuple[Content, ...]") -> list[str]:
    return [line.plain.rstrip() for line in lines]


def test_the_header_answers_how_well_until_when_who_and_what_went_wrong(page: AccountPage) -> None:
    first, what, deadline, people, problems, ours = plain(header_lines(page, 118))
    assert ours.startswith("From us   ")
    assert "promised, " in ours
    assert first.startswith("Kestrel Logistics GmbH")
    assert "possible   coverage" in first
    for part in ("enterprise · EMEA · customer for 3 y 9 mo · mature", "412,000 USD a year"):
        assert part in what
    assert deadline == (
        "Deadline  30 Dec in 37 d, last day for notice · auto-renew · ends 28 Feb 2027 · "
        "commit by 30 Nov"
    )
    assert "no champion (Lena Voss left 2 Nov) · decides Tomasz Brandt" in people
    assert problems.startswith(
        "Problems  #8812 sync fails (urgent, open 6 d) · #8533 SSO (closed 14"
    )


def test_the_header_tells_of_contracts_without_a_price_beside_the_known_ones(
    page: AccountPage,
) -> None:
    one = page.subscriptions[0]
    other = replace(one, contract=one.contract._replace(arr_minor=None))
    ended = replace(other, in_force=False)
    beside = replace(page, subscriptions=(*page.subscriptions, other, ended))
    what = plain(header_lines(beside, 118))[1]
    assert "412,000 USD a year and 1 contract of unknown price" in what
    alone = replace(page, line=page.line._replace(arr_minor=None), subscriptions=(other,))
    what = plain(header_lines(alone, 118))[1]
    assert "price not known" in what
    assert "a year" not in what


def test_the_narrow_header_loses_labels_but_no_figures(page: AccountPage) -> None:
    first, what, deadline, people, problems, ours = plain(header_lines(page, 78))
    assert len(first) <= 78
    assert ours.startswith("from us ! 1 promise ")
    assert ours.endswith(" d late")
    assert "412k USD" in what
    assert "50 seats" in what
    assert deadline.startswith("30 Dec in 37 d, notice")
    assert people.startswith("no champion (left 2 Nov)")
    assert problems.startswith("#8812")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, "Kestr…  ● 70"),
        (78, "GmbH  part of Kes[b] "),
        (98, "GmbH  part of Kes[b] "),
        (118, "GmbH  part of Kes[b] · 2 subsidiaries "),
    ],
)
def test_the_family_stands_beside_the_name_as_far_as_there_is_room(
    page: AccountPage, width: int, shown: str
) -> None:
    related = replace(page, family=Family("K", "Kes[b]", 2))
    first = plain(header_lines(related, width))[0]
    assert shown in first
    _, score = plain(header_lines(page, width))[0].split("●")
    assert first.endswith(f"●{score}")


@pytest.mark.parametrize("width", [40, 78, 98, 118, 198])
def test_the_header_is_five_lines_for_any_account(bare: AccountPage, width: int) -> None:
    lines = header_lines(bare, width)
    assert len(lines) == LINES
    assert "\x1b" not in "".join(plain(lines))
    assert "no deadline" in plain(lines)[2]


def test_health_adds_up_on_paper(page: AccountPage) -> None:
    lines = plain(health_lines(page, 74))
    total = next(line for line in lines if " Sum" in line).split()[-1].removesuffix("/100")
    parts = [word for line in lines[1:] for word in line.split() if "/" in word][:-1]
    earned = sum(float(part.split("/")[0]) for part in parts)
    possible = sum(float(part.split("/")[1]) for part in parts)
    assert f"{earned:.1f}" == total
    assert possible == pytest.approx(100, abs=0.11)


def test_a_value_too_old_is_unknown_and_not_neutral(page: AccountPage) -> None:
    text = "\n".join(plain(health_lines(page, 74)))
    assert "unknown, not neutral:" in text
    assert "????????" in text


def test_what_costs_most_can_stand_first_and_still_adds_up(page: AccountPage) -> None:
    def rows(*, by_loss: bool) -> list[list[str]]:
        lines = plain(health_lines(page, 74, by_loss=by_loss))
        end = next(place for place, line in enumerate(lines) if " Sum" in line)
        return [
            next(word for word in line.split() if "/" in word).split("/")
            for line in lines[1:end]
            if "/" in line
        ]

    lost = [float(most) - float(points) for points, most in rows(by_loss=True)]
    assert lost == sorted(lost, reverse=True)
    assert sorted(rows(by_loss=True)) == sorted(rows(by_loss=False))
    assert rows(by_loss=True) != rows(by_loss=False)


def test_a_long_target_does_not_touch_the_value_before_it(page: AccountPage) -> None:
    assert page.health is not None
    first = replace(page.health.contributions[0], value_text="4 of 5", target_text="≥ 5 of 5")
    rated = replace(page, health=replace(page.health, contributions=(first,)))
    assert " 4 of 5 ≥5 of 5 " in plain(health_lines(rated, 74))[1]


def test_a_red_measure_says_what_to_ask(page: AccountPage) -> None:
    assert page.health is not None
    calm = [replace(one, question="") for one in page.health.contributions]
    calmed = replace(page, health=replace(page.health, contributions=tuple(calm)))
    assert not [line for line in plain(health_lines(calmed, 74)) if line.startswith("to ask")]
    assert not [line for line in plain(since_lines(calmed, 200)) if line.startswith("Ask")]
    first = replace(calm[0], question="Who stopped?", points_e4=0)
    asking = replace(page, health=replace(page.health, contributions=(first, *calm[1:])))
    (line,) = [line for line in plain(health_lines(asking, 74)) if line.startswith("to ask")]
    assert line == f"to ask       {first.label}: Who stopped?"
    assert plain(since_lines(asking, 200))[-1] == "Ask first: Who stopped?"


def test_signals_take_a_line_or_all_that_they_say(page: AccountPage) -> None:
    short = [line for line in plain(open_lines(page, 75)) if "champion gone" in line]
    assert short == ["Signals   high   champion gone: champion Lena Voss left on 2 Nov 2…  23 Nov"]
    whole = plain(open_lines(page, 75, whole=True))
    at = next(place for place, line in enumerate(whole) if "champion gone" in line)
    assert (
        whole[at]
        .strip()
        .removeprefix("Signals")
        .strip()
        .startswith("champion gone · high risk · since ")
    )
    assert "champion Lena Voss left on 2 Nov 2026" in whole[at + 1]
    assert "ends when another contact becomes champion" in [line.strip() for line in whole]


def test_a_snoozed_signal_says_until_when_and_comes_last(page: AccountPage) -> None:
    first, *rest = page.signals
    silent = replace(first, snoozed_until=TODAY + dt.timedelta(4))
    text = plain(open_lines(replace(page, signals=(*rest, silent)), 75))
    line = next(line for line in text if "silent until 27 Nov" in line)
    assert first.kind in line


@pytest.mark.parametrize("width", [50, 71, 74, 78])
def test_health_lines_fit_and_are_counted(page: AccountPage, width: int) -> None:
    lines = health_lines(page, width)
    assert len(lines) == health_height(page, width)
    assert all(line.cell_length <= max(width, 58) for line in lines)


def test_ascii_health_has_no_blocks(page: AccountPage) -> None:
    bars = [line for line in plain(health_lines(page, 74, ASCII)) if "/" in line]
    assert any("#" in line for line in bars)
    assert not any("█" in line for line in bars)


def test_an_account_that_was_never_scored_says_so(bare: AccountPage) -> None:
    assert bare.line.band == "unknown"
    assert plain(health_lines(bare, 74))


def test_what_is_open(page: AccountPage) -> None:
    lines = plain(open_lines(page, 75, people=True))
    assert lines[0] == "Next      none yet: n sets it"
    assert lines[1].startswith("We owe    ! refund of the October overage")
    assert lines[1].endswith("due 20 Nov   3 d late")
    assert lines[2].startswith("They owe  list of leavers")
    assert lines[3].startswith("Signals   high   ")
    assert any(line.startswith("Contract  ") for line in lines)
    assert any(line.startswith("People    Tomasz Brandt · decision maker · COO") for line in lines)
    assert all(len(line) <= 75 for line in lines)


def test_nothing_is_open(bare: AccountPage) -> None:
    assert [line.split()[-1] for line in plain(open_lines(bare, 60))[1:]] == ["none"] * 4
    assert plain(people_lines(bare, 60)) == ["no contacts known"]


def test_since_you_last_spoke(page: AccountPage) -> None:
    assert since_title(page) == "Since you last spoke (31 Oct, 23 d)"
    text = " ".join(plain(since_lines(page, 60)))
    for part in ("active users", "1 urgent ticket", "champion Lena Voss left", "of ours late"):
        assert part in text


def test_the_timeline_is_ruled_by_years_and_made_line_by_line(page: AccountPage) -> None:
    lines = TimelineLines(page.timeline, today=TODAY, width=60)
    texts = plain(lines[:])
    assert " ".join(texts[-2:]).startswith("── 2025 ──")
    assert texts[-1] == "13 May   NPS 9 of 10, promoter, Lena Voss"
    assert "20 Nov ! we missed: refund of the October overage" in texts
    assert all(line.cell_length <= 60 for line in lines)


@pytest.mark.parametrize(("glyphs", "ink"), [(UNICODE, "braille"), (ASCII, "ascii")])
@pytest.mark.parametrize("size", [(37, 18), (78, 15), (120, 30), (20, 6), (30, 2)])
def test_the_chart_fills_its_room(
    page: AccountPage, glyphs: Glyphs, ink: Ink, size: tuple[int, int]
) -> None:
    lines = chart_lines(page.usage[0], today=TODAY, size=size, place=(1, 2), glyphs=glyphs, ink=ink)
    assert len(lines) <= size[1]
    assert all(line.cell_length <= size[0] for line in lines)


def test_the_chart_names_its_axes_and_its_baseline(page: AccountPage) -> None:
    lines = plain(chart_lines(page.usage[0], today=TODAY, size=(78, 16), place=(1, 2)))
    text = "\n".join(lines)
    assert lines[0].startswith("active users a day, by week")
    assert lines[0].endswith("1/2  , .")
    assert "┈" in text
    for label in ("50┤", " 0┤", "2026", "Nov", "12 weeks before 48"):
        assert label in text


def test_weeks_without_data_are_a_gap_in_the_chart(page: AccountPage) -> None:
    lines = chart_lines(page.usage[0], today=TODAY, size=(78, 16), place=(1, 2))
    columns = ["".join(line.plain[x] for line in lines[1:11]) for x in range(4, 78)]
    inked = "".join("x" if column.replace("┈", "").strip() else " " for column in columns)
    assert len(inked.split()) == 2  # a month of silence in July parts the line


def test_the_linux_console_has_no_braille(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert ink_for(UNICODE) == "blocks"
    assert ink_for(ASCII) == "ascii"
    monkeypatch.setenv("TERM", "xterm-256color")
    assert ink_for(UNICODE) == "braille"


def test_a_feed_that_fell_silent_says_so_and_leaves_the_end_empty(page: AccountPage) -> None:
    later = TODAY + dt.timedelta(70)
    lines = plain(chart_lines(page.usage[0], today=later, size=(78, 16), place=(1, 1)))
    assert lines[-1].startswith("no data since 23 Nov 2026")
    assert "Jan" not in lines[-2]
    assert all(len(line) < 70 for line in lines[1:11])


def test_trouble_is_marked_on_the_time_axis_of_usage(page: AccountPage) -> None:
    lines = plain(
        chart_lines(
            page.usage[0],
            today=TODAY,
            size=(78, 16),
            place=(1, 2),
            beside=Beside([one for one in page.events if one.sign in "CT"]),
        )
    )
    assert "C champion left  T urgent, complaint  1/2" in lines[0]
    axis = next(line for line in lines if "└" in line)
    assert axis.index("C") < axis.index("T")
    assert axis.index("T") - axis.index("C") == round(15 / 364 * (78 - 4))  # 2 to 17 November
    unmarked = plain(chart_lines(page.usage[0], today=TODAY, size=(78, 16), place=(1, 2)))
    assert "C champion" not in unmarked[0]
    assert len(unmarked) == len(lines)
