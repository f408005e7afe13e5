"""The figures of a backtest in a person's digits; what was not measured is `--`."""

UNKNOWN = "--"


def fraction(value: float | None) -> str:
    """`0.86`: an AUC, a ratio, a slope."""
    return UNKNOWN if value is None else f"{value:z.2f}"


def short_fraction(value: float | None) -> str:
    """`.86`: the same within a sentence."""
    return UNKNOWN if value is None else fraction(value).lstrip("0")


def spanned(value: float | None, low: float | None, high: float | None) -> str:
    """`.86 (.85-.87)`: the same with its interval, where it has one."""
    if value is None or low is None:
        return short_fraction(value)
    return f"{short_fraction(value)} ({short_fraction(low)}-{short_fraction(high)})"


def share(value: float | None) -> str:
    """`12.3 %` of a share from 0 to 1."""
    return UNKNOWN if value is None else f"{100 * value:z.1f} %"
