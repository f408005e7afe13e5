"""What is wrong in the data, counted instead of hidden."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of contradiction or damage.

    Attributes:
        code: short and stable, for scripts: `churned_without_event`.
        message: a sentence that ends without the count's examples.
        count: how many rows or accounts.
        examples: ids of a few of them.
    """

    code: str
    message: str
    count: int
    examples: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The finding as one line for a person."""
        shown = f" (for example {', '.join(self.examples)})" if self.examples else ""
        return f"{self.count:,} {self.message}{shown}"
