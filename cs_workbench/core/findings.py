"""What a check of the portfolio found wanting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that needs a person.

    Attributes:
        code: a stable name in kebab-case, such as `usage-before-subscription`.
        message: what is wrong and what to do about it, as sentences.
        count: how often.
        examples: a few places, such as account ids.
    """

    code: str
    message: str
    count: int = 1
    examples: tuple[str, ...] = ()
