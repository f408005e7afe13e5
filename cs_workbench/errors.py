"""Everything that can go wrong for a reason the user can act on.

Each error's message says what happened and what to do. The command line prints it and ends with
its `exit_code`; the screens show it as a notice. Anything else that is raised is a bug.
"""

from typing import ClassVar


class WorkbenchError(Exception):
    """The family; never raised itself."""

    exit_code: ClassVar[int] = 1


class FindingsError(WorkbenchError):
    """The work was done, but something in the data needs a person (rejected rows, findings)."""

    exit_code = 1


class UsageError(WorkbenchError):
    """What was asked for cannot be understood: a filter, a date, a place without a terminal."""

    exit_code = 2


class NotFoundError(WorkbenchError):
    """No such database, account, view or mapping."""

    exit_code = 3


class InputError(WorkbenchError):
    """A file that was given cannot be read as what it should be."""

    exit_code = 4


class ForeignFileError(WorkbenchError):
    """The file is not one of ours."""

    exit_code = 5


class CorruptFileError(WorkbenchError):
    """The file is ours but damaged."""

    exit_code = 6


class NewerSchemaError(WorkbenchError):
    """A newer version of the program wrote the file."""

    exit_code = 7


class ReadOnlyPlaceError(WorkbenchError):
    """The file, or the folder it is in, cannot be written."""

    exit_code = 8


class DiskFullError(WorkbenchError):
    """There is no room left."""

    exit_code = 9


class BusyError(WorkbenchError):
    """Another program holds the file for longer than we wait."""

    exit_code = 10


class UnsupportedSystemError(WorkbenchError):
    """This SQLite, file system or operating system cannot keep the data safe."""

    exit_code = 11


class ConflictError(WorkbenchError):
    """The data changed in between, so what was asked for would overwrite somebody's work."""

    exit_code = 12


class ContactCapError(ConflictError):
    """Somebody would hear from us more often than the policy allows; a reason overrules it."""


class RulerChangedError(WorkbenchError):
    """The work was done, but most accounts moved the same way on one metric on one day."""

    exit_code = 13


class MissingExtraError(WorkbenchError):
    """Something optional is not installed."""

    exit_code = 14

    def __init__(self, what: str, extra: str) -> None:
        """Say what needs which extra of the package."""
        super().__init__(f"{what}: install it with  pip install 'cs-workbench[{extra}]'")
