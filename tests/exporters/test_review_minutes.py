from cs_workbench.exporters.review_minutes import ends_words


def test_what_ends_says_of_how_many_contracts_no_price_is_known() -> None:
    one = {"arr_due": 12_000, "currency": "USD", "unpriced": 0}
    assert ends_words(one) == "12,000 USD due"
    assert ends_words({**one, "unpriced": 2}) == ("12,000 USD and 2 contracts of unknown price due")
    assert ends_words({**one, "arr_due": None, "unpriced": 2}) == "unknown due"
    del one["unpriced"]  # a snapshot of before it was told
    assert ends_words(one) == "12,000 USD due"
