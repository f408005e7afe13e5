"""Values as TOML, for mapping files that the program writes."""

import re

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(value: object) -> str:
    """A text, a list, a table in one line, a number or a flag as TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml_text, value))}]"
    if isinstance(value, dict):
        pairs = (f"{_key(name)} = {toml_text(one)}" for name, one in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if not isinstance(value, str):
        return str(value).lower()
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(s if s.isprintable() else f"\\U{ord(s):08x}" for s in escaped)
    return f'"{plain}"'


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml_text(name)
