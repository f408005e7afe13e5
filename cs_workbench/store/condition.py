"""What narrows a list of accounts, as SQL."""

from typing import Literal, NamedTuple


class Condition(NamedTuple):
    """A condition on the account `a`, its summary `s`, or on the key that `either` has, as `a.`.

    Attributes:
        keys: a statement that lists by itself, and quickly, the accounts for which it holds.
        each: the same, quicker to ask where many accounts are asked one by one; same values.
        without: of a negated condition, the one that must not hold.
    """

    on: Literal["a", "s", "either"]
    sql: str
    values: tuple[object, ...] = ()
    keys: str = ""
    each: str = ""
    without: str = ""
