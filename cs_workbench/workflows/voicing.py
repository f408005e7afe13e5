"""The voice of the customers: figures, themes, what waits for an answer, and who is silent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cs_workbench.core import voice
from cs_workbench.core.complaints import WEIGHTS
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import SEVERITIES, ImposedChange
from cs_workbench.core.money import ranked_by
from cs_workbench.core.themes import Comment, Theme
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.kept import contact_names, read_kept
from cs_workbench.store.typical_arr import typical_arr
from cs_workbench.store.voice import (
    Mention,
    Payer,
    count_invitations,
    last_heard,
    payers,
    read_answers,
    read_mentions,
    theme_name_ids,
    theme_names,
)
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import apply_act, one_line

QUEUE_DAYS = 365  # what is older is not answered any more
SILENT_DAYS = 180


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Feedback that nobody answered, with its account and its age in days."""

    answer: voice.Answer
    account: Payer
    age: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A customer from whom nothing has come for long; `days` None: never."""

    account: Payer
    days: int | None


@dataclass(frozen=True, slots=True)
class KnownChange:
    """What we imposed on customers from one day on, and on which accounts."""

    on: dt.date
    kind: str
    what: str
    accounts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A mention with the factors of its priority: their product.

    Attributes:
        severity, unhappiness: 1, 2, 4, 8, and 1 (happy) to 5; `arr` in thousands, at least 1.
    """

    mention: Mention
    account: Payer | None
    severity: int
    unhappiness: int
    arr: int

    @property
    def priority(self) -> int:
        """Sentiment × severity × ARR."""
        return self.severity * self.unhappiness * self.arr


def figures(
    db: Database, *, today: dt.date, days: int = voice.WINDOW, account_key: int | None = None
) -> list[voice.Figure]:
    """NPS, CSAT and CES of the last days."""
    since = today - dt.timedelta(days)
    answers = read_answers(db, since=since, until=today, account_key=account_key)
    every = payers(db)
    arr = {key: one.arr_minor for key, one in every.items() if one.arr_minor is not None}
    found = []
    for kind in voice.KINDS:
        latest = voice.latest_answers(answers, kind, after=since, until=today)
        asked = count_invitations(db, kind, since=since, until=today, account_key=account_key)
        found.append(voice.figure_of(kind, latest, asked=asked, arr=arr))
    return found


def account_voice(db: Database, account_key: int, *, today: dt.date) -> voice.AccountVoice:
    """What one account answered in a year, with the names of its people."""
    since = today - dt.timedelta(QUEUE_DAYS)
    answers = read_answers(db, since=since, until=today, account_key=account_key)
    found = figures(db, today=today, days=QUEUE_DAYS, account_key=account_key)
    return voice.AccountVoice(
        tuple(found), tuple(reversed(answers)), contact_names(db, account_key)
    )


def compare(
    db: Database,
    *,
    on: dt.date,
    days: int,
    account_key: int | None = None,
    accounts: Collection[int] | None = None,
) -> list[voice.BeforeAfter]:
    """Each figure before and after a dated change: of all, of one account, or of some."""
    span = dt.timedelta(days + 1)
    answers = [
        one
        for one in read_answers(db, since=on - span, until=on + span, account_key=account_key)
        if accounts is None or one.account_key in accounts
    ]
    return [voice.before_after(answers, kind, on=on, days=days) for kind in voice.KINDS]


def known_changes(
    db: Database, *, today: dt.date, account_key: int | None = None
) -> list[KnownChange]:
    """What we imposed and what holds by today, the latest first; the same for several is one."""
    found: dict[tuple[dt.date, str, str], set[int]] = defaultdict(set)
    for one in read_kept(db, ImposedChange, account_key):
        found[one.effective_on or one.announced_on, one.kind, one.what].add(one.account_key)
    return sorted(
        (KnownChange(*what, frozenset(keys)) for what, keys in found.items() if what[0] <= today),
        key=lambda one: (one.on, len(one.accounts), one.what),
        reverse=True,
    )


def themes(
    db: Database, *, today: dt.date, days: int, account_key: int | None = None
) -> tuple[list[Theme], Mapping[int, Payer]]:
    """The themes of comments and mentions of the last days, and who the accounts are.

    Raises:
        InputError: the list of words cannot be read.
    """
    from cs_workbench.workflows.voice_themes import find_themes

    since, accounts = today - dt.timedelta(days), payers(db)
    comments = [
        Comment(
            *(one.response_id, one.account_key, one.comment, one.on),
            f"{one.kind.upper()} {one.score}",
            voice.sentiment_of(one.kind, one.score),
            *(accounts[one.account_key].arr_minor, accounts[one.account_key].currency),
        )
        for one in read_answers(db, since=since, until=today, account_key=account_key)
        if one.comment and one.comment.strip()
    ]
    for said in read_mentions(db):
        if since < said.said_on <= today and account_key in {None, said.account_key}:
            whose = accounts.get(said.account_key or 0)
            paid = (whose.arr_minor, whose.currency) if whose else (None, "")
            comments.append(
                Comment(
                    *(said.mention_id, said.account_key or 0, said.text, said.said_on, said.source),
                    *(said.sentiment, *paid),
                )
            )
    return find_themes(comments, theme_names(db)), accounts


