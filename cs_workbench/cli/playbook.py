"""`csw playbook`: the files that say what to do in one kind of situation."""

from pathlib import Path

import click

from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.core.measure_table import ALL_MEASURES
from cs_workbench.core.playbooks.conditions import Condition
from cs_workbench.core.playbooks.model import Playbook, Step
from cs_workbench.core.playbooks.names import FACTS, MESSAGE_FIELDS, MESSAGE_LISTS
from cs_workbench.core.playbooks.words import due_text, playbook_lines, trigger_text
from cs_workbench.errors import FindingsError

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
        raise FindingsError(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}.")
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
