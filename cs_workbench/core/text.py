"""Text made comparable, so that `muller` finds `Müller`."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents or width differences; デ stays other than テ."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold()
