"""One thread: arrays this small gain nothing from several, which wait for one another."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Given = ParamSpec("Given")
Found = TypeVar("Found")


def on_one_thread(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """The function, with the threads of numpy's and scikit-learn's libraries held to one.

    On two busy cores a model took 25 times the processor time without it. Only what is loaded when
    the function is called is held.
    """

    @wraps(function)
    def held(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        with threadpool_limits(limits=1):
            return function(*args, **kwargs)

    return held
