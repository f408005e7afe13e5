import numpy as np
from threadpoolctl import threadpool_info

from cs_workbench.churn.threads import on_one_thread


def test_the_library_of_arrays_has_one_thread_inside_and_its_own_number_after() -> None:
    assert np.ones(2) @ np.ones(2) == 2  # it is loaded

    @on_one_thread
    def threads() -> set[int]:
        return {one["num_threads"] for one in threadpool_info()}

    before = threadpool_info()
    assert threads() == {1}
    assert threadpool_info() == before
