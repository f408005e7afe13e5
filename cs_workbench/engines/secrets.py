"""Settings of connections whose secrets stand in the environment or the system's keyring."""

import os
from collections.abc import Mapping
from typing import Any

from cs_workbench.errors import InputError, MissingExtraError


def looked_up(value: Any) -> Any:
    """A setting; `env:NAME` and `keyring:SERVICE/USER` are looked up, so that no file holds them.

    Raises:
        InputError: there is no such variable or entry.
        MissingExtraError: keyring is not installed.
    """
    if isinstance(value, Mapping):
        return {name: looked_up(one) for name, one in value.items()}
    if isinstance(value, list):
        return [looked_up(one) for one in value]
    if not isinstance(value, str):
        return value
    if value.startswith("env:"):
        name = value.removeprefix("env:")
        if name not in os.environ:
            raise InputError(f"The environment has no {name}; the connection needs it.")
        return os.environ[name]
    if value.startswith("keyring:"):
        return _from_keyring(value.removeprefix("keyring:"))
    return value


def _from_keyring(place: str) -> str:
    try:
        import keyring
    except ImportError:
        raise MissingExtraError("Secrets in the keyring need it", "warehouse") from None
    service, _, user = place.rpartition("/")
    try:
        found = keyring.get_password(service, user)
    except keyring.errors.KeyringError as problem:
        raise InputError(f"The keyring cannot be read for {place}: {problem}") from None
    if found is None:
        raise InputError(f"The keyring has no entry {place}; put it there with: keyring set")
    return str(found)
