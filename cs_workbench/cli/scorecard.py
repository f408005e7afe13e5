"""`csw scorecard`: the file that says what a score is made of."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cs_workbench.cli.output import Column, print_json, print_table, say, warn
from cs_workbench.cli.scorecard_fit import fit_command
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.config import own_scorecard
from cs_workbench.core.account_records import in_points
from cs_workbench.core.accounts import BANDS
from cs_workbench.core.plurals import counted
from cs_workbench.core.scorecard_diffs import (
    tell_conditions,
    tell_differences,
    tell_map,
    tell_missing,
)
from cs_workbench.core.scorecards import POINT, Scorecard, ScoredMeasure
from cs_workbench.errors import FindingsError
from cs_workbench.workflows.scorecards import (
    DEFAULT,
    copy_scorecard,
    find_mistakes,
    scorecard_at,
)
from cs_workbench.workflows.scoring import shipped_scorecard

if TYPE_CHECKING:
    from cs_workbench.workflows.simulating import Move, Simulation

_PARENTS = {"arr": "by ARR", "worst": "by the worst of them"}
as_document = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


@click.group()
def scorecard() -> None:
    """Scorecards: what a health score is made of, as a text file.

    FILE is a scorecard, or `default` for the one that comes with csw. Without FILE it is the one in
    use: CSW_SCORECARD, else `scorecard` in config.toml, else scorecard.toml beside it, else the
    default.
    """


@scorecard.command("path")
@as_document
@pass_session
def path_command(session: Session, *, as_json: bool) -> None:
    """Say which file scores are made with."""
    place = place_of(session, None)
    if as_json:
        is_own = session.config.scorecard is not None
        print_json({"schema": "csw.scorecard-path/1", "path": str(place), "is_own": is_own})
        return
    say(str(place))


@scorecard.command("show")
@click.argument("file", required=False)
@as_document
@pass_session
def show_command(session: Session, file: str | None, *, as_json: bool) -> None:
    """Show what a scorecard asks, and how much each answer weighs."""
    card = scorecard_at(place_of(session, file))
    if as_json:
        print_json(document(card))
        return
    yellow, green = card.yellow_from / POINT, card.green_from / POINT
    say(f"{card.name}: red below {yellow:g}, yellow below {green:g}, green from there.")
    say(f"Below {card.minimum_coverage_e4 / 100:g} % coverage the band is unknown.")
    say(f"Parents roll up their accounts {_PARENTS[card.parents_by]}.\n")
    _table(card.measures)
    for profile in card.profiles:
        say(f"\nProfile {profile.name}, for {tell_conditions(profile)}")
        changed = [
            own for own, base in zip(profile.measures, card.measures, strict=True) if own != base
        ]
        _table(changed)


@scorecard.command("check")
@click.argument("file", required=False)
@as_document
@pass_session
def check_command(session: Session, file: str | None, *, as_json: bool) -> None:
    """Find every mistake in a scorecard, with its line. Ends with 1 where there is one."""
    place = place_of(session, file)
    mistakes = find_mistakes(place)
    if as_json:
        found = [{"line": one.line, "message": one.message} for one in mistakes]
        print_json({"schema": "csw.scorecard-check/1", "path": str(place), "mistakes": found})
    else:
        for one in mistakes:
            say(f"{place}:{one.line}: {one.message}")
    if mistakes:
        count = f"{counted(len(mistakes), 'mistake')}"
        raise FindingsError(f"{count} in {place}.")
    if not as_json:
        say(f"{place} is a sound scorecard.")


@scorecard.command("diff")
@click.argument("before")
@click.argument("after", required=False)
@as_document
@pass_session
def diff_command(session: Session, before: str, after: str | None, *, as_json: bool) -> None:
    """Say what AFTER (else the scorecard in use) does differently from BEFORE."""
    old, new = (scorecard_at(place_of(session, one)) for one in (before, after))
    found = list(tell_differences(old, new))
    if as_json:
        print_json({"schema": "csw.scorecard-diff/1", "differences": found})
        return
    for one in found or ["They score alike."]:
        say(one)


@scorecard.command("copy")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "file", metavar="FILE", default=DEFAULT, help="In place of the default.")
@pass_session
def copy_command(session: Session, target: Path | None, file: str) -> None:
    """Copy a scorecard to change it; without TARGET to where csw will use it from then on."""
    place = target or own_scorecard()
    copy_scorecard(place_of(session, file), place)
    say(str(place))


@scorecard.command("simulate")
@click.argument("file")
@as_document
@pass_session
def simulate_command(session: Session, file: str, *, as_json: bool) -> None:
    """Say who would change band if accounts were scored with FILE. Nothing is saved."""
    from cs_workbench.workflows.simulating import simulate, simulate_next

    current, candidate = (scorecard_at(place_of(session, one)) for one in (None, file))
    with session.open() as db:
        day = session.reading_day(db)
        if candidate.digest == current.digest:
            warn(f"That is the scorecard in use: compared with the scores of {day}.")
            found = simulate_next(db, as_of=day, in_use=current)
        else:
            found = simulate(db, as_of=day, current=current, candidate=candidate)
    if as_json:
        print_json(simulation_document(found))
        return
    say(f"{found.rescored:,} of {found.accounts:,} accounts would have another score.")
    for band in BANDS:
        say(f"  {band:8}{found.before[band]:>7,} → {found.after[band]:,}")
    if not found.moves:
        say("None would change band.")
        return
    say(f"{len(found.moves):,} would change band:")
    columns = [*map(Column, ("Id", "Account", "Band", "")), Column("Score", "right")]
    print_table(columns, [_moved(one) for one in found.moves])


def simulation_document(found: "Simulation") -> dict[str, Any]:
    """A simulation as JSON has it."""
    return {
        "schema": "csw.scorecard-simulation/1",
        "as_of": found.as_of,
        "accounts": found.accounts,
        "rescored": found.rescored,
        "moved": len(found.moves),
        "bands_before": {band: found.before[band] for band in BANDS},
        "bands_after": {band: found.after[band] for band in BANDS},
        "moves": [
            {
                "account_id": one.account_id,
                "name": one.name,
                "band_before": one.before,
                "band_after": one.after,
                "score_before": in_points(one.before_e4),
                "score_after": in_points(one.after_e4),
            }
            for one in found.moves
        ],
    }


def _moved(one: "Move") -> tuple[str, ...]:
    scores = [
        "--" if points is None else str(points // POINT) for points in (one.before_e4, one.after_e4)
    ]
    return one.account_id, one.name, one.before, f"→ {one.after}", " → ".join(scores)


def place_of(session: Session, file: str | None) -> Path:
    """The file that a person means."""
    if file is None:
        return session.config.scorecard or shipped_scorecard()
    return shipped_scorecard() if file == DEFAULT else Path(file)


def document(card: Scorecard) -> dict[str, Any]:
    """A scorecard as JSON has it."""
    return {
        "schema": "csw.scorecard/1",
        "name": card.name,
        "hash": card.digest,
        "yellow_from": card.yellow_from / POINT,
        "green_from": card.green_from / POINT,
        "minimum_coverage": card.minimum_coverage_e4 / POINT,
        "metrics": list(card.metrics),
        "parents": card.parents_by,
        "measures": [_measure(one) for one in card.measures],
        "profiles": [
            {
                "name": one.name,
                "segments": sorted(one.segments),
                "stages": sorted(one.stages),
                "products": sorted(one.products),
                "measures": [_measure(own) for own in one.measures],
            }
            for one in card.profiles
        ],
    }


def _measure(one: ScoredMeasure) -> dict[str, Any]:
    return {
        "measure": one.measure_id,
        "label": one.label,
        "dimension": one.dimension,
        "source": one.source,
        "parameters": dict(one.given),
        "weight": one.weight,
        "higher_is_better": one.worth.higher_is_better,
        "target": one.worth.target,
        "map": tell_map(one.worth),
        "max_age_days": one.max_age_days,
        "missing_points": None if one.missing_e4 is None else one.missing_e4 / POINT,
        "min_history_days": one.min_history_days,
        "tenure": [{"until_months": until, "map": tell_map(worth)} for until, worth in one.tenure],
        "question": one.question or None,
        "words": list(one.words) or None,
    }


def _table(measures: list[ScoredMeasure] | tuple[ScoredMeasure, ...]) -> None:
    columns = [
        *(Column("Measure"), Column("Weight", "right"), Column("Better"), Column("Map")),
        *(Column("Days", "right"), Column("Without data")),
    ]
    print_table(
        columns,
        [row for one in measures for row in _rows(one)],
    )


def _rows(one: ScoredMeasure) -> Iterator[tuple[object, ...]]:
    """A measure, and below it what is expected of younger customers."""
    better = "higher" if one.worth.higher_is_better else "lower"
    yield (
        one.measure_id,
        one.weight,
        better,
        tell_map(one.worth),
        one.max_age_days,
        tell_missing(one),
    )
    for months, worth in one.tenure:
        yield f"  first {months} months", None, None, tell_map(worth), None, None


scorecard.add_command(fit_command, "fit")
