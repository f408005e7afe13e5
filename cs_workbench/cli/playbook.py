"""`csw playbook`: the files that say what to do in one kind of situation."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.output import Column, print_json, print_table, say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.playbooks.conditions import Condition
from cs_workbench.core.playbooks.model import Playbook, Step
from cs_workbench.core.playbooks.names import FACTS, MESSAGE_FIELDS, MESSAGE_LISTS
from cs_workbench.core.playbooks.words import due_text, playbook_lines, trigger_text
from cs_workbench.core.plurals import counted
from cs_workbench.errors import FindingsError, UsageError

if TYPE_CHECKING:
    from cs_workbench.core.plays.effects import PlaybookEffect

as_document = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


@click.group()
def playbook() -> None:
    """Playbooks: what to do in one kind of situation, as text files.

    Your own stand in the folder `playbooks` beside config.toml (or CSW_PLAYBOOKS); one with the id
    of a shipped playbook takes its place. PLAYBOOK is an id, or the path of a file.
    """


@playbook.command("list")
@as_document
def list_command(*, as_json: bool) -> None:
    """List the playbooks."""
    from cs_workbench.workflows.playbooks import list_playbooks

    files = list_playbooks()
    if as_json:
        documents = [
            {**document(one.playbook), "is_own": one.is_own, "path": str(one.path)} for one in files
        ]
        print_json({"schema": "csw.playbooks/2", "playbooks": documents})
        return
    columns = [
        *(Column("Playbook"), Column("Title", is_data=True), Column("Version", "right")),
        *(Column("Steps", "right"), Column("Yours"), Column("Suggested when", is_data=True)),
    ]
    print_table(
        columns,
        [
            (
                one.playbook.playbook_id,
                one.playbook.title,
                one.playbook.version,
                len(one.playbook.steps),
                "yes" if one.is_own else "",
                trigger_text(one.playbook.trigger),
            )
            for one in files
        ],
    )


@playbook.command("show")
@click.argument("name", metavar="PLAYBOOK")
@as_document
def show_command(name: str, *, as_json: bool) -> None:
    """Show one playbook with its steps."""
    from cs_workbench.workflows.playbooks import playbook_at

    found = playbook_at(name)
    if as_json:
        print_json({"schema": "csw.playbook/2", **document(found)})
        return
    say("\n".join(playbook_lines(found)))


@playbook.command("lint")
@click.argument("paths", metavar="[FILE|FOLDER]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Also what is only bad style.")
@as_document
def lint_command(paths: tuple[Path, ...], *, strict: bool, as_json: bool) -> None:
    """Find every mistake in playbooks, with file and line. Ends with 1 where there is one."""
    from cs_workbench.workflows.playbooks import lint_playbooks

    problems = lint_playbooks(paths, strict=strict)
    if as_json:
        found = [
            {"file": one.file, "line": one.line, "code": one.code, "message": one.message}
            for one in problems
        ]
        print_json({"schema": "csw.playbook-lint/1", "problems": found})
    else:
        for one in problems:
            say(str(one))
    if problems:
        raise FindingsError(f"{counted(len(problems), 'problem')}.")
    if not as_json:
        say("No problems.")


@playbook.command("new")
@click.argument("playbook_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path), help="Another place for the file.")
def new_command(playbook_id: str, out: Path | None) -> None:
    """Write a playbook to begin with, and a schema for your editor beside it."""
    from cs_workbench.workflows.playbooks import new_playbook

    say(str(new_playbook(playbook_id, out)))


@playbook.command("diff")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@as_document
def diff_command(before: str, after: str, *, as_json: bool) -> None:
    """Say what AFTER does differently from BEFORE."""
    from cs_workbench.core.playbooks.diffs import differences
    from cs_workbench.workflows.playbooks import playbook_at

    found = list(differences(playbook_at(before), playbook_at(after)))
    if as_json:
        print_json({"schema": "csw.playbook-diff/1", "differences": found})
        return
    for one in found or ["They do the same."]:
        say(one)


@playbook.command("test")
@click.argument("name", metavar="PLAYBOOK")
@click.argument("account", metavar="[ACCOUNT]", required=False)
@click.option(
    "--fixture", type=click.Path(path_type=Path), help="An invented account, as a TOML file."
)
@click.option(
    "-a", "--answer", "answers", multiple=True, metavar="FIELD=TEXT", help="An answer; repeat it."
)
@as_document
@pass_session
def test_command(
    session: Session,
    *,
    name: str,
    account: str | None,
    fixture: Path | None,
    answers: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run PLAYBOOK dry on ACCOUNT or on a fixture, and print the path that it takes, with dates.

    Work is done on its day, nobody replies, and no data change but those that count days.
    """
    from cs_workbench.cli.play import read_pairs
    from cs_workbench.cli.playbook_rehearsal import rehearsal_document, rehearsal_text
    from cs_workbench.importers.playbook_fixtures import read_fixture
    from cs_workbench.store.account_names import find_account
    from cs_workbench.workflows.playbooks import playbook_at
    from cs_workbench.workflows.rehearsing import rehearse_fixture, rehearse_on

    chosen, given = playbook_at(name), read_pairs(answers)
    if (account is None) == (fixture is None):
        raise UsageError("Name an account, or a fixture: one of both.")
    if fixture is not None:
        found = rehearse_fixture(chosen, read_fixture(fixture), given)
    elif account is not None:
        with session.open() as db:
            today = session.reading_day(db)
            found = rehearse_on(db, find_account(db, account), chosen, given, today)
    if as_json:
        print_json(rehearsal_document(found))
    else:
        say("\n".join(rehearsal_text(found)))


