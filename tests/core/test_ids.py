import datetime as dt
import uuid

from cs_workbench.core.ids import id_of, new_id

MOMENT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def test_a_new_id_is_a_uuid_of_version_7() -> None:
    made = uuid.UUID(new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_ids_differ() -> None:
    assert new_id() != new_id()


def test_later_ids_sort_after_earlier_ones() -> None:
    ids = [id_of(MOMENT + dt.timedelta(milliseconds=late), 1) for late in range(5)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5


def test_an_id_of_the_past_is_the_same_again() -> None:
    assert id_of(MOMENT, 7) == id_of(MOMENT, 7)
    assert id_of(MOMENT, 7) != id_of(MOMENT, 8)
    assert uuid.UUID(id_of(MOMENT, 7)).version == 7
