import threading
import time
import uuid

import pytest

from cs_workbench.core.ids import new_id


def test_ids_are_uuid_7_of_their_moment() -> None:
    for text in [new_id() for _ in range(100)]:
        parsed = uuid.UUID(text)
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
        assert abs((parsed.int >> 80) / 1000 - time.time()) < 60


def test_ids_of_one_millisecond_are_in_their_order_and_differ() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))


def test_a_clock_that_is_put_back_does_not_disorder_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    moment = time.time_ns() - 3_600_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: moment)
    ids = [before, *(new_id() for _ in range(100))]
    assert ids == sorted(set(ids))


def test_ids_start_anew_with_each_millisecond() -> None:
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    assert uuid.UUID(first).int >> 80 < uuid.UUID(second).int >> 80
    assert first[-12:] != second[-12:]


def test_threads_get_different_ids() -> None:
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda: ids.extend(new_id() for _ in range(2_000)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 8_000