@playbook.command("effect")
@click.argument("playbook_id", metavar="[PLAYBOOK]", required=False)
@as_document
@pass_session
def effect_command(session: Session, playbook_id: str | None, *, as_json: bool) -> None:
    """Say what playbooks changed, against accounts that were eligible and not treated."""
    from cs_workbench.workflows.playbook_effects import playbook_effects

    with session.open() as db:
        found = playbook_effects(db, session.reading_day(db), playbook_id=playbook_id)
    if as_json:
        documents = [effect_document(one) for one in found]
        print_json({"schema": "csw.playbook-effect/1", "playbooks": documents})
        return
    headings = ("Playbook", "v", "Eligible", "Started", "Done", "Given up", "Outcome", "Effect")
    columns = [Column(one, "right" if one in headings[1:6] else "left") for one in headings]
    print_table(columns, [_effect_row(one) for one in found])
    if not found:
        warn("No playbook was suggested yet; `csw refresh` does.")


def effect_document(one: "PlaybookEffect") -> dict[str, object]:
    """The effect under its stable keys."""
    counts, effect = one.counts, one.effect
    return {
        "playbook_id": one.playbook.playbook_id,
        "version": one.playbook.version,
        "outcome": one.playbook.outcome.measure,
        "change": one.playbook.outcome.change,
        "within_days": one.playbook.outcome.within_days,
        "eligible": counts.eligible,
        "held_out": counts.held_out,
        "suggested": counts.suggested,
        "started": counts.started,
        "completed": counts.completed,
        "abandoned": counts.abandoned,
        "stalls_at": one.stalls_at,
        "steps": {
            name: {"done": done, "days": round(days, 1)} for name, (done, days) in one.steps.items()
        },
        "difference": effect.difference,
        "low": effect.low,
        "high": effect.high,
        "n_treated": effect.n_treated,
        "n_control": effect.n_control,
        "verdict": effect.verdict,
    }


def _effect_row(one: "PlaybookEffect") -> tuple[object, ...]:
    counts, effect = one.counts, one.effect
    told: str = effect.verdict
    if effect.difference is not None:
        told += f": {effect.difference:+.3g} ({effect.low:+.3g} to {effect.high:+.3g})"
    return (
        one.playbook.playbook_id,
        one.playbook.version,
        counts.eligible,
        counts.started,
        counts.completed,
        counts.abandoned,
        f"{one.playbook.outcome.measure} {one.playbook.outcome.change}",
        told,
    )


@playbook.command("fields")
@as_document
def fields_command(*, as_json: bool) -> None:
    """List what conditions and messages may name."""
    lists = {f"{name}[].{one}": "in a list" for name, some in MESSAGE_LISTS.items() for one in some}
    if as_json:
        print_json(
            {
                "schema": "csw.playbook-fields/1",
                "facts": {name: told for name, (_, told) in FACTS.items()},
                "measures": sorted(ALL_MEASURES),
                "messages": {**MESSAGE_FIELDS, **lists},
            }
        )
        return
    columns = [Column("In"), Column("Name"), Column("What it is")]
    rows = [("conditions", name, told) for name, (_, told) in FACTS.items()]
    rows += [("conditions", name, "a measure of health") for name in sorted(ALL_MEASURES)]
    rows += [("messages", name, told) for name, told in {**MESSAGE_FIELDS, **lists}.items()]
    rows.append(("both", "answer.FIELD", "what an ask step of the same play was told"))
    print_table(columns, rows)


def document(one: Playbook) -> dict[str, object]:
    """The playbook as JSON has it."""
    return {
        "playbook_id": one.playbook_id,
        "title": one.title,
        "version": one.version,
        "hash": one.digest,
        "purpose": one.purpose,
        "trigger": {
            "manual": one.trigger.is_manual,
            "signals": one.trigger.signals,
            "when": _texts(one.trigger.when),
            "because": one.trigger.because,
        },
        "audience": {
            "segment": sorted(one.audience.segments),
            "stage": sorted(one.audience.stages),
            "product": sorted(one.audience.products),
        },
        "exit": {"when": _texts(one.exit.when), "evidence": one.exit.evidence or None},
        "outcome": {
            "measure": one.outcome.measure,
            "change": one.outcome.change,
            "within_days": one.outcome.within_days,
        },
        "contacts": one.contacts,
        "hold_out": one.hold_out,
        "steps": [_step(step) for step in one.steps],
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "step_id": step.step_id,
        "title": step.title,
        "owner": step.owner,
        "kind": step.kind,
        "due": due_text(step.due),
        "anchor": step.due.anchor,
        "offset_days": step.due.days,
        "business_days": step.due.business,
        "optional": step.is_optional,
        "when": _texts(step.when),
        "fields": [field.field_id for field in step.fields],
        "guidance": step.guidance,
    }


def _texts(conditions: tuple[Condition, ...]) -> list[str]:
    return [one.text for one in conditions]
