import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.text import fold, visible


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller & Söhne", "muller & sohne"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ＡＢＣ", "abc"),
        ("データ", "データ"),
        ("デ", "デ"),
        ("ﾃﾞ", "デ"),
        ("İstanbul", "istanbul"),
        ("Ελλάς", "ελλασ"),
        ("", ""),
    ],
)
def test_text_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_de_stays_other_than_te() -> None:
    assert fold("デ") != fold("テ")


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_visible_obeys_nothing(text: str) -> None:
    for sign in visible(text):
        assert ord(sign) >= 0x20
        assert not 0x7F <= ord(sign) < 0xA0
        assert not 0x202A <= ord(sign) <= 0x202E
        assert not 0xD800 <= ord(sign) < 0xE000


@pytest.mark.parametrize("text", ["plain", "東京データ", "e\u0301", "👩\u200d💻", "a\u00a0b"])
def test_harmless_text_stays(text: str) -> None:
    assert visible(text) == text


def test_signs_are_shown() -> None:
    assert visible("a\x1b\x7f\x9b\u202e\n") == "a␛␡\\x9b\\u202e␊"
