"""Give one person's accounts, and all that hangs on them, to another: for good or for a while."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cs_workbench.core.contact_caps import Outreach, free_again
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.hand_overs import (
    BookEntry,
    HandedAccount,
    HandOverPlan,
    Introduction,
    Moving,
    needing_human,
)
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import Contact
from cs_workbench.core.playbooks.model import Playbook
from cs_workbench.core.plays.model import Entry, Play
from cs_workbench.core.plays.road import advance
from cs_workbench.core.plurals import counted
from cs_workbench.errors import UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.hand_overs import (
    BEGUN,
    HandOver,
    accounts_of,
    book_entries,
    csms_of,
    moved_text,
    new_hand_over,
    owned_things,
    owners_now,
    staying_things,
    waiting_hand_overs,
)
from cs_workbench.store.kept import read_kept
from cs_workbench.store.outreach import preferred_channel, read_outreach
from cs_workbench.store.people import find_person
from cs_workbench.store.plays import keep_playbook, new_entry, new_play, play_changes, running_play
from cs_workbench.workflows.play_moments import moment_of
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.policies import contact_policy
from cs_workbench.workflows.tasks import By

PLAYBOOK = "hand-over"
ROLES = ("champion", "sponsor", "decision maker")
CHANNEL = "email"
KIND = "give"
Moved = tuple[str, str, str]


@dataclass(frozen=True)
class Wish:
    """Who gives what to whom, as it was asked for.

    Attributes:
        account_keys: None for everything that the giver has.
        begins_on: the first day; None for today.
        until: the last day of a cover, after which everything goes back; None for good.
    """

    giver: str
    taker: str
    account_keys: Sequence[int] | None = None
    begins_on: dt.date | None = None
    until: dt.date | None = None


def plan_hand_over(db: Database, today: dt.date, wish: Wish) -> HandOverPlan:
    """What a hand-over would move, what stays, and what needs a human; nothing is written.

    Raises:
        NotFoundError: one of the two is not known.
        UsageError: the days do not fit, both are the same person, or there is nothing to move.
    """
    giver, taker = find_person(db, wish.giver), find_person(db, wish.taker)
    begins_on = wish.begins_on or today
    if giver.person_id == taker.person_id:
        raise UsageError(f"{giver.name} has that already. Name somebody else.")
    if begins_on < today:
        raise UsageError(f"{with_weekday(begins_on)} is over. Begin today or later.")
    if wish.until is not None and wish.until < begins_on:
        raise UsageError(f"A cover until {with_weekday(wish.until)} ends before it begins.")
    everything = wish.account_keys is None
    keys = accounts_of(db, giver) if wish.account_keys is None else list(wish.account_keys)
    moving = [
        one
        for one in owned_things(db, giver, keys, everything=everything)
        if wish.until is None or one.kind != "account"  # a cover leaves the account where it is
    ]
    if not moving and (wish.until is None or not keys):
        raise UsageError(f"{giver.name} has nothing there that could move.")
    handed = [_handed(db, one, moving, begins_on) for one in book_entries(db, keys)]
    known = set(keys)
    return HandOverPlan(
        giver=giver,
        taker=taker,
        begins_on=begins_on,
        until=wish.until,
        accounts=tuple(handed),
        elsewhere=tuple(one for one in moving if one.account_key not in known),
        stays=staying_things(db, giver, keys, everything=everything),
    )


def hand_over(db: Database, by: By, wish: Wish) -> str:
    """Move it, in one act that undo takes back, or keep it for its day; returns that in words.

    On each account the play *Hand-over* begins, with the introduction to write.

    Raises:
        NotFoundError, UsageError: as `plan_hand_over`.
    """
    plan = plan_hand_over(db, by.today, wish)
    record = HandOver(
        hand_over_id=new_id(),
        from_person=plan.giver.person_id,
        to_person=plan.taker.person_id,
        begins_on=plan.begins_on,
        until=plan.until,
        accounts=() if wish.account_keys is None else tuple(wish.account_keys),
        moved=(),
        state="planned",
        author=by.actor,
        made_on=by.today,
    )
    if plan.begins_on > by.today:
        summary = f"planned for {with_weekday(plan.begins_on)}: {_told(plan)}"
        return _apply(db, by, summary, [new_hand_over(record)])
    playbook = find_playbook(PLAYBOOK).playbook
    moved, changes = _moves(db, plan, playbook, by)
    begun = replace(record, state="begun", moved=moved, accounts=_keys(plan))
    return _apply(db, by, _told(plan), [new_hand_over(begun), *changes], playbook)


def giver_of(db: Database, account_keys: Sequence[int]) -> str:
    """Whose these accounts are.

    Raises:
        UsageError: they are of nobody, or of several.
    """
    found = csms_of(db, account_keys)
    if len(found) != 1:
        whose = "nobody's" if not found else f"of {len(found)} CSMs"
        raise UsageError(f"These accounts are {whose}. Hand over those of one CSM at a time.")
    return found[0]


def settle_hand_overs(db: Database, today: dt.date) -> list[str]:
    """Begin what was planned for today, and give back what a cover had; returns it in words."""
    return [
        _begin(db, one, today) if one.state == "planned" else _give_back(db, one, today)
        for one in waiting_hand_overs(db, today)
    ]


def _begin(db: Database, one: HandOver, today: dt.date) -> str:
    """Do what was planned, with what is there on the day."""
    by = By(one.author, today)
    wish = Wish(one.from_person, one.to_person, one.accounts or None, today, one.until)
    try:
        plan = plan_hand_over(db, today, wish)
    except UsageError as problem:  # all of it went elsewhere meanwhile, or the cover is over
        return _apply(db, by, f"hand-over dropped: {problem}", _state(one, "over", today))
    playbook = find_playbook(PLAYBOOK).playbook
    moved, changes = _moves(db, plan, playbook, by)
    values = {"accounts": list(_keys(plan)), "moved": moved_text(moved)}
    changes += [
        *_state(one, "begun", today),
        *(
            Change("hand_over", one.hand_over_id, name, new=str(value))
            for name, value in values.items()
        ),
    ]
    return _apply(db, by, _told(plan), changes, playbook)


def _give_back(db: Database, one: HandOver, today: dt.date) -> str:
    """What the cover still has goes back; what it gave away or did stays so."""
    giver, taker = find_person(db, one.from_person), find_person(db, one.to_person)
    now = owners_now(db, one.moved)
    names = {taker.person_id, taker.name}
    changes = [
        Change(entity, row_id, field, new=giver.name, effective_on=today.isoformat())
        for entity, row_id, field in one.moved
        if field != BEGUN and now.get((entity, row_id)) in names
    ]
    count = len(changes)
    for entity, row_id, field in one.moved:
        if field == BEGUN and (entity, row_id) in now:
            values = {
                "state": "completed",
                "ended_on": today,
                "reason": f"{giver.name} is back",
            }
            changes += play_changes(row_id, today, **values)
    summary = f"cover is over: {count} things back with {giver.name}, from {taker.name}"
    return _apply(db, By(one.author, today), summary, [*_state(one, "over", today), *changes])


def _moves(
    db: Database, plan: HandOverPlan, playbook: Playbook, by: By
) -> tuple[tuple[Moved, ...], list[Change]]:
    """Every new owner, and the play that begins on each account."""
    day = plan.begins_on.isoformat()
    moved: list[Moved] = [(one.entity, one.row_id, one.field) for one in plan.moving]
    changes = [
        Change(one.entity, one.row_id, one.field, new=_owner(plan, one), effective_on=day)
        for one in plan.moving
    ]
    for account in plan.accounts:
        started = _play(db, plan, account, playbook, by)
        if started:
            moved.append(("play", started[0].entity_id, BEGUN))
            changes += started
    return tuple(moved), changes


def _owner(plan: HandOverPlan, one: Moving) -> str:
    """The CSM of an account is a person's id; other owners are names, as people type them."""
    return plan.taker.person_id if one.kind == "account" else plan.taker.name


