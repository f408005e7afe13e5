"""One measured figure, and the table of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HEADINGS = ("What", "Accounts", "Measured", "Target", "")


@dataclass(frozen=True)
class Measurement:
    """One figure.

    Attributes:
        what: in words; begins with the area.
        accounts: the size of the portfolio, None where it does not matter.
        target: `value` should be at most this; None for a figure that only informs.
    """

    what: str
    accounts: int | None
    value: float
    unit: str
    target: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.target is None:
            return ""
        return "met" if self.value <= self.target else "missed"

    def cells(self) -> tuple[str, ...]:
        """The figure as cells under `HEADINGS`."""
        return (
            self.what,
            "" if self.accounts is None else f"{self.accounts:,}",
            f"{short(self.value)} {self.unit}".strip(),
            "" if self.target is None else f"≤ {short(self.target)} {self.unit}".strip(),
            self.verdict,
        )

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        return _row(self.cells())


def short(value: float) -> str:
    """Three digits that matter: 1,234, 12.3, 0.123."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def markdown(measurements: Iterable[Measurement]) -> str:
    """The figures as a Markdown table."""
    heads = [_row(HEADINGS), _row(("---", "---:", "---:", "---:", "---"))]
    return "\n".join([*heads, *(one.row() for one in measurements)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def middle(values: Sequence[float]) -> float:
    """The median: what a typical run takes."""
    return median(values)
