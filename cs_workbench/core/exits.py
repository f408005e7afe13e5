"""Why customers leave, in two levels: the reason, and what in particular."""

from collections.abc import Mapping
from typing import Final

# The second level is proposed, not prescribed: what a customer says is never bent to fit a list.
DETAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "product": ("missing feature", "quality", "too complex", "integration"),
    "price": ("too dear", "price raised", "no budget", "value not shown"),
    "support": ("slow answers", "not solved", "bad experience", "promise broken"),
    "better deal": ("competitor's product", "competitor's price", "built it themselves"),
    "people": ("champion left", "new decision maker", "no sponsor", "lost trust in us"),
    "adoption": ("never adopted", "onboarding failed", "use faded", "wrong fit"),
    "company": ("acquired", "shut down", "reorganised", "project ended"),
    "other": (),
}
