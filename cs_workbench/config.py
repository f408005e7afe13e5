"""The user's settings: `config.toml`, overruled by the environment."""

import datetime as dt
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cs_workbench.errors import InputError, ReadOnlyPlaceError, UsageError
from cs_workbench.private_files import open_private

APP = "csw"
RENEWALS = "renewals.toml"


class Config(NamedTuple):
    """What a user may set; every field is optional in the file.

    Attributes:
        me: the name written as author on everything this person changes.
        db: the portfolio file.
        theme: name of a Textual theme, or of ours (`csw-dark`, `csw-light`).
        ascii: letters in place of band and trend glyphs (also `CSW_ASCII=1`).
        currency: ISO 4217 code assumed where a file states none; empty: that of the portfolio, or
            of the files beside it, where these have only one.
        mouse: whether the screens take the mouse.
        quick_start: whether the first rows are painted before the screens are loaded (also
            `CSW_QUICK_START=0`).
        scorecard: the file that scores are made with; None: the one that comes with the program.
        metrics: the policy file of the metrics; None: the one that comes with the program.
        targets: the file of the targets; None: the one that comes with the program.
        renewals: the renewal policy's file; None: the one that comes with the program.
        calendar: an iCalendar file with the person's meetings, for `csw today`.
        keys: keys of the person's own, by the binding's id; the screens check them.
    """

    me: str
    db: Path
    theme: str = "csw-dark"
    ascii: bool = False
    currency: str = ""
    mouse: bool = True
    quick_start: bool = True
    scorecard: Path | None = None
    calendar: Path | None = None
    metrics: Path | None = None
    targets: Path | None = None
    renewals: Path | None = None
    keys: Mapping[str, str] = MappingProxyType({})


def config_path() -> Path:
    """Where `config.toml` is looked for (`CSW_CONFIG` overrules)."""
    chosen = os.environ.get("CSW_CONFIG")
    return Path(chosen) if chosen else _own_folder("XDG_CONFIG_HOME", ".config") / "config.toml"


def _own_folder(variable: str, otherwise: str) -> Path:
    """A user's folder for a kind of files, as the system has it.

    `platformdirs` knows more systems than we run on, and takes a twentieth of the start to load.
    """
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / APP
    chosen = os.environ.get(variable, "").strip()
    return (Path(chosen) if chosen else Path.home() / otherwise) / APP


def own_scorecard() -> Path:
    """The place of a user's own scorecard, beside `config.toml`; used when it is there."""
    return config_path().parent / "scorecard.toml"


def own_playbooks() -> Path:
    """The folder of a team's own playbooks, beside `config.toml` (`CSW_PLAYBOOKS` overrules)."""
    chosen = os.environ.get("CSW_PLAYBOOKS")
    return Path(chosen).expanduser() if chosen else config_path().parent / "playbooks"


def own_file(name: str) -> Path:
    """The place of a user's own file of that name, beside `config.toml`; used when it is there."""
    return config_path().parent / name


def file_in_use(name: str, variable: str, named: object) -> Path | None:
    """The environment's file, else the one that the settings name, else the user's own if any."""
    chosen = os.environ.get(variable) or named
    if chosen:
        return Path(str(chosen)).expanduser()
    own = own_file(name)
    return own if own.exists() else None


def scorecard_in_use(named: Path | None) -> Path | None:
    """The file scores are made with: the one that is named, else the user's own if there is one."""
    own = own_scorecard()
    return named or (own if own.exists() else None)


def default_database() -> Path:
    """The portfolio's place where nothing else is said: the user's data folder."""
    return _own_folder("XDG_DATA_HOME", ".local/share") / "portfolio.db"


def load_config() -> Config:
    """Read the settings.

    Raises:
        InputError: the file is not TOML, or holds an unknown or wrongly typed key.
    """
    path = config_path()
    given = _read(path)
    types = Config.__annotations__
    for key, value in given.items():
        if key not in types:
            known = ", ".join(types)
            raise InputError(f"{path}: unknown setting {key!r}. Known settings: {known}.")
        if key == "keys":
            _check_keys(path, value)
            continue
        wanted: type = bool if types[key] is bool else str
        if not isinstance(value, wanted):
            raise InputError(f"{path}: {key} must be a {wanted.__name__}, not {value!r}.")
    database = os.environ.get("CSW_DB") or given.get("db")
    scorecard = os.environ.get("CSW_SCORECARD") or given.get("scorecard")
    settings: dict[str, Any] = {
        **given,
        "renewals": file_in_use(RENEWALS, "CSW_RENEWALS", given.get("renewals")),
        "scorecard": scorecard_in_use(Path(scorecard).expanduser() if scorecard else None),
        "metrics": file_in_use("metrics.toml", "CSW_METRICS", given.get("metrics")),
        "targets": file_in_use("targets.toml", "CSW_TARGETS", given.get("targets")),
        "calendar": Path(given["calendar"]).expanduser() if given.get("calendar") else None,
        "me": os.environ.get("CSW_ME") or given.get("me") or _login_name(),
        "db": Path(database).expanduser() if database else default_database(),
    }
    for name in ("ascii", "quick_start"):
        if chosen := os.environ.get(f"CSW_{name.upper()}"):
            settings[name] = chosen != "0"
    return Config(**settings)


def keep_name(name: str) -> bool:
    """Write `me` into the settings; whatever else stands there stays. Whether anything changed.

    Raises:
        InputError: the settings cannot be read.
        ReadOnlyPlaceError: they cannot be written.
    """
    path = config_path()
    if _read(path).get("me") == name:
        return False
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    at = next((n for n, line in enumerate(lines) if line.split("=")[0].strip() == "me"), None)
    if at is None:
        lines.insert(0, f"me = {quoted}")  # before any table
    else:
        lines[at] = f"me = {quoted}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open_private(path) as file:
            file.write("\n".join(lines) + "\n")
    except OSError as problem:
        raise ReadOnlyPlaceError(f"{path} cannot be written: {problem.strerror}.") from None
    return True


def read_today(given: str | None = None) -> dt.date:
    """Today, read once at the edge: the given text, else `CSW_TODAY`, else the clock.

    Raises:
        UsageError: the text is not an ISO date.
    """
    text = given or os.environ.get("CSW_TODAY")
    if not text:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date. Write it as 2026-11-23.") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (UnicodeDecodeError, OSError) as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None


def _check_keys(path: Path, given: object) -> None:
    if not isinstance(given, dict):
        raise InputError(f"{path}: keys is a table, [keys], of lines such as accounts.sort = 'o'.")
    for name, key in given.items():
        if isinstance(key, dict):
            first = next(iter(key), "sort")
            raise InputError(f'{path}: [keys] ids have a dot, so put quotes: "{name}.{first}" = …')
        if not isinstance(key, str) or not key.strip():
            raise InputError(f"{path}: [keys] {name} must be a key in quotes, not {key!r}.")


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"
