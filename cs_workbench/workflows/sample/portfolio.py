"""The whole invented book: the accounts with a story, and the ordinary ones around them."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from cs_workbench.workflows.sample import words
from cs_workbench.workflows.sample.profile import (
    FIRST_DAY,
    HEADINGS,
    TODAY,
    Mood,
    NextStep,
    Profile,
    Rows,
    Turn,
)
from cs_workbench.workflows.sample.rows import account_rows
from cs_workbench.workflows.sample.stories import STORIES

# How the ordinary accounts feel: six in ten are fine, one in twenty is in trouble.
MOODS: tuple[tuple[Mood, int], ...] = (
    ("thriving", 38),
    ("steady", 27),
    ("recovering", 14),
    ("wavering", 18),
    ("sinking", 12),
    ("silent", 6),
    ("gone", 9),
)


@dataclass(frozen=True)
class Range:
    """What a mood does to an account: bounds to draw from."""

    used: tuple[float, float]
    ends_at: tuple[float, float]
    contact_every: tuple[int, int]
    last_contact: tuple[int, int]
    tickets: tuple[float, float]
    nps: tuple[int, int]


RANGES: dict[Mood, Range] = {
    "thriving": Range((0.78, 0.97), (1.02, 1.25), (14, 28), (1, 12), (0, 4), (9, 10)),
    "steady": Range((0.6, 0.85), (0.92, 1.06), (18, 36), (2, 28), (1, 6), (7, 9)),
    "recovering": Range((0.6, 0.8), (0.42, 0.6), (14, 24), (2, 15), (2, 7), (7, 8)),
    "wavering": Range((0.45, 0.62), (0.48, 0.64), (30, 50), (26, 60), (5, 12), (5, 7)),
    "sinking": Range((0.5, 0.75), (0.28, 0.45), (45, 80), (40, 95), (10, 18), (1, 5)),
    "silent": Range((0.5, 0.7), (1.0, 1.0), (60, 90), (95, 180), (0, 1), (7, 8)),
    "gone": Range((0.3, 0.6), (0.3, 0.6), (45, 70), (20, 60), (6, 14), (2, 7)),
}
SEATS = {"enterprise": (180, 600), "mid-market": (40, 160), "smb": (5, 30)}
PRICE = {"enterprise": (620, 900), "mid-market": (480, 700), "smb": (300, 480)}


def profiles(seed: int) -> tuple[Profile, ...]:
    """All accounts, those with a story first."""
    moods = [mood for mood, count in MOODS for _ in range(count)]
    rng = random.Random(seed)
    rng.shuffle(moods)
    near = rng.sample(words.COMPANIES, k=len(moods) - len(words.FAR_COMPANIES))
    names = rng.sample([*words.FAR_COMPANIES, *near], k=len(moods))
    first = len(STORIES) + 1
    ordinary = [
        _ordinary(f"A{number:03d}", name, mood, random.Random(f"{seed}:{number}"))
        for number, (name, mood) in enumerate(zip(names, moods, strict=True), start=first)
    ]
    return (*STORIES, *ordinary)


def portfolio_rows(seed: int) -> Rows:
    """The rows of every account, by kind."""
    rows: Rows = {kind: [] for kind in HEADINGS}
    for profile in profiles(seed):
        for kind, found in account_rows(profile, seed).items():
            rows[kind] += found
    return rows


def _ordinary(account_id: str, name: str, mood: Mood, rng: random.Random) -> Profile:
    bounds = RANGES[mood]
    segment = rng.choices(("enterprise", "mid-market", "smb"), (2, 5, 6))[0]
    region = rng.choices(("EMEA", "AMER", "APAC"), (5, 3, 2))[0]
    seats = rng.randint(*SEATS[segment])
    end, cancelled = _end(mood, rng)
    started = _started(end, rng)
    form = rng.choice(words.FORMS[region]) if name.isascii() and region in words.FORMS else ""
    last_contact = rng.randint(*bounds.last_contact)
    return Profile(
        account_id=account_id,
        name=f"{name} {form}".strip(),
        segment=segment,
        industry=rng.choice(words.INDUSTRIES),
        region=region,
        csm=rng.choices(words.TEAM, (26, 36, 36, 30))[0],
        stage=_stage(mood, started, end),
        started_on=started,
        end_date=end,
        arr=round(seats * rng.randint(*PRICE[segment]), -2),
        seats=seats,
        seats_used=max(1, round(seats * rng.uniform(*bounds.used))),
        mood=mood,
        turns=tuple(_turns(mood, cancelled or TODAY, rng)),
        silent_from=TODAY - dt.timedelta(days=rng.randint(30, 80)) if mood == "silent" else None,
        contact_every=rng.randint(*bounds.contact_every),
        last_contact=last_contact,
        tickets_a_year=rng.uniform(*bounds.tickets) * (0.5 if segment == "smb" else 1),
        nps=rng.randint(*bounds.nps) if mood != "silent" else None,
        notice_days={"enterprise": 60, "mid-market": 60, "smb": 30}[segment],
        auto_renew=rng.random() < 0.7,
        cancelled_on=cancelled,
        next_step=_next_step(mood, last_contact, rng),
        parent=words.PARENTS.get(name, ""),
    )


def _end(mood: Mood, rng: random.Random) -> tuple[dt.date, dt.date | None]:
    """The last day of the current term and, for one that left, the first day without it."""
    if mood == "gone":
        day = _early_in_month(TODAY - dt.timedelta(days=rng.randint(50, 420)))
        return day, day + dt.timedelta(days=1)
    if mood == "sinking":
        days = rng.randint(75, 170)
    elif mood == "wavering":
        days = rng.randint(70, 200)
    else:
        days = rng.randint(110 if rng.random() < 0.85 else 30, 340)
    return _early_in_month(TODAY + dt.timedelta(days=days)), None


def _early_in_month(day: dt.date) -> dt.date:
    """A day whose successor every month has, so that terms are whole years."""
    return day.replace(day=min(day.day, 27))


def _started(end: dt.date, rng: random.Random) -> dt.date:
    first = end + dt.timedelta(days=1)
    return first.replace(year=first.year - rng.choice((1, 2, 2, 3, 3, 4, 5, 7)))


def _stage(mood: Mood, started: dt.date, end: dt.date) -> str:
    if mood == "gone":
        return "churned"
    if (TODAY - started).days < 90:
        return "onboarding"
    if (TODAY - started).days < 270:
        return "adopting"
    return "renewing" if (end - TODAY).days < 60 else "mature"


def _turns(mood: Mood, last: dt.date, rng: random.Random) -> Iterator[Turn]:
    """A ramp over the whole time for slow moods; a fall of some weeks for those that sink."""
    final = rng.uniform(*RANGES[mood].ends_at)
    if mood in {"sinking", "gone"}:
        fall = last - dt.timedelta(days=rng.randint(30, 60))
        yield Turn(fall, 1.0)
        yield Turn(min(fall + dt.timedelta(days=25), last), final)
    elif mood == "recovering":
        low = last - dt.timedelta(days=rng.randint(48, 75))
        yield Turn(low - dt.timedelta(days=45), 1.0)
        yield Turn(low, final)
        yield Turn(last - dt.timedelta(days=rng.randint(24, 38)), final)
        yield Turn(last - dt.timedelta(days=rng.randint(3, 10)), 1.0)
    elif mood == "wavering":
        yield Turn(last - dt.timedelta(days=rng.randint(45, 100)), 1.0)
        yield Turn(last, final)
    else:
        yield Turn(FIRST_DAY, 2 - final)
        yield Turn(last, 1.0)


def _next_step(mood: Mood, last_contact: int, rng: random.Random) -> NextStep | None:
    if mood in {"gone", "silent"} or rng.random() < 0.45:
        return None
    due = TODAY + dt.timedelta(days=rng.choice((1, 3, 4, 7, 8, 11, 15, 17, 22)))
    set_on = TODAY - dt.timedelta(days=min(20, last_contact))
    return NextStep(rng.choice(words.NEXT_STEPS), due, set_on)
