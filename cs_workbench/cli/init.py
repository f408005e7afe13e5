"""`csw init`: from nothing to one's own accounts on screen."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from cs_workbench.cli.import_options import dates_option
from cs_workbench.cli.lazy import Entry
from cs_workbench.cli.output import is_terminal, say, warn
from cs_workbench.cli.session import Session
from cs_workbench.config import config_path, keep_name
from cs_workbench.errors import FindingsError, RulerChangedError, UsageError

IMPORT = Entry("cs_workbench.cli.import_:import_command", "")
REFRESH = Entry("cs_workbench.cli.refresh:command", "")
WHERE = "Folder or file with your exports (CSV, Excel, JSON, Parquet)"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--me", metavar="NAME", help="Your name, as it stands on what you change.")
@click.option("--mapping", metavar="NAME|FILE.toml", help="How the files are read; else detected.")
@dates_option
@click.option("--yes", is_flag=True, help="Ask nothing: take what is given and what is usual.")
@click.option("--screens/--no-screens", default=None, help="Open the screens at the end, or not.")
@click.pass_context
def init_command(
    context: click.Context,
    paths: tuple[Path, ...],
    *,
    me: str | None,
    mapping: str | None,
    dates: str | None,
    yes: bool,
    screens: bool | None,
) -> None:
    """Begin: your name, your files, the first scores, and your accounts on screen.

    Asks for what is not given. In scripts: csw init FOLDER --me NAME --yes --no-screens. It can be
    run again at any time; what is there already stays.
    """
    asks = not yes and is_terminal_for_questions()
    session = _named(_session(context), me, asks=asks)
    context.obj = session
    given = paths or ((_ask_for_files(),) if asks else ())
    if not given:
        raise UsageError("Which files? csw init FOLDER, or csw init on a terminal, which asks.")
    rejected = _bring(
        context, paths=given, mapping=mapping, dates=dates, interactive=asks and not mapping
    )
    _score(context)
    say(f"Your accounts are in {session.path}.")
    wants = screens if screens is not None else asks and click.confirm("Open them?", default=True)
    if wants:
        from cs_workbench.cli.screens import open_screens, today_given
        from cs_workbench.cli.terminal import require_terminal

        require_terminal("csw init")
        open_screens(session.config, session.path, today_given(session.given_today))
    else:
        say("csw opens them; csw import FOLDER and csw refresh bring what is new, each night.")
    if rejected is not None:
        raise rejected


def _session(context: click.Context) -> Session:
    session: Session = context.obj
    return session


def is_terminal_for_questions() -> bool:
    """Whether there is somebody to answer."""
    return is_terminal(sys.stdin)


def _named(session: Session, me: str | None, *, asks: bool) -> Session:
    """The session of the person, whose name is kept in the settings."""
    name = me
    if name is None and asks:
        name = click.prompt("Your name", default=session.config.me)
    name = (name or session.config.me).strip()
    if not name:
        raise UsageError("The name is empty.")
    if keep_name(name):
        say(f"You are {name}; so it stands in {config_path()}.")
    return replace(session, config=session.config._replace(me=name))


def _ask_for_files() -> Path:
    while True:
        path = Path(click.prompt(WHERE).strip().strip("'\"")).expanduser()
        if path.exists():
            return path
        warn(f"There is nothing at {path}.")


def _bring(context: click.Context, **options: object) -> FindingsError | None:
    """Import; rows that were refused are told at the end again."""
    try:
        context.invoke(IMPORT.load(), **options)
    except FindingsError as problem:
        return problem
    return None


def _score(context: click.Context) -> None:
    try:
        context.invoke(REFRESH.load())
    except RulerChangedError as problem:
        warn(str(problem))
