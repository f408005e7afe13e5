"""Long runs without the search for circular garbage, of which they make none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage_search() -> Iterator[None]:
    """Switch Python's cyclic collector off; a refresh makes a million tuples and no circle.

    What is no longer used is freed as before, by counting references. Nested and parallel use is
    fine: the collector is on again after the first one that found it on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
