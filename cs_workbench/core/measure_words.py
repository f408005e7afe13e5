"""A measure's value in the few letters of a table, and counts and ages in words."""

from typing import Final

FAR: Final = 365  # days; nothing that is this far away hurts


def percent(value: float) -> str:
    """`48 %`."""
    return f"{100 * value:.0f} %"


def signed_percent(value: float, minus: str = "−") -> str:
    """`−48 %`; what rounds to nothing has no sign."""
    text = f"{100 * value:+.0f}"
    return "0 %" if text in {"+0", "-0"} else f"{text} %".replace("-", minus)


def days_text(value: float) -> str:
    """`14 d`."""
    return "a year or more" if value >= FAR else f"{value:.0f} d".replace("-", "−")


def plain(value: float) -> str:
    """`3`, `3.5`."""
    return f"{value:g}"


def times(value: float) -> str:
    """`1.5 ×`."""
    return f"{value:.1f} ×"


def number(value: float) -> str:
    """Two digits that matter: 48, 4.8, 0.48, 1240."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def ago(days: float) -> str:
    """`today`, `1 day ago`, `23 days ago`."""
    return f"{plural(round(days), 'day')} ago" if round(days) else "today"


def plural(count: float, noun: str) -> str:
    """`no complaint`, `1 complaint`, `2 complaints`."""
    if not count:
        return f"no {noun}"
    return f"{count:g} {noun}{'' if count == 1 else 's'}"
