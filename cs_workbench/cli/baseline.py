"""`csw baseline`: what to know of a book before anything is changed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.output import print_raw
from cs_workbench.cli.periods import as_of_option, known_day
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.metrics.policy import policy_words
from cs_workbench.exporters.baseline_report import BaselineFacts, baseline_markdown
from cs_workbench.workflows.baseline import median_days, read_baseline
from cs_workbench.workflows.ledger import read_ledger
from cs_workbench.workflows.metric_policies import policy_at

if TYPE_CHECKING:
    from cs_workbench.workflows.baseline import Baseline


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file, not stdout."
)
@as_of_option
@pass_session
def command(session: Session, *, out: Path | None, as_of_text: str | None) -> None:
    """Answer the questions to ask first, for this book, as a dated Markdown report.

    Repeat purchases, what goes with staying, when high-revenue accounts appear, the average life
    cycle, and what a customer is worth.
    """
    policy = policy_at(session.config.metrics)
    with session.open() as db:
        as_of = known_day(as_of_text, session.reading_day(db))
        found = read_baseline(read_ledger(db, policy, as_of=as_of))
    text = baseline_markdown(facts_of(found))
    if out is None:
        print_raw(text)
        return
    save_new(text, out)


def facts_of(found: "Baseline") -> BaselineFacts:
    """What the report tells."""
    period = found.period
    about = (
        f"As known on {found.as_of}; the twelve months {period.first} to {period.end}.",
        *policy_words(found.ledger.policy),
    )
    return BaselineFacts(
        about,
        found.answer.currency,
        {**found.answer.metrics, **found.activity},
        found.answer.trust,
        [(one.by, one.name, one.crr) for one in found.stays],
        found.milestones,
        found.life,
        (found.threshold, median_days(found.days_to_large)),
    )
