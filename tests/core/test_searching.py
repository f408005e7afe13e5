import pytest

from cs_workbench.core.searching import excerpt, has_words, places, short_grams, words_of
from cs_workbench.core.text import fold


def test_words_are_compared_folded_and_once() -> None:
    assert words_of("  Müller MULLER  東京\0x ") == ("muller", "東京", "x")
    assert words_of(" \0 ") == ()


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("The invoice was wrong", "nvoic", True),
        ("The invoice was wrong", "invoice price", False),
        ("The invoice was wrong", "wa in", True),
        ("The invoice was wrong", "ro", False),  # of a spaced script words begin, short ones too
        ("東京の請求書", "東", True),
        ("東京の請求書", "請求", True),
        ("東京の請求書", "東請", False),
        ("東京の請求書", "求書", True),
        ("Büro東京", "東京", True),
        ("the AI, C# and Q4 (EU)", "ai c# q4 eu", True),
        ("サポートが遅い", "ポー", True),
        ("テスト", "デ", False),
        ("급여 문제", "여", True),
        ("great 👍", "👍", True),
        ("ราคา แพง", "แพ", True),
    ],
)
def test_long_words_are_found_anywhere_and_short_ones_where_words_begin(
    text: str, query: str, found: bool
) -> None:
    assert has_words(fold(text), words_of(query)) is found


def test_grams_never_hold_a_space() -> None:
    assert short_grams("ab c\u3000京 \t") == {"a", "ab", "c", "京"}
    assert short_grams("") == frozenset()


def test_an_excerpt_shows_the_word() -> None:
    text = "x" * 200 + " invoice " + "y" * 200
    shown = excerpt(text, ("invoice",), 60)
    assert "invoice" in shown
    assert len(shown) == 60
    assert excerpt("a\n b", ("b",), 60) == "a b"


def test_places_are_those_of_every_word_whatever_its_case_and_accents() -> None:
    line = "Müller sagt: mull, 東京"
    assert [line[start:end] for start, end in places(line, ("mull", "東"))] == [
        "Müll",
        "mull",
        "東",
    ]
    assert places("e\u0301cole", ("cole",)) == []  # folding would move them
