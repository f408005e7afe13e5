"""Points that are written out exactly, so that what adds up inside adds up on paper."""

from dataclasses import dataclass

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Points:
    """A number of points in 1/10,000; `str` writes it with four digits: `-0.0500`."""

    e4: int

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.e4), 10**DIGITS)
        return f"{'-' if self.e4 < 0 else ''}{whole}.{rest:0{DIGITS}}"
