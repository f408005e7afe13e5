"""Concessions: propose one, have it approved where it passes the limit, say what came of it."""

import datetime as dt
from dataclasses import replace

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.authority import (
    Authority,
    approvers,
    authority_of,
    given_lately,
    may_decide,
)
from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import Concession
from cs_workbench.core.memory_words import tell_concession, told_cost
from cs_workbench.core.money import short
from cs_workbench.core.today import Item
from cs_workbench.errors import ConflictError, UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.database import Database
from cs_workbench.store.kept import read_kept, read_one
from cs_workbench.store.people import role_of
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.policies import authorities
from cs_workbench.workflows.remembering import remember, revise

DECIDED_WITHIN = 2  # days; who asks on a customer's behalf is not kept waiting
COST_UNKNOWN = "Say what it costs us, as a number: 1200 or 1200.50."


def propose(
    db: Database, act: Act, *, kind: str, reason: str, cost_minor: int | None
) -> tuple[str, str]:
    """Write a concession down; within the author's limit it is approved at once.

    Returns what was done, and where it has to go next, both in words.

    Raises:
        UsageError: there is no such kind, no reason, or no cost.
    """
    row = proposal(db, act, kind=kind, reason=reason, cost_minor=cost_minor)
    return remember(db, act, row), _where_next(db, act, row)


def proposal(
    db: Database, act: Act, *, kind: str, reason: str, cost_minor: int | None
) -> Concession:
    """A concession as it stands within the author's limit, not yet written down.

    Raises:
        UsageError: there is no cost.
    """
    if cost_minor is None or cost_minor < 0:
        raise UsageError(COST_UNKNOWN)
    (account,) = account_lines(db, [act.account_key], today=act.today, me=act.actor)
    own = authority_of(authorities(), role_of(db, act.actor))
    before = given_lately(read_kept(db, Concession, act.account_key), act.today)
    alone = may_decide(own, cost_minor=cost_minor, before_minor=before, arr_minor=account.arr_minor)
    return Concession(
        concession_id=new_id(),
        account_key=act.account_key,
        kind=kind,
        reason=reason,
        cost_minor=cost_minor,
        currency=account.currency,
        state="approved" if alone else "proposed",
        asked_on=act.today,
        limit_role=own.role,
        limit_minor=own.limit_minor(account.arr_minor),
        decided_by=act.actor if alone else None,
        decided_on=act.today if alone else None,
        author=act.actor,
    )


def _where_next(db: Database, act: Act, row: Concession) -> str:
    """Who has to decide on a proposal; empty where it is decided."""
    if row.state == "approved":
        return ""
    (account,) = account_lines(db, [act.account_key], today=act.today, me=act.actor)
    roles = authorities()
    others = [
        one
        for one in read_kept(db, Concession, act.account_key)
        if one.concession_id != row.concession_id
    ]
    able = approvers(
        roles,
        cost_minor=row.cost_minor,
        before_minor=given_lately(others, act.today),
        arr_minor=account.arr_minor,
    )
    return _above(authority_of(roles, role_of(db, act.actor)), able, account)


def decide(db: Database, act: Act, concession_id: str, *, state: str) -> str:
    """Approve or decline a concession that was proposed; returns that in words.

    Raises:
        ConflictError: it is not waiting, or is above the limit of who approves it.
    """
    before = read_one(db, Concession, concession_id)
    if before.state != "proposed":
        raise ConflictError(f"It is {before.state} already; z undoes that.")
    if state == "approved":
        _check_limit(db, act, before)
    after = replace(before, state=state, decided_by=act.actor, decided_on=act.today)
    return revise(db, act, before, after, tell_concession(after))


def awaiting_approval(db: Database, today: dt.date, me: str | None) -> list[Item]:
    """Concessions that wait for somebody of this person's role; for anybody, where me is None."""
    kept = read_kept(db, Concession)
    waiting = [one for one in kept if one.state == "proposed"]
    if not waiting:
        return []
    keys = sorted({one.account_key for one in waiting})
    accounts = {one.account_key: one for one in account_lines(db, keys, today=today, me=me or "")}
    own = None if me is None else authority_of(authorities(), role_of(db, me))
    found = []
    for one in waiting:
        account = accounts[one.account_key]
        given = [each for each in kept if each.account_key == one.account_key]
        before = given_lately(given, today)
        paid = account.arr_minor
        if own and not may_decide(
            own, cost_minor=one.cost_minor, before_minor=before, arr_minor=paid
        ):
            continue
        found.append(
            Item(
                kind="approval",
                ref=one.concession_id,
                what=f"approve {told_cost(one)}: {one.reason}",
                account_key=account.account_key,
                account_id=account.account_id,
                name=account.name,
                due=one.asked_on + dt.timedelta(DECIDED_WITHIN),
                arr_minor=paid,
                currency=account.currency,
                band=account.band,
            )
        )
    return found


def give(db: Database, act: Act, concession_id: str, on: dt.date | None) -> str:
    """Say that the customer has received it; returns that in words.

    Raises:
        ConflictError: it is not approved.
    """
    before = read_one(db, Concession, concession_id)
    if before.state != "approved":
        raise ConflictError(f"It is {before.state}; only what is approved is given.")
    after = replace(before, state="given", given_on=on or act.today)
    return revise(db, act, before, after, tell_concession(after))


def note_outcome(db: Database, act: Act, concession_id: str, outcome: str) -> str:
    """Say what came of a concession; returns that in words."""
    before = read_one(db, Concession, concession_id)
    after = replace(before, outcome=outcome, outcome_on=act.today)
    return revise(db, act, before, after, f"outcome of {before.kind}: {outcome}")


def _check_limit(db: Database, act: Act, concession: Concession) -> None:
    (account,) = account_lines(db, [concession.account_key], today=act.today, me=act.actor)
    roles = authorities()
    own = authority_of(roles, role_of(db, act.actor))
    able = approvers(
        roles,
        cost_minor=concession.cost_minor,
        before_minor=given_lately(read_kept(db, Concession, concession.account_key), act.today),
        arr_minor=account.arr_minor,
    )
    if own.role not in able:
        raise ConflictError(_above(own, able, account))


def _above(own: Authority, able: tuple[str, ...], account: AccountLine) -> str:
    minor = own.limit_minor(account.arr_minor)
    limit = f"{short(minor, account.currency) if minor else 'nothing'} a year"
    if account.arr_minor is None:
        limit = "a share of the ARR, which is not known"
    who = able[0] if able else "nobody by the policy"
    return f"Above the limit of {own.role} ({limit}); {who} can approve it."
