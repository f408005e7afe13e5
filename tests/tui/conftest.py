"""What every test of the screens leaves as it found it."""

from collections.abc import Iterator

import pytest
from textual._styles_cache import StylesCache


@pytest.fixture(autouse=True)
def nothing_drawn_is_kept() -> Iterator[None]:
    """Let go of what was drawn: Textual keeps it, and each test would search it for garbage."""
    yield
    StylesCache.get_inner_outer.cache_clear()
