import pytest

from cs_workbench.core.playbooks.conditions import parse_condition
from cs_workbench.core.playbooks.words import in_words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("usage change >= -10%", "usage change at least -10%"),
        ("score <= 0.4", "score at most 0.4"),
        ("days to deadline < 120", "days to deadline below 120"),
        ("arr > 100k", "arr above 100k"),
        ("answer.mood_reason is known", "mood reason is known"),
        ("champion is unknown", "champion is unknown"),
        ("answer.reached = no answer", "reached is no answer"),
        ("stage != mature|renewing", "stage is not mature or renewing"),
    ],
)
def test_conditions_in_words(written: str, said: str) -> None:
    condition = parse_condition(written)
    assert condition is not None
    assert in_words([condition]) == said
    assert in_words([condition, condition]) == f"{said} and {said}"
