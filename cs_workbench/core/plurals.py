"""A number and what it counts."""


def counted(count: int, noun: str) -> str:
    """`1 signal`, `1,200 signals`: the noun takes an s where there is not exactly one."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
