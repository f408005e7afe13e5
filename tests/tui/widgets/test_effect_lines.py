from cs_workbench.core.plays.effects import Effect, PlaybookEffect, PlayCounts
from cs_workbench.tui.widgets.effect_lines import effect_lines
from cs_workbench.workflows.playbooks import find_playbook

COUNTS = PlayCounts(40, 4, 30, 16, 9, 2)
FEW = Effect(3, 20, None, None, None, "not enough data")
GOOD = Effect(14, 22, 0.12, 0.03, 0.21, "better")


def found(effect: Effect) -> PlaybookEffect:
    playbook = find_playbook("usage-drop").playbook
    return PlaybookEffect(playbook, COUNTS, {"confirm": (9, 1.25)}, "repair", effect)


def test_what_a_playbook_changed() -> None:
    lines = [one.plain for one in effect_lines([found(GOOD)], 120)]
    assert lines[:4] == [
        "Usage-drop check-in v1",
        "  better: usage change +0.12 (+0.03 to +0.21) · 14 treated, 22 not, matched",
        "  judged by usage change up within 56 d",
        "  eligible 40  left alone 4  suggested 30  started 16  completed 9  given up 2  ",
    ]
    assert lines[4] == "  stalls before Put it right, and say so"
    assert lines[5] == "  days on a step  Confirm that the drop is real 1.2 d"


def test_too_few_say_so_and_nothing_is_wider_than_the_pane() -> None:
    lines = effect_lines([found(FEW)], 60)
    assert lines[1].plain.startswith("  not enough data · 3 treated, 20 not, matched; 10 of")
    assert max(one.cell_length for one in lines) <= 60
    assert "No playbook" in effect_lines([], 60)[0].plain