def _play(
    db: Database, plan: HandOverPlan, account: HandedAccount, playbook: Playbook, by: By
) -> list[Change]:
    """The play of one account, its first step answered; nothing where one runs already.

    Who is only covered for is not introduced to customers with whom nothing is open.
    """
    key = account.entry.account_key
    is_idle = plan.until is not None and not account.moving
    if is_idle or running_play(db, key, playbook.playbook_id) is not None:
        return []
    until = plan.until.isoformat() if plan.until else ""
    play = Play(
        play_id=new_id(),
        account_key=key,
        playbook_id=playbook.playbook_id,
        version=playbook.version,
        digest=playbook.digest,
        state="active",
        evidence=_told(plan),
        signal_on=None,
        suggested_on=None,
        started_on=plan.begins_on,
        ended_on=None,
        owner=plan.taker.name,
        reason="",
    )
    handed = Entry(
        playbook.steps[0].step_id,
        "done",
        plan.begins_on,
        {"colleague": plan.giver.name, "cover_until": until},
        actor=by.actor,
    )
    moved, _ = advance(playbook, {handed.step_id: handed}, moment_of(db, play, by.today))
    entries = [handed, *moved, *_put_off(playbook, account, by)]
    return [
        new_play(play),
        *(new_entry(new_id(), play.play_id, entry, by.today) for entry in entries),
    ]


