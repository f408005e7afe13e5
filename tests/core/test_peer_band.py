import pytest

from cs_workbench.core.peer_band import peer_band, usual_level

STEADY = [10.0] * 30


def test_the_band_is_the_middle_half_in_the_own_size() -> None:
    peers = [[100.0 * number] * 29 + [100.0 * number * share] for number, share in enumerate(
        (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3), start=1
    )]  # fmt: skip
    band = peer_band(STEADY, peers, "emea smb")
    assert band is not None
    assert (band.peers, band.name) == (9, "emea smb")
    assert band.middle[0] == pytest.approx(10)
    assert (band.low[-1], band.middle[-1], band.high[-1]) == pytest.approx((7.0, 9.0, 11.0))


def test_seven_peers_are_too_few_and_peers_without_a_usual_level_do_not_count() -> None:
    assert peer_band(STEADY, [STEADY] * 7, "") is None
    assert peer_band(STEADY, [*[STEADY] * 7, [0.0] * 30, [None] * 30], "") is None
    assert peer_band(STEADY, [STEADY] * 8, "") is not None


def test_without_a_usual_level_of_its_own_there_is_no_band() -> None:
    assert peer_band([None] * 30, [STEADY] * 9, "") is None
    assert usual_level([*[None] * 22, 1.0, 1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0]) == 1.0
    assert usual_level([*[None] * 23, 1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0]) is None


def test_a_week_that_few_peers_know_is_a_gap() -> None:
    gap = [*STEADY[:-1], None]
    band = peer_band(STEADY, [STEADY] * 7 + [gap] * 5, "")
    assert band is not None
    assert (band.low[-1], band.low[-2]) == (None, 10.0)
    assert band.last(28, 30).low == (10.0, None)
    assert band.stretched(2).high[-3:] == (None, None, None)
