import pytest

from cs_workbench.core.playbooks import Anchor, Step, due_text


@pytest.mark.parametrize(
    ("anchor", "offset", "words"),
    [
        ("start", 0, "on the day of the start"),
        ("start", 1, "1 day after the start"),
        ("deadline", -30, "30 days before the deadline"),
        ("end", 14, "14 days after the contract's end"),
    ],
)
def test_the_due_date_in_words(anchor: Anchor, offset: int, words: str) -> None:
    assert due_text(Step("a", "A", "csm", anchor, offset, "")) == words
