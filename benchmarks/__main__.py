"""`python -m benchmarks [--sizes 500,10000,100000] [--only NAME] [--write]`; needs no network."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.measurement import Measurement, markdown

NAMES = (
    "imports",
    "locks",
    "refresh",
    "first_frame",
    "on_screen",
    "modes",
    "lists",
    "commands",
    "detection",
    "metrics",
    "churn",
    "plays",
    "renewals",
    "memory",
)
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="500,10000,100000", help="accounts, with commas")
    parser.add_argument("--only", choices=NAMES, help="one area")
    parser.add_argument("--write", action="store_true", help="put it into docs/")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the portfolios there")
    given = parser.parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled already
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        names = [given.only] if given.only else NAMES
        found = measured(names, sizes, given.keep or Path(folder))
    table = f"{machine()}\n\n{markdown(found)}"
    print(table)
    if given.write and given.only:
        write_rows(PAGE, [one.row() for one in found])
    elif given.write:
        write_page(PAGE, table)
    return int(any(one.verdict == "missed" for one in found))


def measured(names: Sequence[str], sizes: Sequence[int], folder: Path) -> list[Measurement]:
    """All figures, told on stderr as they come."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name in names:
        for one in import_module(f"benchmarks.{name}").measure(sizes, folder):
            print("  ".join(one.cells()), file=sys.stderr, flush=True)
            found.append(one)
    return found


def machine() -> str:
    """What the figures were measured on, in one line."""
    from textual import __version__ as textual

    from cs_workbench.store.sqlite import VERSION

    sqlite = ".".join(map(str, VERSION))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, SQLite {sqlite}, "
        f"Textual {textual}. One run; start-ups and queries are medians of 7."
    )


def processor() -> str:
    """Its name, where the system tells."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def write_page(page: Path, table: str) -> None:
    """Put the table between the page's markers."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def write_rows(page: Path, rows: Sequence[str]) -> None:
    """Put rows into the page's table: in the place of those of the same figure, else at its end."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    told, _, after = rest.partition(END)
    table = {_figure(line): line for line in told.strip("\n").split("\n")}
    table |= {_figure(row): row for row in rows}
    body = "\n".join(table.values())
    page.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")


def _figure(row: str) -> str:
    """What a row measures, and for how many accounts."""
    return "|".join(row.split("|")[:3])


if __name__ == "__main__":
    sys.exit(main())
