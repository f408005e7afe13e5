"""The collector is off in between, and back as it was."""

import gc

import pytest

from cs_workbench.workflows.collecting import no_garbage_search


def test_it_is_off_in_between_and_on_after_a_failure() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="a failure"):
        _fail_in_between()
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    with no_garbage_search():
        with no_garbage_search():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def _fail_in_between() -> None:
    with no_garbage_search():
        assert not gc.isenabled()
        raise ValueError("a failure")
