"""Large readings: without the search for circular garbage, and with their memory given back."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LARGE: Final = 80 << 20  # bytes that the program once held from which it may hold freed ones


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


def give_back() -> None:
    """Give freed memory back to the system, which the C library of Linux else keeps for later."""
    import resource

    if sys.platform != "linux" or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < LARGE >> 10:
        return
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # musl has none
        trim(0)
