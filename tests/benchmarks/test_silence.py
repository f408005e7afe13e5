from benchmarks.silence import OFTEN, accounts, false_silences, found_share


def test_silences_are_planted_and_found_and_few_are_none() -> None:
    book = accounts(1, count=40)
    often = [one for one in book if one.share > OFTEN]
    assert found_share(often) == 1
    assert false_silences(often) < 0.5
    assert found_share([one for one in book if one.share < OFTEN]) < 0.8
