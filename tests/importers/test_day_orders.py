import pytest

from cs_workbench.importers.day_orders import read_by_order


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("05.11.2026", "dmy", "2026-11-05T00:00:00"),
        ("5/11/26 14:30", "dmy", "2026-11-05T14:30:00"),
        ("05.11.2026, 14:30 Uhr", "dmy", "2026-11-05T14:30:00"),
        ("5-Nov-26", "dmy", "2026-11-05T00:00:00"),
        ("05/Nov/26 2:30 PM", "dmy", "2026-11-05T14:30:00"),
        ("5. März 2026", "dmy", "2026-03-05T00:00:00"),
        ("5 September 2026 9:05", "dmy", "2026-09-05T09:05:00"),
        ("11/5/2026, 2:30 PM", "mdy", "2026-11-05T14:30:00"),
        ("11/5/2026 12:15:30 a.m.", "mdy", "2026-11-05T00:15:30"),
        ("Nov 5, 2026 12:00 pm", "mdy", "2026-11-05T12:00:00"),
        ("2026/11/05 9:05", "ymd", "2026-11-05T09:05:00"),
        ("20261105", "ymd", "2026-11-05T00:00:00"),
        ("1/2/68", "dmy", "2068-02-01T00:00:00"),
        ("1/2/69", "dmy", "1969-02-01T00:00:00"),
    ],
)
def test_days_and_times_by_their_order(text: str, order: str, moment: str) -> None:
    read = read_by_order(text, order)
    assert read is not None
    assert read.isoformat() == moment


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("31.02.2026", "dmy"),
        ("11/25/2026", "dmy"),
        ("25/11/2026", "mdy"),
        ("05.11.2026", "mdy"),  # nobody writes points there
        ("05/11.2026", "dmy"),
        ("5-Nov-2026", "mdy"),
        ("5-Foo-26", "dmy"),
        ("05.11.2026 25:00", "dmy"),
        ("11/5/2026 14:30 PM", "mdy"),
        ("05.11.2026 soon", "dmy"),
        ("٠٥.١١.٢٠٢٦", "dmy"),
        ("2026115", "ymd"),
        ("", "ymd"),
    ],
)
def test_what_does_not_fit_the_order_is_none(text: str, order: str) -> None:
    assert read_by_order(text, order) is None
