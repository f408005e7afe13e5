import time
import uuid

from cs_workbench.core.ids import new_id


def test_ids_are_uuid_7_and_sort_by_time() -> None:
    ids = []
    for _ in range(5):
        ids.append(new_id())
        time.sleep(0.002)
    assert ids == sorted(ids)
    for text in ids:
        parsed = uuid.UUID(text)
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert abs((uuid.UUID(ids[0]).int >> 80) / 1000 - time.time()) < 60


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000
