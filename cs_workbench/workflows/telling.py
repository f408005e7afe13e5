"""The causes that the list tells of each account, over a range of accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cs_workbench.core.causes import tell_causes, tell_part, tell_unknown, told
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import decode_contributions
from cs_workbench.core.kernels.changes import Part, change_parts, decoded_columns, loss_parts
from cs_workbench.core.kernels.columns import Ints
from cs_workbench.core.kernels.scores import CardTables, Scores
from cs_workbench.core.measures import Outcome
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import InputError
from cs_workbench.store import health as store
from cs_workbench.store.sqlite import Connection


@dataclass
class PastCards:
    """Earlier scorecards by hash, read as they are needed; None where that is not possible."""

    cards: dict[str, Scorecard | None] = field(default_factory=dict)

    def read(self, connection: Connection, digest: str) -> Scorecard | None:
        """One of them."""
        if digest not in self.cards:
            try:
                self.cards[digest] = store.load_scorecard(connection, digest)
            except InputError:
                self.cards[digest] = None
        return self.cards[digest]


@dataclass(frozen=True)
class Teller:
    """Tells causes of accounts: what changed since four weeks before, else what costs most."""

    tables: CardTables
    cards: PastCards

    def causes(
        self,
        connection: Connection,
        scored: tuple[Sequence[AccountFacts], Scores],
        before: Mapping[int, store.EarlierScore],
    ) -> list[tuple[str, ...]]:
        """Short sentences about each account, largest first; none of who is no customer."""
        facts, scores = scored
        cards = [scores.cards[at] for at in scores.card.tolist()]
        found: list[tuple[str, ...] | None] = [() if one.is_former else None for one in facts]
        alike: list[int] = []
        for at, one in enumerate(facts):
            earlier = before.get(one.account_key)
            if earlier is not None and (earlier.points_e4 is None or earlier.band == "unknown"):
                earlier = None
            if found[at] is not None:
                continue
            if scores.bands[at] == "unknown":
                found[at] = (tell_unknown(cards[at], scores.score(at)),)
            elif earlier is not None and earlier.scorecard_hash == cards[at].digest:
                alike.append(at)
            elif earlier is not None:
                past = self._past(connection, earlier)
                found[at] = tell_causes(cards[at], one, scores.score(at), past)
        texts = [before[facts[at].account_key].contributions for at in alike]
        self._tell(found, scored, self._changes(scores, texts, alike))
        open_rows = _rows(at for at, causes in enumerate(found) if causes is None)
        self._tell(found, scored, loss_parts(self.tables, scores, open_rows))
        return [causes or () for causes in found]

    def _changes(
        self, scores: Scores, texts: Sequence[str], alike: Sequence[int]
    ) -> Iterable[Part]:
        if not texts:
            return ()
        columns = decoded_columns(texts, len(scores.columns))
        return change_parts(self.tables, columns, scores, _rows(alike))

    def _past(
        self, connection: Connection, earlier: store.EarlierScore
    ) -> tuple[Scorecard, tuple[Outcome, ...]] | None:
        card = self.cards.read(connection, earlier.scorecard_hash)
        return None if card is None else (card, decode_contributions(earlier.contributions)[0])

    def _tell(
        self,
        found: list[tuple[str, ...] | None],
        scored: tuple[Sequence[AccountFacts], Scores],
        parts: Iterable[Part],
    ) -> None:
        """Put the parts of each account into words."""
        facts, scores = scored
        said: dict[int, list[tuple[int, str]]] = {}
        for part in parts:
            at, measure = part.at, part.measure
            line = scores.cards[scores.card[at]].measures[measure]
            outcome = scores.columns[measure].outcome(at)
            text = tell_part(line, facts[at], outcome, appeared=part.appeared)
            said.setdefault(at, []).append((part.points_e4, text))
        for at, sentences in said.items():
            found[at] = told(sentences)


def _rows(places: Iterable[int]) -> Ints:
    return np.array(list(places), np.int64)
