"""The page of an account that changes hands, as Markdown: text from data stays text."""

import re
from collections.abc import Iterable

from cs_workbench.core.briefs import Section
from cs_workbench.exporters.markdown import literal

_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
LONGEST = 80


def page_markdown(head: str, intro: str, sections: Iterable[Section]) -> str:
    """One account on one page."""
    parts = [f"# {literal(head)}", literal(intro)]
    for one in sections:
        lines = "\n".join(f"- {literal(line)}" for line in one.lines)
        parts.append(f"## {one.title}\n\n{lines}")
    return "\n\n".join(parts) + "\n"


def page_name(account_id: str, account_key: int) -> str:
    """A file name that leads nowhere else; the key keeps names apart that look alike."""
    plain = _UNSAFE.sub("-", account_id).strip("-")[:LONGEST] or "account"
    return f"{plain}-{account_key}.md"
