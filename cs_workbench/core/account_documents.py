"""The page of an account as JSON tells it; `docs/json.md` explains the keys."""

import datetime as dt
from decimal import Decimal
from typing import Any

from cs_workbench.core.account_page import AccountPage, PageSubscription, UsageHistory
from cs_workbench.core.account_records import account_record, in_points, rating_record
from cs_workbench.core.health import Contribution
from cs_workbench.core.money import to_major
from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.core.summary_records import family_record
from cs_workbench.core.timeline import TimelineEntry

ACCOUNT_SCHEMA = "csw.account/1"


def account_document(page: AccountPage, *, entries: int) -> dict[str, Any]:
    """Everything about one account, with the newest entries of its timeline."""
    health = page.health
    renewal = page.renewal
    return {
        "schema": ACCOUNT_SCHEMA,
        "as_of": page.line.as_of,
        "today": page.today,
        "account": {
            **account_record(page.line, page.today),
            "domain": page.domain,
            "started_on": page.started_on,
            "auto_renew": None if renewal is None else renewal.auto_renew,
            "commit_by": None if renewal is None else renewal.commit_by,
            "causes": list(page.line.causes),
            "parent_account_id": page.family.parent_id,
            "parent_name": page.family.parent_name,
            "children": page.family.children,
        },
        "contributions": [] if health is None else [_part(one) for one in health.contributions],
        "ratings": [rating_record(one) for one in page.ratings],
        "subscriptions": [_subscription(one) for one in page.subscriptions],
        "contacts": [_contact(one) for one in page.contacts],
        "promises": [_promise(one, page.today) for one in page.promises],
        "usage": [_usage(one) for one in page.usage],
        "timeline": [_entry(one) for one in page.timeline[:entries]],
        "timeline_total": len(page.timeline),
        "family": None if page.rolled is None else family_record(page.rolled),
    }


def _part(one: Contribution) -> dict[str, Any]:
    return {
        "measure": one.measure_id,
        "label": one.label,
        "dimension": one.dimension,
        "weight": one.weight,
        "value": None if one.value is None else Decimal(str(one.value)),
        "value_text": one.value_text,
        "target_text": one.target_text,
        "points": in_points(one.points_e4),
        "possible": in_points(one.possible_e4),
        "age_days": one.age_days,
        "is_stale": one.is_stale,
        "applies": one.applies,
    }


def _subscription(one: PageSubscription) -> dict[str, Any]:
    held = one.contract
    return {
        "subscription_id": held.subscription_id,
        "product": held.product,
        "plan": one.plan,
        "seats": held.seats,
        "arr": to_major(held.arr_minor, held.currency),
        "is_billed": held.is_billed,
        "currency": held.currency,
        "start_date": held.start_date,
        "end_date": held.end_date,
        "notice_days": held.notice_days,
        "auto_renew": held.auto_renew,
        "is_trial": held.is_trial,
        "cancelled_on": held.cancelled_on,
        "in_force": one.in_force,
    }


def _contact(one: PageContact) -> dict[str, Any]:
    return {
        "contact_id": one.contact_id,
        "name": one.name,
        "role": one.role,
        "title": one.title,
        "email": one.email,
        "preferred_channel": one.preferred_channel,
        "opted_out": one.opted_out,
        "left_on": one.left_on,
        "last_two_way_on": one.last_on,
    }


def _promise(one: PagePromise, today: dt.date) -> dict[str, Any]:
    return {
        "promised_by": "us" if one.by_us else "customer",
        "what": one.what,
        "owner": one.owner,
        "made_on": one.made_on,
        "due_on": one.due_on,
        "days_late": max(0, (today - one.due_on).days) if one.due_on else None,
    }


def _usage(one: UsageHistory) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "label": one.label,
        "unit": one.unit,
        "newest": one.newest,
        "recent": one.recent,
        "base": one.base,
        "change": one.change,
        "weeks": [
            {"week_ending": end, "mean_a_day": level}
            for end, level in zip(one.ends, one.levels, strict=True)
        ],
    }


def _entry(one: TimelineEntry) -> dict[str, Any]:
    return {"on": one.on, "kind": one.kind, "text": one.text, "who": one.who, "loud": one.loud}
