import pytest

from benchmarks.measurement import Measurement, markdown, short


@pytest.mark.parametrize(
    ("value", "target", "verdict"),
    [(1.4, 1.4, "met"), (1.41, 1.4, "missed"), (9.0, None, "")],
)
def test_a_target_is_the_most_that_is_allowed(
    value: float, target: float | None, verdict: str
) -> None:
    assert Measurement("start", 500, value, "s", target).verdict == verdict


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (99.96, "100"), (12.34, "12.3"), (0.1234, "0.123")]
)
def test_three_digits_matter(value: float, text: str) -> None:
    assert short(value) == text


def test_the_table_is_markdown() -> None:
    assert markdown([Measurement("start", 100_000, 0.5, "s", 1)]).splitlines() == [
        "| What | Accounts | Measured | Target |  |",
        "| --- | ---: | ---: | ---: | --- |",
        "| start | 100,000 | 0.5 s | ≤ 1 s | met |",
    ]
