import pytest

from cs_workbench.cli.start import screens_wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", {}),
        ("tui", {}),
        ("--db a.db", {"db": "a.db"}),
        ("--db=a=b.db tui", {"db": "a=b.db"}),
        ("--today 2026-11-20 --db a.db tui", {"db": "a.db", "today": "2026-11-20"}),
    ],
)
def test_a_call_of_the_screens_is_understood(typed: str, wanted: dict[str, str]) -> None:
    assert screens_wanted(typed.split()) == wanted


@pytest.mark.parametrize(
    "typed",
    ["accounts", "--db", "--db a.db accounts", "tui --help", "--version", "-h", "--d a.db", "demo"],
)
def test_any_other_call_is_left_to_the_command_line(typed: str) -> None:
    assert screens_wanted(typed.split()) is None
