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

    def told(self) -> str:
        """The message with how often, and where for example."""
        count = f"{self.count:,}" if self.count > 1 else ""
        more = ", …" if self.count > len(self.examples) > 0 else ""
        places = ", ".join(self.examples) + more
        where = ": ".join(part for part in (count, places) if part)
        return f"{self.message} ({where})" if where else self.message
