from tests.core.test_scorecard_files import GOOD, PROFILES, TENURE, card


def test_a_variant_is_read_back_from_its_own_text() -> None:
    text = GOOD.replace("map = [[0, 100], [3, 0]]\n", "map = [[0, 100], [3, 0]]\n" + TENURE)
    named = (text + PROFILES).replace('"crm"', '"c{r}m \\"x\\u0007"')
    scorecard = card(named)
    assert len(scorecard.variants) == 4 * 3 - 1
    for one in scorecard.variants.values():
        again = card(one.text)
        assert (again.digest, again.variant, again.measures) == (
            *(one.digest, one.variant, one.measures),
        )
        assert again.origin == scorecard.digest
    assert len({one.digest for one in scorecard.variants.values()}) == 11
