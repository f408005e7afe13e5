"""Names that are only alike: the account that a person may have meant by another one."""

from collections import defaultdict
from collections.abc import Mapping

from cs_workbench.core.account_matching import are_alike, company_name, edges


class NearNames:
    """Accounts' names by how they begin and end, and what was asked of them before."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names`: as they are written, by what `company_name` makes of them."""
        self._names = names
        self._alike: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in names:
            for edge in edges(name):
                self._alike[edge].append(name)
        self._found: dict[str, str | None] = {}

    def nearest(self, text: str) -> str | None:
        """The name that is alike, else the only one that begins with the words of the text."""
        wanted = company_name(text)
        if wanted not in self._found:
            self._found[wanted] = self._nearest(wanted)
        return self._found[wanted]

    def _nearest(self, wanted: str) -> str | None:
        near = dict.fromkeys(name for edge in edges(wanted) for name in self._alike.get(edge, ()))
        alike = next((name for name in near if are_alike(name, wanted)), None)
        longer = [name for name in near if wanted and name.startswith(f"{wanted} ")]
        best = alike or (longer[0] if len(longer) == 1 else None)
        return None if best is None else self._names[best]
