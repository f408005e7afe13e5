"""What people call our fields in the headings of their own files, most usual first."""

from collections.abc import Mapping


def _words(**fields: str) -> Mapping[str, tuple[str, ...]]:
    """By field, phrases that are separated by `/`."""
    return {name: tuple(part.strip() for part in text.split("/")) for name, text in fields.items()}


_ACCOUNT_REF = (
    "account id / customer id / company id / client id / crm id / account number / account / "
    "account name / customer / customer name / company / company name / client / organization / "
    "organisation / cust / cust id / acct / acct id / tenant / tenant id / workspace / "
    "workspace id / org / org id"
)
_ENGLISH: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "accounts": _words(
        account_id="account id / customer id / company id / client id / crm id / account number / "
        "customer number / account no / customer no / client no / account key / id / key / number",
        name="name / account name / customer name / company name / client name / account / "
        "customer / company / client / firm / organization / organisation",
        domain="domain / website / web site / web / url / homepage",
        segment="segment / tier / size / class / category",
        industry="industry / vertical / sector / branch",
        region="region / country / territory / geo / market",
        csm="csm / customer success manager / owner / account manager / cs manager / manager / "
        "responsible / looked after by",
        lifecycle_stage="lifecycle stage / lifecycle / stage / phase",
        started_on="customer since / since / signed on / signup date / started on / onboarded",
        currency="currency / ccy",
        # of the contract that the account has
        arr="arr / annual recurring revenue / annual fee / yearly fee / annual value / contract "
        "value / acv / revenue / annual contract value",
        mrr="mrr / monthly recurring revenue / monthly fee / monthly value",
        seats="seats / licenses / licences / users / seats bought / contracted seats",
        start_date="contract start / contract start date / start date / start / term start / from",
        end_date="contract end / contract end date / end date / expiry / expires / expiry date / "
        "term end / until / valid until",
        renewal_date="renewal date / renewal / renews / renews on / next renewal",
        notice_days="notice days / notice / notice period",
        auto_renew="auto renew / auto renewal / renews automatically",
        product="product / products / module",
    ),
    "subscriptions": _words(
        subscription_id="subscription id / contract id / contract no / contract number / "
        "subscription / contract / id",
        account_ref=_ACCOUNT_REF,
        product="product / products / module",
        plan="plan / edition / package",
        seats="seats / licenses / licences / quantity / users",
        arr="arr / annual recurring revenue / annual fee / yearly fee / annual value / contract "
        "value / acv / amount",
        mrr="mrr / monthly recurring revenue / monthly fee",
        currency="currency / ccy",
        start_date="start date / contract start / start / begin / from / term start",
        end_date="end date / contract end / end / expiry / expires / until / term end",
        renewal_date="renewal date / renewal / renews / renews on",
        notice_days="notice days / notice / notice period",
        auto_renew="auto renew / auto renewal",
    ),
    "contacts": _words(
        contact_id="contact id / person id / id",
        account_ref=_ACCOUNT_REF,
        name="full name / contact name / contact / name / person",
        first_name="first name / given name / forename",
        last_name="last name / surname / family name",
        email="email / e mail / email address / mail",
        title="title / job title / position / function",
        role="role",
    ),
    "tickets": _words(
        ticket_id="ticket id / ticket / case number / case id / issue id / issue / id / number",
        account_ref=_ACCOUNT_REF,
        email="requester email / email / e mail / requester",
        opened_at="opened at / created at / created / opened / date opened / submitted at / date",
        closed_at="closed at / solved at / closed / resolved at / resolved / date closed",
        first_response_at="first response at / first reply at / first response",
        priority="priority / severity / urgency",
        subject="subject / title / summary",
        csat="csat / satisfaction / rating",
        channel="channel / via / source",
    ),
    "surveys": _words(
        response_id="response id / id / survey id",
        account_ref=_ACCOUNT_REF,
        email="email / e mail / respondent / person",
        answered_at="answered at / responded at / response date / submitted at / created at / date",
        score="score / nps / nps score / rating / answer",
        comment="comment / feedback / reason / verbatim",
    ),
    "usage": _words(
        account_ref=_ACCOUNT_REF,
        date="date / day / week / month / period / week of / week starting / d / dt",
        metric="metric / measure / kpi",
        value="value / count / total",
    ),
}
# German, French and Spanish, for a field of whatever kind.
_ABROAD: Mapping[str, tuple[str, ...]] = _words(
    account_id="kundennummer / kunden nr / kundennr / debitor / numéro client / n° client / "
    "code client / número de cliente / código de cliente",
    account_ref="kunde / kundenname / firma / kundennummer / client / nom du client / société / "
    "cliente / nombre del cliente / empresa",
    name="kunde / kundenname / firma / firmenname / unternehmen / name / client / nom du client / "
    "société / entreprise / nom / cliente / nombre del cliente / empresa / nombre",
    domain="webseite / internetseite / site web / sitio web / página web",
    segment="segment / größe / klasse / taille / catégorie / segmento / tamaño / categoría",
    industry="branche / secteur / activité / sector / industria",
    region="region / land / gebiet / région / pays / región / país",
    csm="betreuer / betreuerin / kundenbetreuer / ansprechpartner intern / zuständig / "
    "responsable / chargé de compte / gestor / gestor de cuenta",
    started_on="kunde seit / client depuis / cliente desde",
    currency="währung / devise / moneda / divisa",
    arr="jahresumsatz / jahreswert / jahresgebühr / vertragswert / revenu annuel / montant "
    "annuel / valeur du contrat / ingresos anuales / importe anual / valor del contrato",
    mrr="monatsumsatz / monatsgebühr / revenu mensuel / montant mensuel / cuota mensual / "
    "importe mensual",
    seats="lizenzen / anzahl lizenzen / nutzer / plätze / licences / utilisateurs / postes / "
    "licencias / usuarios",
    start_date="vertragsbeginn / beginn / laufzeitbeginn / début du contrat / date de début / "
    "inicio del contrato / fecha de inicio",
    end_date="vertragsende / ende / laufzeitende / läuft bis / gültig bis / fin du contrat / "
    "date de fin / échéance / fin del contrato / fecha de fin / vencimiento",
    renewal_date="verlängerung / verlängerung am / date de renouvellement / renouvellement / "
    "fecha de renovación / renovación",
    notice_days="kündigungsfrist / préavis / preaviso",
    auto_renew="automatische verlängerung / renouvellement automatique / renovación automática",
    product="produkt / modul / produit / producto",
    plan="tarif / paket / formule / plan",
    first_name="vorname / prénom / nombre",
    last_name="nachname / nom de famille / apellidos",
    email="e mail adresse / courriel / adresse e mail / correo / correo electrónico",
    title="position / funktion / fonction / poste / cargo / puesto",
    opened_at="erstellt am / eröffnet / eingang / créé le / ouvert le / creado el / abierto",
    closed_at="geschlossen am / gelöst am / fermé le / résolu le / cerrado el / resuelto el",
    priority="priorität / dringlichkeit / priorité / prioridad",
    subject="betreff / thema / sujet / objet / asunto",
    answered_at="beantwortet am / répondu le / respondido el",
    score="bewertung / note / puntuación",
    comment="kommentar / bemerkung / commentaire / comentario",
    date="datum / tag / woche / monat / semaine / mois / jour / fecha / semana / mes / día",
    metric="kennzahl / messgröße / indicateur / métrica",
    value="wert / anzahl / valeur / valor",
)
# Kinds whose rows a person's own file may hold, in the order in which ties are decided.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    kind: {name: (*phrases, *_ABROAD.get(name, ())) for name, phrases in fields.items()}
    for kind, fields in _ENGLISH.items()
}
# The fields without which a kind cannot be read; of several in one tuple one is enough.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "accounts": (("name",),),
    "subscriptions": (
        ("account_ref",),
        ("arr", "mrr"),
        ("end_date", "renewal_date", "start_date"),
    ),
    "contacts": (("account_ref", "email"), ("name", "first_name", "last_name", "email")),
    "tickets": (("ticket_id",), ("account_ref", "email"), ("opened_at",)),
    "surveys": (("account_ref", "email"), ("answered_at",), ("score",)),
    "usage": (("account_ref",), ("date",)),
}
DATES = frozenset({"started_on", "start_date", "end_date", "renewal_date", "answered_at", "date"})
MOMENTS = frozenset({"opened_at", "closed_at", "first_response_at", "answered_at"})
AMOUNTS = frozenset({"arr", "mrr"})
NUMBERS = AMOUNTS | {"seats", "notice_days", "score", "csat", "value"}
