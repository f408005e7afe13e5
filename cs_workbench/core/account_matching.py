"""Whether two systems mean the same account: ids, domains and names made comparable."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from cs_workbench.core.text import fold

_SALESFORCE = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
_CHECKING = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_WORDS = re.compile(r"[^\W_]+")
# Anybody may have an address there: it says nothing of the company.
_MAIL = """gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com
aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net web.de
mail.ru yandex.ru yandex.com qq.com 163.com 126.com zoho.com fastmail.com hey.com t-online.de
orange.fr free.fr laposte.net libero.it"""
PUBLIC_MAIL = frozenset(_MAIL.split())
_SECOND = "co com org net gov edu ac gob or ne go in"
SECOND_LEVEL = frozenset(_SECOND.split())  # under these, companies begin one label further left
_FORMS = """inc incorporated llc llp lp ltd limited plc corp corporation co company gmbh mbh ag kg
kgaa ug se sa sas sarl srl spa sl slu bv nv vof oy oyj ab as asa aps pty pte pvt private kk ltda
sro spzoo doo kft zrt ohg ev eg"""
LEGAL_FORMS = frozenset(_FORMS.split())
# `kestrel logistic` and `kestrel logistics` are, `acme north` and `acme south` not
ALIKE = 0.86
BEGIN, END = 4, 7  # letters


@dataclass(frozen=True, slots=True)
class AccountNames:
    """What a row says of its account besides an id; None where it says nothing.

    Attributes:
        crm_id: its id in the CRM.
        domain: of its website or of an e-mail address, as `domain_of` gives it.
        name: as the file has it.
    """

    crm_id: str | None = None
    domain: str | None = None
    name: str | None = None


def salesforce_id(text: str) -> str:
    """A Salesforce id in its 18 characters; a text that is none comes back as it was.

    Case counts in the 15 characters that reports and URLs show. The three that are added say which
    letters are capitals, five at a time (Salesforce, "How to convert a 15-character ID").
    """
    if len(text) != 15 or not _SALESFORCE.fullmatch(text) or not any(map(str.isdigit, text)):
        return text
    ending = ""
    for begin in range(0, 15, 5):
        capitals = sum(
            1 << at for at, sign in enumerate(text[begin : begin + 5]) if "A" <= sign <= "Z"
        )
        ending += _CHECKING[capitals]
    return text + ending


def domain_of(text: str) -> str | None:
    """The domain of a website or an e-mail address; None if it has none that tells a company."""
    host = text.strip().casefold().rsplit("@", 1)[-1].split("://", 1)[-1]
    host = re.split(r"[/?#:\s>,;]", host, maxsplit=1)[0].removeprefix("www.").rstrip(".")
    if not _HOST.fullmatch(host) or host in PUBLIC_MAIL:
        return None
    return host


def wider_domains(domain: str) -> list[str]:
    """The domain and those that it is part of, `app.acme.co.uk` and `acme.co.uk`."""
    labels = domain.split(".")
    least = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    return [".".join(labels[at:]) for at in range(max(len(labels) - least, 0) + 1)]


def company_name(text: str) -> str:
    """The name without case, accents, punctuation and legal form; empty if nothing is left.

    `Kestrel Logistics, Inc.` and `KESTREL LOGISTICS` are one company.
    """
    words = _WORDS.findall(fold(text).replace("&", " and ").replace("'", "").replace(".", ""))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def edges(name: str) -> frozenset[tuple[str, str]]:
    """How a name, as `company_name` gives it, begins and ends: a misspelt one has one of both.

    More names end alike than begin alike (`logistics`), so more letters tell of an end.
    """
    return frozenset({("begins", name[:BEGIN]), ("ends", name[-END:])})


def are_alike(first: str, second: str) -> bool:
    """Whether two names, as `company_name` gives them, may mean one company: worth asking."""
    if min(len(first), len(second)) < 4:
        return False
    matcher = SequenceMatcher(a=first, b=second, autojunk=False)
    return (
        matcher.real_quick_ratio() >= ALIKE
        and matcher.quick_ratio() >= ALIKE
        and matcher.ratio() >= ALIKE
    )
