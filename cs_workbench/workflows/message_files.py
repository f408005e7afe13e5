"""A drafted message handed to the person's own mail program: as a file, or as a link."""

from pathlib import Path

from cs_workbench.errors import UsageError
from cs_workbench.exporters.mail import eml_bytes, mailto_link, markdown_text
from cs_workbench.workflows.play_messages import Drafted
from cs_workbench.workflows.text_files import export_new


def save_message_file(drafted: Drafted, path: Path) -> str:
    """Save a message as `.eml` or `.md`; returns that in words.

    Raises:
        UsageError: the file is of another kind.
        ConflictError: there is a file already.
        ReadOnlyPlaceError: it cannot be written.
    """
    if path.suffix == ".eml":
        content = eml_bytes(drafted.message, address(drafted))
    elif path.suffix == ".md":
        content = markdown_text(drafted.message, address(drafted)).encode()
    else:
        raise UsageError(f"{path}: save a message as .eml or as .md.")
    export_new(content, path)
    return f"saved as {path}"


def message_link(drafted: Drafted) -> str:
    """A link that opens the person's mail program with the message."""
    return mailto_link(drafted.message, address(drafted))


def address(drafted: Drafted) -> str | None:
    """The address of whom it is for; None where none is known."""
    return drafted.contact.email if drafted.contact else None
