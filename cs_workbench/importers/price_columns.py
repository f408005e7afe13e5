"""Which column of a list of contracts is the price, and of how long: a year or a month."""

from collections.abc import Callable, Iterable

from cs_workbench.importers.likely_columns import are_mostly, is_any_number, plain_words
from cs_workbench.importers.word_tables import phrases

# What a price is called; without a word for how long, it may be of a year or of a month.
_PRICES = frozenset(
    phrases(
        "price / fee / fees / preis / gebühr / entgelt / prix / tarif / redevance / precio / "
        "cuota / tarifa"
    )
)
_PRICE_ENDS = ("preis", "gebühr", "entgelt", "umsatz")  # of German words: `Jahrespreis`
# What an account brings; of a year where nothing else is said.
_REVENUES = frozenset(phrases("ca / umsatz / revenue / chiffre / facturación / ingresos"))
_YEAR = frozenset(
    phrases(
        "year / yearly / annual / annually / annum / pa / jahr / jährlich / annuel / annuelle / "
        "an / ans / anual / año / arr"
    )
)
_MONTH = frozenset(
    phrases(
        "month / monthly / pm / monat / monatlich / mtl / mois / mensuel / mensuelle / mes / "
        "mensual / mrr"
    )
)
# The price of something else, or of another time than a year or a month.
_OTHERS = frozenset(
    phrases(
        "unit / seat / user / license / licence / list / setup / once / last / previous / old / "
        "day / week / quarter / quarterly / lizenz / nutzer / liste / einmalig / alt / tag / "
        "woche / quartal / utilisateur / licencia / catalogue / jour / semaine / "
        "trimestre / usuario / lista / día / semana / increase / erhöhung / hausse / subida"
    )
)
# Numbers that are no price.
_COUNTS = frozenset(
    phrases(
        "id / key / number / no / nr / n / num / code / count / quantity / qty / seat / seats / "
        "user / users / license / licenses / licences / employees / day / days / week / weeks / "
        "month / months / year / years / term / duration / length / notice / period / score / "
        "nps / csat / health / ticket / tickets / contacts / sites / locations / devices / "
        "logins / standorte / geräte / kontakte / appareils / sedes / dispositivos / percent / "
        "discount / probability / rating / version / phone / zip / "
        "anzahl / menge / lizenzen / nutzer / tage / wochen / monate / jahre / laufzeit / dauer / "
        "frist / rabatt / plz / telefon / mitarbeiter / nombre / quantité / postes / "
        "utilisateurs / jours / semaines / mois / ans / durée / préavis / remise / numéro / "
        "téléphone / número / código / cantidad / asientos / usuarios / licencias / días / "
        "semanas / meses / años / duración / plazo / preaviso / descuento / teléfono"
    )
)
_COUNT_ENDS = ("nr", "nummer", "anzahl", "frist", "dauer")


def price_column(
    headings: Iterable[str], texts: Callable[[str], list[str]]
) -> tuple[str, str] | None:
    """`arr` or `mrr` and the heading that says a price; None where none does, or several do.

    That of a year goes before that of a month, and both before one that does not say how long.

    Args:
        headings: those that have no other meaning.
        texts: what stands below a heading.
    """
    prices = [one for one in headings if _says_price(one) and _are_numbers(texts(one))]
    for of_length in ("arr", "mrr", None):
        fitting = [one for one in prices if _length(one) == of_length]
        if fitting:
            return (of_length or "arr", fitting[0]) if len(fitting) == 1 else None
    return None


def is_of_unknown_length(heading: str) -> bool:
    """Whether it says a price, but neither of a year nor of a month."""
    return _says_price(heading) and _length(heading) is None


def may_be_price(heading: str, texts: list[str]) -> bool:
    """Whether there are numbers below it that are no mere number, count or length of time."""
    if not _are_numbers(texts):
        return False
    said = _said(heading)
    is_count = said & _COUNTS or any(word.endswith(_COUNT_ENDS) for word in said)
    return names_price(heading) or not is_count


def names_price(heading: str) -> bool:
    """Whether a word of it is one for a price, of whatever that is."""
    said = _said(heading)
    return bool(said & (_PRICES | _REVENUES)) or any(word.endswith(_PRICE_ENDS) for word in said)


def _says_price(heading: str) -> bool:
    return names_price(heading) and _OTHERS.isdisjoint(_said(heading))


def _length(heading: str) -> str | None:
    """The field of a price of a year or a month; None where it does not say which."""
    said = _said(heading)
    if said & _MONTH or any(word.startswith("monats") for word in said):
        return "mrr"
    is_year = said & (_YEAR | _REVENUES) or any(
        word.startswith("jahres") or word.endswith("umsatz") for word in said
    )
    return "arr" if is_year else None


def _said(heading: str) -> set[str]:
    """The words of a heading; `p.a.` and `p.m.` are one."""
    words = f" {plain_words(heading)} ".replace(" p a ", " pa ").replace(" p m ", " pm ")
    return set(words.split())


def _are_numbers(texts: list[str]) -> bool:
    return bool(texts) and are_mostly(is_any_number, texts)