def unanswered(db: Database, *, today: dt.date, account_key: int | None = None) -> list[Unanswered]:
    """Feedback that waits: the unhappy first, then by ARR, then the oldest.

    An ARR that is not known counts as the middle of the known ones, here and below.
    """
    since, accounts = today - dt.timedelta(QUEUE_DAYS), payers(db)
    typical = typical_arr(db)
    found = [
        Unanswered(one, accounts[one.account_key], (today - one.on).days)
        for one in read_answers(db, since=since, until=today, account_key=account_key)
        if voice.wants_answer(one)
    ]
    return sorted(
        found,
        key=lambda one: (
            voice.side_of(one.answer.kind, one.answer.score),
            -ranked_by(one.account.arr_minor, one.account.currency, typical),
            -one.age,
        ),
    )


def silent_accounts(
    db: Database, *, today: dt.date, days: int = SILENT_DAYS, account_key: int | None = None
) -> list[Silent]:
    """Customers from whom nothing has come for so many days, the largest first."""
    accounts, typical = payers(db), typical_arr(db)
    found = [
        Silent(accounts[key], None if heard is None else (today - heard).days)
        for key, heard in last_heard(db, today).items()
        if account_key in {None, key} and (heard is None or (today - heard).days >= days)
    ]

    def place(one: Silent) -> tuple[Decimal, str]:
        account = one.account
        return -ranked_by(account.arr_minor, account.currency, typical), account.account_id

    return sorted(found, key=place)


def ranked_mentions(
    db: Database, *, everything: bool = False, account_key: int | None = None
) -> list[Ranked]:
    """What is said elsewhere, by priority; what was handled only where all is wanted."""
    accounts, typical = payers(db), typical_arr(db)
    found = [
        _ranked(one, accounts, typical)
        for one in read_mentions(db)
        if (everything or one.handled_on is None) and account_key in {None, one.account_key}
    ]
    return sorted(found, key=lambda one: (-one.priority, one.mention.mention_id))


def answer_feedback(db: Database, act: Act, response_id: str) -> str:
    """Note that feedback was answered today; returns that in words.

    Raises:
        NotFoundError: there is no such answer.
    """
    summary = f"answered feedback {response_id}"
    apply_act(db, act, summary, answer_changes(act, response_id))
    return summary


def answer_changes(act: Act, response_id: str) -> list[Change]:
    """The changes by which feedback was answered on the day of an act."""
    day = act.today.isoformat()
    return [
        Change("survey_response", response_id, "replied_on", new=day, effective_on=day),
        Change("survey_response", response_id, "replied_by", new=act.actor, effective_on=day),
    ]


def add_mention(db: Database, act: Act, said: Mention) -> str:
    """Write down what was said elsewhere, under a new id; returns that in words.

    Raises:
        UsageError: nothing was said, or there is no such severity or sentiment.
    """
    if said.severity not in SEVERITIES or said.sentiment not in {None, 1, 2, 3, 4, 5}:
        raise UsageError(f"Severity is one of {', '.join(SEVERITIES)}, sentiment from 1 to 5.")
    row: dict[str, Value] = {
        "account_key": said.account_key,
        "source": one_line(said.source, "The source"),
        "url": said.url,
        "said_by": said.said_by,
        "said_on": said.said_on.isoformat(),
        "text": one_line(said.text, "What was said"),
        "sentiment": said.sentiment,
        "severity": said.severity,
    }
    summary = f"mention on {row['source']}, {said.severity}"
    apply_act(db, act, summary, [Change("mention", new_id(), new=row)])
    return summary


def handle_mention(db: Database, act: Act, mention_id: str) -> str:
    """Note that a mention was dealt with today; returns that in words.

    Raises:
        NotFoundError: there is no mention whose id ends so.
    """
    found = [one for one in read_mentions(db) if one.mention_id.endswith(mention_id)]
    if len(found) != 1 or not mention_id:
        raise NotFoundError(f"There is no one mention {mention_id!r}. The list shows their ids.")
    day, whole = act.today.isoformat(), found[0].mention_id
    changes = [
        Change("mention", whole, "handled_on", new=day, effective_on=day),
        Change("mention", whole, "handled_by", new=act.actor, effective_on=day),
    ]
    summary = f"handled the mention on {found[0].source}"
    apply_act(db, act, summary, changes)
    return summary


def rename_theme(db: Database, act: Act, called: str, name: str) -> str:
    """Call a theme by another name; returns that in words.

    Args:
        db: the portfolio.
        act: who and when.
        called: its name by now, or the terms by which it was found.
        name: the new one; themes of one name are one.

    Raises:
        UsageError: there is no name.
    """
    new = one_line(name, "A name")
    changes = [Change("theme_name", one, "name", new=new) for one in theme_name_ids(db, called)]
    if not changes:
        row: dict[str, Value] = {"terms": called, "name": new, "author": act.actor}
        changes = [Change("theme_name", new_id(), new=row)]
    summary = f"theme {called}: {new}"
    apply_act(db, act, summary, changes)
    return summary


def _ranked(one: Mention, accounts: Mapping[int, Payer], typical: Decimal) -> Ranked:
    account = accounts.get(one.account_key) if one.account_key else None
    arr = ranked_by(account.arr_minor, account.currency, typical) if account else Decimal(0)
    thousands = max(1, int(arr // 1_000))
    return Ranked(one, account, WEIGHTS[one.severity], 6 - (one.sentiment or 3), thousands)
