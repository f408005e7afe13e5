"""Text made comparable, so that `muller` finds `Müller`."""

import unicodedata
from functools import cache


def fold(text: str) -> str:
    """Lower case without accents or width differences; デ stays other than テ."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold()


def visible(text: str) -> str:
    r"""The text with everything shown that a terminal would obey, reorder by, or break at.

    Control characters become their pictures (ESC `␛`), others of their kind `\u202e`.
    """
    return text if text.isprintable() else text.translate(_signs())


@cache
def _signs() -> dict[int, int | str]:
    """What is shown in place of which code; made when first needed: the start does not."""
    return {
        **{code: 0x2400 + code for code in range(0x20)},
        0x7F: 0x2421,
        **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
        **{
            code: f"\\u{code:04x}"
            for code in (
                *(0x061C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), 0x2060),
                *(*range(0x2066, 0x206A), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000)),
            )
        },
        **{code: f"\\U{code:08x}" for code in range(0xE0000, 0xE0080)},
    }
