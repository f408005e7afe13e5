"""`csw sample`: make the sample portfolio."""

from pathlib import Path

import click

from cs_workbench.cli.output import warn
from cs_workbench.cli.progress import progress_line


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Chance, repeatable.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("sample.db"),
    show_default=True,
    help="The file to make; an older sample there is replaced.",
)
def sample(seed: int, out: Path) -> None:
    """Make the portfolio of invented accounts that `csw demo` opens."""
    from cs_workbench.workflows.sample.building import build_sample

    with progress_line("Scoring the weeks") as progress:
        accounts = build_sample(out, seed=seed, progress=progress)
    warn(f"{accounts} invented accounts are in {out}.")
