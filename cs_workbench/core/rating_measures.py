"""Measures that a person gives: how they see the relationship, and what else a scorecard asks."""

from dataclasses import dataclass, replace

from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.judgements import (
    FADES_AFTER,
    HIGHEST,
    LOWEST,
    SENTIMENT,
    SENTIMENT_WORDS,
    Rating,
    rating_text,
)
from cs_workbench.core.measures import MISSING, Measure, Outcome, Parameters, measured_at

RATING = "rating"  # the source whose words are in the scorecard


def sentiment(facts: AccountFacts, given: Parameters) -> Outcome:
    """The newest rating of the relationship, 1 to 5; never a mean of several."""
    del given
    return _value(facts, SENTIMENT)


def manual_rating(facts: AccountFacts, given: Parameters) -> Outcome:
    """The newest rating of what the scorecard asks for, 1 to 5."""
    return _value(facts, str(given["rating"]))


def worded(measure: Measure, words: tuple[str, ...]) -> Measure:
    """The measure that tells its values with the words of a scorecard."""
    return replace(measure, tell=_Teller(words))


def _rating(facts: AccountFacts, rated: str) -> Rating | None:
    return next((one for one in facts.ratings if one.rated == rated), None)


def _value(facts: AccountFacts, rated: str) -> Outcome:
    found = _rating(facts, rated)
    return MISSING if found is None else measured_at(found.value, facts, found.rated_on)


@dataclass(frozen=True)
class _Teller:
    """Says a rating with its words; a value, so that measures with the same words are the same."""

    words: tuple[str, ...]

    def __call__(self, facts: AccountFacts, given: Parameters, value: float) -> str:
        rated = str(given.get("rating", SENTIMENT))
        found = _rating(facts, rated)
        by = "" if found is None else f", {found.author}"
        return f"{self.words[round(value) - LOWEST]} ({rating_text(value)}{by})"


def _tell_sentiment(facts: AccountFacts, given: Parameters, value: float) -> str:
    return f"the relationship: {_Teller(SENTIMENT_WORDS)(facts, given, value)}"


RATING_MEASURES = {
    "sentiment": Measure(
        sentiment, {}, rating_text, _tell_sentiment, "ratings", max_age_days=FADES_AFTER
    ),
    RATING: Measure(
        manual_rating,
        {"rating": ""},
        rating_text,
        _Teller(tuple(map(str, range(LOWEST, HIGHEST + 1)))),
        "ratings",
        max_age_days=FADES_AFTER,
    ),
}
