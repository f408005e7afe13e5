"""A message as a file for a mail program, as Markdown, or as a mailto link; nothing is sent."""

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from cs_workbench.core.plays.messages import Message


def eml_bytes(message: Message, to: str | None) -> bytes:
    """An `.eml` file; a line break in an address or subject cannot make a header of its own."""
    mail = EmailMessage(policy=SMTP)
    if to:
        mail["To"] = _line(to)
    mail["Subject"] = _line(message.subject)
    mail["X-Unsent"] = "1"  # mail programs open it for editing
    mail.set_content(message.body)
    return mail.as_bytes()


def markdown_text(message: Message, to: str | None) -> str:
    """A `.md` file."""
    return f"To: {_line(to or '')}\nSubject: {_line(message.subject)}\n\n{message.body}"


def mailto_link(message: Message, to: str | None) -> str:
    """A link that opens the person's mail program; lines end as RFC 6068 has it."""
    lines = "".join(f"{line}\r\n" for line in message.body.splitlines())
    subject, body = (quote(text, safe="") for text in (_line(message.subject), lines))
    return f"mailto:{quote(_line(to or ''), safe='@')}?subject={subject}&body={body}"


def _line(text: str) -> str:
    return " ".join(text.split())