def _put_off(playbook: Playbook, account: HandedAccount, by: By) -> Iterable[Entry]:
    """The letter waits until the contact cap has room."""
    free_on = account.introduction.free_on
    if free_on is None:
        return
    for step in playbook.steps:
        if step.message is not None:
            yield Entry(step.step_id, "snoozed", snoozed_until=free_on, actor=by.actor)


def _handed(db: Database, entry: BookEntry, moving: Sequence[Moving], on: dt.date) -> HandedAccount:
    letter = _introduction(db, entry.account_key, on)
    said = with_weekday(letter.free_on) if letter.free_on else ""
    mine = tuple(one for one in moving if one.account_key == entry.account_key)
    return HandedAccount(entry, mine, letter, needing_human(entry, letter, on, said))


def _introduction(db: Database, account_key: int, on: dt.date) -> Introduction:
    """Whom the new owner writes to: the champion, else who is next above."""
    there = [
        one
        for one in read_kept(db, Contact, account_key)
        if one.left_on is None or one.left_on > on
    ]
    by_role = {role: one for role in reversed(ROLES) for one in there if one.role == role}
    contact = next((by_role[role] for role in ROLES if role in by_role), None)
    if contact is None:
        return Introduction("", refusal="nobody is known to introduce oneself to")
    if contact.opted_out:
        refusal = f"{contact.name} opted out: introduce yourself when they write"
        return Introduction(contact.name, refusal=refusal)
    channel = (preferred_channel(db, account_key, contact.contact_id) or CHANNEL).casefold()
    policy = contact_policy()
    before = read_outreach(db, account_key, on - dt.timedelta(policy.days))
    planned = Outreach(on, channel, contact.contact_id, KIND)
    return Introduction(contact.name, channel, free_on=free_again(policy, before, planned))


def _keys(plan: HandOverPlan) -> tuple[int, ...]:
    return tuple(one.entry.account_key for one in plan.accounts)


def _told(plan: HandOverPlan) -> str:
    count = len(plan.accounts)
    accounts = f"{counted(count, 'account')}"
    things = sum(one.kind != "account" for one in plan.moving)
    what = f"{accounts} and {counted(things, 'thing')} on them"
    names = f"from {plan.giver.name} to {plan.taker.name}"
    if plan.until is None:
        return f"handed over {what} {names}"
    return f"cover of {what} {names} until {with_weekday(plan.until)}"


def _state(one: HandOver, state: str, today: dt.date) -> list[Change]:
    day = today.isoformat()
    return [Change("hand_over", one.hand_over_id, "state", new=state, effective_on=day)]


def _apply(
    db: Database, by: By, summary: str, changes: Iterable[Change], playbook: Playbook | None = None
) -> str:
    """One act; a playbook that its plays rest on is kept along with it."""
    with write(db) as connection:
        if playbook is not None:
            keep_playbook(connection, playbook)
        apply_changes(connection, actor=by.actor, summary=summary, changes=changes)
    return summary
