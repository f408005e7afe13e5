"""Text made comparable, so that `muller` finds `Müller`."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents or width differences; デ stays other than テ."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold()


def visible(text: str) -> str:
    r"""The text with everything shown that a terminal would obey, reorder by, or break at.

    Control characters become their pictures (ESC `␛`), others of their kind `\u202e`.
    """
    return text.translate(_SIGNS) if not text.isprintable() else text


_SIGNS: dict[int, int | str] = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
    **{
        code: f"\\u{code:04x}"
        for code in (0x061C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), 0x2060)
    },
    **{code: f"\\u{code:04x}" for code in (*range(0x2066, 0x206A), 0xFEFF, *range(0xFFF9, 0xFFFC))},
    **{code: f"\\U{code:08x}" for code in range(0xE0000, 0xE0080)},
    **{code: f"\\u{code:04x}" for code in range(0xD800, 0xE000)},
}
