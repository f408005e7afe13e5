"""`csw playbook`: the ways of acting that come with the program."""

import click

from cs_workbench.cli.output import Column, print_json, print_table, say
from cs_workbench.core.playbooks import Playbook, due_text


@click.group()
def playbook() -> None:
    """Playbooks: what to do in one kind of situation."""


@playbook.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def list_command(*, as_json: bool) -> None:
    """List the playbooks."""
    from cs_workbench.workflows.playbooks import list_playbooks

    playbooks = list_playbooks()
    if as_json:
        print_json({"schema": "csw.playbooks/1", "playbooks": [document(one) for one in playbooks]})
        return
    columns = [Column("Playbook"), Column("Title"), Column("Steps", "right"), Column("Starts when")]
    print_table(
        columns,
        [(one.playbook_id, one.title, len(one.steps), one.trigger.because) for one in playbooks],
    )


@playbook.command("show")
@click.argument("playbook_id", metavar="PLAYBOOK")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def show_command(playbook_id: str, *, as_json: bool) -> None:
    """Show one playbook with its steps."""
    from cs_workbench.workflows.playbooks import find_playbook

    found = find_playbook(playbook_id)
    if as_json:
        print_json({"schema": "csw.playbook/1", **document(found)})
        return
    say(text(found))


def document(one: Playbook) -> dict[str, object]:
    """The playbook as JSON has it."""
    return {
        "playbook_id": one.playbook_id,
        "title": one.title,
        "version": one.version,
        "purpose": one.purpose,
        "trigger": {
            "measure": one.trigger.measure,
            one.trigger.when: one.trigger.threshold,
            "because": one.trigger.because,
        },
        "exit": one.exit_criterion,
        "outcome": {
            "measure": one.outcome.measure,
            "change": one.outcome.change,
            "within_days": one.outcome.within_days,
        },
        "steps": [
            {
                "step_id": step.step_id,
                "title": step.title,
                "owner": step.owner,
                "anchor": step.anchor,
                "offset_days": step.offset_days,
                "guidance": step.guidance,
            }
            for step in one.steps
        ],
    }


def text(one: Playbook) -> str:
    """The playbook as a person reads it."""
    lines = [
        f"{one.title}  ({one.playbook_id}, version {one.version})",
        one.purpose,
        "",
        f"Starts when  {one.trigger.because}",
        f"Ends when    {one.exit_criterion}",
        f"Judged by    {one.outcome.measure}: {one.outcome.change} ({one.outcome.within_days} d)",
    ]
    for number, step in enumerate(one.steps, start=1):
        lines += ["", f"{number}  {step.title}  ({step.owner}, {due_text(step)})"]
        lines += [f"   {line}".rstrip() for line in step.guidance.splitlines()]
    return "\n".join(lines)
