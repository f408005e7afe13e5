"""Exports of events of which all is known but the group that is the account.

Each team calls its groups as it likes, so no mapping can know the heading. A person has to say that
one thing; the rest stands in the mapping that comes with the program.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from cs_workbench.errors import UsageError
from cs_workbench.importers.answers import answer, meant_heading
from cs_workbench.importers.heading_words import WORDS
from cs_workbench.importers.known_mappings import shipped_mapping, shipped_mappings
from cs_workbench.importers.likely_columns import plain_words
from cs_workbench.importers.mapping import FileMapping
from cs_workbench.importers.resolving import heading_of
from cs_workbench.importers.tables import TableFile, first_rows
from cs_workbench.importers.toml_texts import toml_text

SAMPLED = 2_000  # rows: in one of events, an account stands many times
DIFFERENT = 200  # texts of a column that are looked at
OFFERED = 6  # groups
FEW = 2  # texts
CALLED = 0.25  # what a name is worth, of all texts being accounts
_GROUPS = frozenset({"group", "groups", "$groups"})
_ACCOUNTS = frozenset(WORDS["usage"]["account_ref"])


@dataclass(frozen=True, slots=True)
class Group:
    """A column that may be the account.

    Attributes:
        heading: of it.
        texts: that stand there, each once.
        known: how many of them are accounts of the portfolio; None where none was asked.
    """

    heading: str
    texts: tuple[str, ...]
    known: int | None = None

    @property
    def likeliness(self) -> float:
        """How much speaks for it: what share of its texts are accounts, and what it is called.

        Of few texts a share says little: a plan may be called as one of the accounts is.
        """
        *before, last = self.heading.casefold().split(".")
        is_group = not _GROUPS.isdisjoint(before) or "group" in plain_words(last).split()
        is_named = plain_words(last) in _ACCOUNTS
        return (self.known or 0) / (len(self.texts) + FEW) + CALLED * (is_group + is_named)

    @property
    def told(self) -> str:
        """How many of its texts are accounts, and one: `3 of 4 are accounts: Kestrel`."""
        if self.known is None:
            return self.texts[0]
        return f"{self.known:,} of {len(self.texts):,} are accounts: {self.texts[0]}"


@dataclass(frozen=True, slots=True)
class EventGuess:
    """An export of events, and the column that is proposed for its account.

    Attributes:
        table: the file.
        tool: whose export it is, as its mapping is called.
        groups: that may be the account, likeliest first.
        given: the heading that the mapping takes by itself, if it knows one.
        account: the heading that is proposed.
        mapping: the text of the tool's mapping.
        asked: the names that the mapping has for the account, as they stand in it.
    """

    table: TableFile
    tool: str
    groups: tuple[Group, ...]
    given: str | None = None
    account: str | None = None
    mapping: str = field(default="", repr=False)
    asked: str = field(default="", repr=False)
    answers: ClassVar = "account_id=groups.tenant"

    @property
    def kind(self) -> str:
        """What its rows are, in words."""
        return f"events, as {self.tool} exports them"

    @property
    def is_doubtful(self) -> bool:
        """Whether what the mapping takes are no accounts, and what stands elsewhere are some."""
        known = {one.heading: one.known or 0 for one in self.groups}
        return self.given in known and not known[self.given] and any(known.values())

    @property
    def questions(self) -> Iterator[str]:
        """What has to be answered before it can be read."""
        if self.account is None:
            yield "Which column is the account? account_id=COLUMN"

    @property
    def told(self) -> Iterator[tuple[str, str, str]]:
        """The account's heading and an example; the other groups that it may be."""
        likely = [one for one in self.groups if one.likeliness] or self.groups
        for one in self.groups:
            if one.heading == self.account:
                yield "account_id", one.heading, one.told
        others = (one for one in likely if one.heading != self.account)
        for one in itertools.islice(others, OFFERED):
            yield "or", one.heading, one.told

    @property
    def rest(self) -> str:
        """What becomes of the other columns, in words."""
        return "events without that group are left out"

    @property
    def writing(self) -> str:
        """How it is taken to be written, in words."""
        return "numbers of each account and day"


def guess_events(table: TableFile) -> EventGuess | None:
    """The tool whose export it is; None where more is missing than the account."""
    found = [(path, file) for path, file in _exports() if _is_export(file, table)]
    if not found:
        return None
    path, file = max(found, key=lambda one: len(one[1].headings))
    used = {name.casefold() for name in _used(file, table)}
    others = [at for at, name in enumerate(table.headings) if name.casefold() not in used]
    rows = first_rows(table, SAMPLED)
    groups = []
    for at in others:
        texts = dict.fromkeys(row[at].strip() for row in rows if row[at].strip())
        if texts:
            some = tuple(itertools.islice(texts, DIFFERENT))
            groups.append(Group(table.headings[at], some))
    asked = _account(file)
    given = heading_of(asked, table.headings)
    text = path.read_text(encoding="utf-8")
    return _proposed(EventGuess(table, path.stem, tuple(groups), given, given, text, asked))


def with_known(found: EventGuess, is_account: Callable[[str], bool]) -> EventGuess:
    """The same with how many texts of each group are accounts; the likeliest is proposed."""
    groups = (replace(one, known=sum(map(is_account, one.texts))) for one in found.groups)
    return _proposed(replace(found, groups=tuple(groups)))


def with_account(found: EventGuess, said: str) -> EventGuess:
    """The guess with the account's column as a person says it: `account_id=groups.tenant`.

    Raises:
        UsageError: it is no column, or something else is said.
    """
    name, value = answer(said)
    if name != "account_id" or not value:
        raise UsageError("Say account_id=COLUMN: all else of this export is known.")
    headings = [one.heading for one in found.groups]
    return replace(found, account=meant_heading(headings, value))


def events_text(found: EventGuess) -> str:
    """The tool's mapping with the account's column, as TOML; a person may edit it."""
    text = found.mapping.replace(toml_text(found.asked), toml_text(found.account or ""))
    return f"# Made by `csw import --interactive` out of the mapping {found.tool}.\n{text}"


def _proposed(found: EventGuess) -> EventGuess:
    """Those that may be the account in order; the first is taken where it stands out."""
    ranked = sorted(found.groups, key=lambda one: one.likeliness, reverse=True)
    best, second, *_ = (*(one.likeliness for one in ranked), 0.0, 0.0)
    account = ranked[0].heading if best > second else found.given
    return replace(found, groups=tuple(ranked), account=account)


def _exports() -> Iterator[tuple[Path, FileMapping]]:
    """The mappings that come with the program, of events that name their account themselves."""
    for path in shipped_mappings().values():
        for file in shipped_mapping(path).files:
            if file.event_id and not file.rules["account_id"].lookup:
                yield path, file


def _is_export(file: FileMapping, table: TableFile) -> bool:
    """Whether all that the mapping asks for is there, but for the account."""
    lacking = [name for name in file.headings if heading_of(name, table.headings) is None]
    return lacking in ([], [_account(file)])


def _account(file: FileMapping) -> str:
    """The names that a mapping of events has for the account's column."""
    return file.rules["account_id"].columns[0]


def _used(file: FileMapping, table: TableFile) -> Iterator[str]:
    """The headings that the mapping makes something of, but for the account."""
    for name in file.headings:
        if name != _account(file) and (there := heading_of(name, table.headings)):
            yield there
