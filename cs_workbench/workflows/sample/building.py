"""Build the sample: what its accounts' systems would export goes through the real import."""

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from cs_workbench.errors import ConflictError, ForeignFileError
from cs_workbench.store.backup import copy_verified
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.sample import compact, date_acts, date_imports, date_refreshes, name_plays
from cs_workbench.store.settings import sample_today, set_setting
from cs_workbench.store.signals import list_signals
from cs_workbench.store.undo import last_undoable
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.loyalty import score_loyalty
from cs_workbench.workflows.next_steps import set_next_step
from cs_workbench.workflows.sample.judgements import say_all
from cs_workbench.workflows.sample.meetings import hold_meeting
from cs_workbench.workflows.sample.memories import remember_all
from cs_workbench.workflows.sample.plays import walk_plays
from cs_workbench.workflows.sample.portfolio import portfolio_rows, profiles
from cs_workbench.workflows.sample.profile import FIRST_DAY, HEADINGS, TODAY, Profile, Rows
from cs_workbench.workflows.sample.signal_acts import ACTS, Act
from cs_workbench.workflows.sample.words import TEAM
from cs_workbench.workflows.scoring import backfill, refresh
from cs_workbench.workflows.signals import resolve_signal, snooze_signal
from cs_workbench.workflows.suggesting import suggest_plays

ACTOR = "nightly job"
SCORED_FROM = FIRST_DAY + dt.timedelta(weeks=4)
WEEKLY_FROM = TODAY - dt.timedelta(weeks=21)
WATCHED_FROM = TODAY - dt.timedelta(weeks=12)
WEEK = dt.timedelta(weeks=1)
LOADED_AT = f"{TODAY.isoformat()}T02:04:00Z"
PEOPLE_AT = f"{FIRST_DAY.isoformat()}T02:04:00Z"

Progress = Callable[[int, int], None]


def build_sample(path: Path, *, seed: int, progress: Progress | None = None) -> int:
    """Build the sample portfolio at `path`; returns how many accounts it has.

    The same seed gives the same rows, down to ids and instants.

    Args:
        path: an older sample there is replaced.
        seed: of everything that is left to chance.
        progress: told about the weeks that are scored.

    Raises:
        ConflictError: a file that is no sample is in the way; it is untouched.
    """
    _check_place(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        files = write_files(Path(folder) / "exports", portfolio_rows(seed))
        with open_database(Path(folder) / "sample.db", create=True) as db:
            import_paths(db, [files], actor=ACTOR)
            date_imports(db, loaded_at=LOADED_AT, people_at=PEOPLE_AT)
            csms = {one.account_id: one.csm for one in profiles(seed)}
            acts = say_all(db, csms)
            date_acts(db, {**acts, **remember_all(db, csms)})
            _score_the_past(db, progress)
            acts = {**_watch(db), **_set_next_steps(db, profiles(seed))}
            acts |= walk_plays(db)
            name_plays(db)
            for weeks in range(8, -1, -2):
                score_loyalty(db, as_of=TODAY - weeks * WEEK)
            refresh(db, as_of=TODAY, actor=ACTOR)  # with what people wrote down meanwhile
            with write(db) as connection:
                set_setting(connection, "sample_today", TODAY.isoformat())
                set_setting(connection, "sample_me", TEAM[0])
            date_refreshes(db, LOADED_AT)
            date_acts(db, acts)
            compact(db)
            copy_verified(db.connection, path)
    return len(profiles(seed))


def write_files(folder: Path, rows: Rows) -> Path:
    """The rows as native CSV files."""
    folder.mkdir()
    for kind, headings in HEADINGS.items():
        with (folder / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, headings, restval="")
            writer.writeheader()
            writer.writerows(rows[kind])
    return folder


def _check_place(path: Path) -> None:
    if not path.exists():
        return
    with tempfile.TemporaryDirectory() as folder:  # opening may migrate, and leaves a lock behind
        copy = Path(shutil.copy(path, folder))
        try:
            with open_database(copy) as db:
                is_sample = sample_today(db) is not None
        except ForeignFileError:
            is_sample = False
    if not is_sample:
        raise ConflictError(f"{path} is not sample data and was left alone. Choose another --out.")


def _score_the_past(db: Database, progress: Progress | None) -> None:
    """Every week of late, and every four weeks before, which keeps the file small.

    The late ones come first: only the newest day of all may raise signals.
    """
    backfill(db, start=WEEKLY_FROM, end=WATCHED_FROM, actor=ACTOR, progress=progress)
    before = WEEKLY_FROM - 4 * WEEK
    backfill(db, start=SCORED_FROM, end=before, every_days=28, actor=ACTOR, progress=progress)


def _watch(db: Database) -> Mapping[str, str]:
    """Refresh week by week, as the nightly job did, while people deal with some of the signals.

    Gives the instant of each change set.
    """
    acts: dict[str, str] = {}
    day = WATCHED_FROM
    while day < TODAY:
        day += WEEK
        refresh(db, as_of=day, actor=ACTOR)
        suggest_plays(db, today=day)
        hold_meeting(db, day)
        for act in ACTS:
            if act.on == day:
                acts |= _act(db, act, len(acts))
    return acts


def _act(db: Database, act: Act, number: int) -> Mapping[str, str]:
    """What a person does about an account's open signal of a kind, if there is one."""
    open_ones = list_signals(db, today=act.on, kind=act.kind)
    signal = next((one for one in open_ones if one.account_id == act.account_id), None)
    if signal is None:  # by another seed the account may have given no cause
        return {}
    if act.until is None:
        resolve_signal(db, signal.signal_id, reason=act.why, actor=act.actor, today=act.on)
    else:
        snooze_signal(db, signal.signal_id, until=act.until, actor=act.actor, today=act.on)
    done = last_undoable(db, act.actor)
    assert done is not None
    return {done.change_set_id: f"{act.on.isoformat()}T09:{number:02}:00Z"}


def _set_next_steps(db: Database, accounts: tuple[Profile, ...]) -> Mapping[str, str]:
    """Set them in the order of their days; gives the instant of each change set."""
    keys = {
        row["account_id"]: row["account_key"]
        for row in db.connection.execute("SELECT account_id, account_key FROM account")
    }
    acts = {}
    planned = [(one.next_step.set_on, one) for one in accounts if one.next_step is not None]
    for number, (day, profile) in enumerate(sorted(planned, key=lambda pair: pair[0])):
        step = profile.next_step
        if step is None:
            continue
        set_next_step(
            db,
            [keys[profile.account_id]],
            text=step.text or None,
            owner=profile.csm,
            due=step.due,
            actor=profile.csm,
            today=day,
        )
        act = last_undoable(db, profile.csm)
        if act is not None:
            acts[act.change_set_id] = f"{day.isoformat()}T15:{number // 60:02}:{number % 60:02}Z"
    return acts
