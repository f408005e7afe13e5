"""What people call our fields in the headings of their own files, most usual first."""

from collections.abc import Mapping

from cs_workbench.importers.word_tables import Words, phrases, words

_ACCOUNT_REF = (
    "account id / customer id / company id / client id / crm id / account number / account / "
    "account name / customer / customer name / company / company name / client / organization / "
    "organisation / cust / cust id / acct / acct id / tenant / tenant id / workspace / "
    "workspace id / org / org id / customers / firm"
)
_ACCOUNT_NAME = "account name / customer name / company name / client name / organization name"
_ENGLISH: Mapping[str, Words] = {
    "accounts": words(
        account_id="account id / customer id / company id / client id / crm id / account number / "
        "customer number / account no / customer no / client no / account key / id / key / number",
        name="name / account name / customer name / company name / client name / account / "
        "customer / company / client / firm / organization / organisation / kunde / kundenname / "
        "firma / firmenname / unternehmen / nom du client / société / entreprise / cliente / "
        "nombre del cliente / empresa / raison sociale / razón social",
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
        arr="arr / annual recurring revenue / annual fee / yearly fee / annual value / "
        "contract value / acv / revenue / annual contract value",
        mrr="mrr / monthly recurring revenue / monthly fee / monthly value",
        seats="seats / licenses / licences / users / seats bought / contracted seats",
        start_date="contract start / contract start date / start date / start / term start / "
        "from / begin / starts",
        end_date="contract end / contract end date / end date / expiry / expires / expiry date / "
        "term end / until / valid until / end",
        renewal_date="renewal date / renewal / renews / renews on / next renewal",
        notice_days="notice days / notice / notice period",
        auto_renew="auto renew / auto renewal / renews automatically / renewal",
        product="product / products / module",
    ),
    "subscriptions": words(
        subscription_id="subscription id / contract id / contract no / contract number / "
        "subscription / contract / id",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        product="product / products / module",
        plan="plan / edition / package",
        seats="seats / licenses / licences / quantity / users",
        arr="arr / annual recurring revenue / annual fee / yearly fee / annual value / "
        "contract value / acv / amount",
        mrr="mrr / monthly recurring revenue / monthly fee",
        currency="currency / ccy",
        start_date="start date / contract start / start / begin / from / term start / starts",
        end_date="end date / contract end / end / expiry / expires / until / term end",
        renewal_date="renewal date / renewal / renews / renews on",
        notice_days="notice days / notice / notice period",
        auto_renew="auto renew / auto renewal / renewal",
    ),
    "contacts": words(
        contact_id="contact id / person id / id",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        name="full name / contact name / contact / contacts / name / person / user / user name / "
        "ansprechpartner / kontakt / kontaktperson / interlocuteur / contacto / "
        "persona de contacto",
        first_name="first name / given name / forename / first",
        last_name="last name / surname / family name / last",
        email="email / e mail / email address / mail",
        title="title / job title / position / function / role / rolle / rôle / rol",
        role="role / buying role / persona / rolle / rôle / rol",
    ),
    "tickets": words(
        ticket_id="ticket id / ticket / ticket number / case number / case id / issue key / "
        "issue id / issue / request id / id / number / key",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        email="requester email / email / e mail / requester / mail",
        opened_at="opened at / created at / created / opened / date opened / created time / "
        "submitted at / date",
        closed_at="closed at / solved at / closed / resolved at / resolved / date closed / "
        "close date",
        first_response_at="first response at / first reply at / first response",
        priority="priority / severity / urgency",
        subject="subject / title / summary",
        csat="csat / satisfaction / rating",
        channel="channel / via / source",
    ),
    "surveys": words(
        response_id="response id / id / survey id",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        email="email / e mail / respondent / person / mail",
        answered_at="answered at / responded at / response date / submitted at / created at / "
        "date / timestamp / completed at / submitted",
        score="score / nps / nps score / rating / answer / recommend / how likely",
        comment="comment / comments / feedback / reason / verbatim / why / notes / "
        "improve / do better",
        survey="survey type / survey / kind / type",
    ),
    "usage": words(
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        date="date / day / week / month / period / week of / week starting / d / dt / "
        "calendar week",
        metric="metric / measure / kpi",
        value="value / count / total",
    ),
    "touchpoints": words(
        touchpoint_id="touchpoint id / meeting id / call id / activity id / engagement id / "
        "interaction id / conference id / event id / task id / id / uid / uuid",
        account_ref=_ACCOUNT_REF + " / regarding / related to",
        account_name=_ACCOUNT_NAME,
        email="email / e mail / mail / customer email / contact email / attendee emails / "
        "attendees / participants / invitees / guests / people / contact / contacts / to / with",
        occurred_at="date / meeting date / call date / contact date / activity date / "
        "date of call / date of meeting / occurred at / started at / started / held / scheduled / "
        "starts at / start time / start date / start / starts / begin / date time / datetime / "
        "timestamp / held on / when / day / time",
        time="time / start time / time of day / at / begin / hour",
        summary="subject / summary / title / topic / agenda / what / about",
        note="notes / note / minutes / description / details / body / outcome / comment / "
        "comments / remarks / text / next steps",
        channel="channel / contact type / activity type / meeting type / engagement type / type / "
        "medium / via / mode / format / kind / art / kontaktart / type de contact / tipo / "
        "tipo de contacto / medio",
        direction="direction / call type / in out / inbound outbound / initiated by",
        people="attendees / participants / people / contact / contacts / contact name / with / "
        "who / guests / invitees / invitee / spoke with / spoke to / met with / person",
        purpose="purpose / kind / type / category / meeting type / activity type",
        sentiment="sentiment / mood",
        author="csm / owner / organizer / organiser / host / logged by / author / assigned to / "
        "assigned / agent / rep / account manager / created by / responsible",
    ),
    "invoices": words(
        invoice_id="invoice id / invoice number / invoice no / invoice / bill number / "
        "document number / "
        "document no / number / no / id",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME + " / contact name / bill to",
        amount="amount / invoice amount / total / gross amount / gross / net amount / net / sum",
        currency="currency / ccy",
        issued_on="invoice date / issued on / issue date / issued / billed on / date / created",
        due_on="due date / due on / due / payable by",
        paid_on="paid on / payment date / date paid / paid at / paid / settled on",
    ),
    "opportunities": words(
        opportunity_id="opportunity id / deal id / opportunity / opportunity name / deal / "
        "deal name / "
        "renewal id / renewal / id / vorgang / opportunité / oportunidad",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        category="forecast category / forecast / category / outlook / prognose / prévision / "
        "previsión",
        amount="amount / arr / arr to renew / renewal amount / value",
        currency="currency / ccy",
        closes_on="close date / closes on / expected close / renewal date / abschluss / "
        "abschlussdatum / date de clôture / fecha de cierre",
        probability="probability / likelihood / confidence / wahrscheinlichkeit / probabilité / "
        "probabilidad",
        next_step="next step / next steps / nächster schritt / prochaine étape / próximo paso",
        narrative="narrative / notes / note / comment / comments / description / bemerkung / "
        "commentaire / comentario",
        author="owner / csm / author / opportunity owner / deal owner / responsible",
    ),
    "promises": words(
        promise_id="promise id / commitment id / id / number / no",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        what="promise / commitment / what / what was promised / what we promised / promised / "
        "description / details / subject",
        promised_by="promised by / who promised / by / side / who",
        owner="owner / responsible / csm / assigned to / assigned",
        made_on="made on / made / promised on / date promised / agreed on / given on / date / "
        "created",
        due_on="due on / due date / due / by when / deadline",
        kept_on="kept on / done on / delivered on / completed on",
        state="state / status",
        evidence="evidence / proof",
    ),
    "churn_events": words(
        churn_event_id="churn id / churn event id / id",
        account_ref=_ACCOUNT_REF,
        account_name=_ACCOUNT_NAME,
        churned_on="churn date / churned on / churned at / churned / lost on / date lost / "
        "cancelled on / canceled on / cancellation date / left on / date",
        reason="reason / churn reason / why / cause",
        feedback="feedback / comment / comments / notes / note / details",
    ),
}
_NUMBER_ABROAD = (
    "kundennummer / kunden nr / kundennr / kunden id / debitor / debitorennummer / numéro client / "
    "n client / code client / número de cliente / n cliente / código de cliente"
)
# German, French and Spanish, for a field of whatever kind.
_ABROAD: Words = words(
    account_id=_NUMBER_ABROAD,
    account_ref=f"{_NUMBER_ABROAD} / kunde / kundenname / firma / unternehmen / client / "
    "nom du client / société / entreprise / cliente / nombre del cliente / empresa / "
    "raison sociale / razón social",
    account_name="kundenname / firmenname / nom du client / nombre del cliente / raison sociale / "
    "razón social",
    name="name / nom / nombre",
    domain="webseite / internetseite / site web / sitio web / página web",
    segment="segment / größe / klasse / taille / catégorie / segmento / tamaño / categoría",
    industry="branche / secteur / activité / sector / industria",
    region="region / land / gebiet / région / pays / región / país",
    csm="betreuer / betreuerin / kundenbetreuer / ansprechpartner intern / zuständig / "
    "responsable / chargé de compte / gestor / gestor de cuenta",
    started_on="kunde seit / client depuis / cliente desde",
    currency="währung / devise / moneda / divisa",
    arr="jahresumsatz / jahreswert / jahresgebühr / vertragswert / revenu annuel / "
    "montant annuel / valeur du contrat / ingresos anuales / importe anual / valor del contrato",
    mrr="monatsumsatz / monatsgebühr / revenu mensuel / montant mensuel / cuota mensual / "
    "importe mensual",
    seats="lizenzen / anzahl lizenzen / nutzer / plätze / licences / utilisateurs / postes / "
    "licencias / usuarios / asientos",
    start_date="vertragsbeginn / beginn / laufzeitbeginn / début du contrat / date de début / "
    "inicio del contrato / fecha de inicio / inicio",
    end_date="vertragsende / ende / laufzeitende / läuft bis / gültig bis / "
    "laufzeit bis / vertrag bis / fin du contrat / "
    "date de fin / échéance / fin del contrato / fecha de fin / vencimiento / fin",
    renewal_date="verlängerung / verlängerung am / date de renouvellement / renouvellement / "
    "fecha de renovación / renovación",
    notice_days="kündigungsfrist / préavis / preaviso",
    auto_renew="automatische verlängerung / verlängerung / renouvellement automatique / "
    "renovación automática",
    product="produkt / modul / produit / producto",
    plan="tarif / paket / formule / plan",
    first_name="vorname / prénom / nombre",
    last_name="nachname / nom de famille / apellidos",
    email="e mail adresse / courriel / adresse e mail / correo / correo electrónico",
    title="position / funktion / fonction / poste / cargo / puesto",
    subscription_id="vertragsnummer / vertragsnr / vertrag / n contrat / numéro de contrat / "
    "contrat / contrato / n contrato / número de contrato",
    ticket_id="ticketnummer / ticketnr / ticket nr / vorgangsnummer / vorgang / fallnummer / "
    "numéro de ticket / n ticket / número de ticket / n de ticket / número de caso",
    opened_at="erstellt am / eröffnet / eingang / gemeldet am / angelegt am / datum / créé le / "
    "ouvert le / date de création / date / creado el / abierto / fecha de creación / fecha",
    closed_at="geschlossen am / gelöst am / fermé le / résolu le / cerrado el / resuelto el",
    priority="priorität / dringlichkeit / priorité / prioridad",
    subject="betreff / thema / sujet / objet / asunto",
    answered_at="beantwortet am / datum / répondu le / date / respondido el / fecha",
    score="bewertung / note / puntuación / puntaje",
    comment="kommentar / bemerkung / commentaire / comentario",
    invoice_id="rechnungsnummer / rechnung / belegnummer / facture / numéro de facture / "
    "n facture / factura / número de factura / n factura",
    amount="betrag / rechnungsbetrag / brutto / netto / summe / montant / montant ttc / importe / "
    "total",
    issued_on="rechnungsdatum / datum / date de facture / date de facturation / fecha de factura / "
    "fecha",
    due_on="fällig am / fällig / fälligkeit / fälligkeitsdatum / zieltermin / échéance / "
    "date d échéance / vencimiento / fecha de vencimiento",
    paid_on="bezahlt am / bezahlt / zahldatum / zahlungseingang / payé le / date de paiement / "
    "pagado el / fecha de pago",
    occurred_at="datum / termin / beginn / gesprächsdatum / wann / date / date de réunion / "
    "date d appel / fecha / fecha de reunión / inicio / tag",
    time="uhrzeit / zeit / heure / hora",
    summary="betreff / thema / titel / anlass / sujet / objet / asunto / tema",
    note="notizen / notiz / gesprächsnotiz / protokoll / inhalt / ergebnis / compte rendu / "
    "remarques / notas / observaciones / resumen / bemerkung / commentaire",
    channel="kanal / canal",
    direction="richtung / sens / dirección / sentido",
    people="teilnehmer / beteiligte / gesprächspartner / ansprechpartner / kontakt / "
    "interlocuteur / contact / asistentes / participantes / contacto / interlocutor",
    purpose="zweck / art / but / motif / motivo",
    sentiment="stimmung / humeur / ánimo",
    author="betreuer / betreuerin / organisator / erfasst von / verantwortlich / organisateur / "
    "responsable / organizador / gestor",
    what="zusage / versprechen / zugesagt / promesse / engagement / promesa / compromiso",
    promised_by="von wem / wer / par qui / qui / quién / por quién",
    owner="verantwortlich / zuständig / responsable",
    made_on="zugesagt am / versprochen am / datum / promis le / date / prometido el / fecha",
    kept_on="erledigt am / gehalten am / fait le / tenu le / cumplido el / hecho el",
    state="status / stand / état / statut / estado",
    churned_on="kündigungsdatum / gekündigt am / gekündigt zum / kündigung zum / verloren am / "
    "date de résiliation / résilié le / perdu le / fecha de baja / baja / perdido el",
    reason="grund / kündigungsgrund / motif / raison / motivo / razón",
    feedback="rückmeldung / kommentar / bemerkung / commentaire / comentario",
    survey="umfrage / enquête / encuesta",
    date="datum / tag / woche / kw / kalenderwoche / monat / semaine / mois / jour / "
    "fecha / semana / mes / día",
    metric="kennzahl / messgröße / indicateur / métrica",
    value="wert / anzahl / valeur / valor",
)
# Kinds whose rows a person's own file may hold, in the order in which ties are decided.
WORDS: Mapping[str, Words] = {
    kind: {name: (*usual, *_ABROAD.get(name, ())) for name, usual in fields.items()}
    for kind, fields in _ENGLISH.items()
}
_ACCOUNT = ("account_ref", "account_name")
# The fields without which a kind cannot be read; of several in one tuple one is enough.
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "accounts": (("name",),),
    "subscriptions": (
        _ACCOUNT,
        ("arr", "mrr", "subscription_id"),
        ("end_date", "renewal_date", "start_date"),
    ),
    "contacts": ((*_ACCOUNT, "email"), ("name", "first_name", "last_name", "email")),
    "tickets": (("ticket_id",), (*_ACCOUNT, "email"), ("opened_at",)),
    "surveys": ((*_ACCOUNT, "email"), ("answered_at",), ("score",)),
    "usage": (_ACCOUNT, ("date",)),
    "touchpoints": (
        (*_ACCOUNT, "email"),
        ("occurred_at",),
        ("summary", "note", "channel", "direction", "people"),
    ),
    "invoices": (("invoice_id",), _ACCOUNT, ("amount",), ("issued_on",)),
    "opportunities": (("opportunity_id",), _ACCOUNT, ("category",)),
    "promises": (_ACCOUNT, ("what",), ("made_on",)),
    "churn_events": (_ACCOUNT, ("churned_on",)),
}
DATES = frozenset(
    {"started_on", "start_date", "end_date", "renewal_date", "answered_at", "date", "issued_on"}
    | {"closes_on"}
    | {"due_on", "paid_on", "made_on", "kept_on", "churned_on"}
)
MOMENTS = frozenset({"opened_at", "closed_at", "first_response_at", "answered_at", "occurred_at"})
AMOUNTS = frozenset({"arr", "mrr", "amount"})
NUMBERS = AMOUNTS | {"seats", "notice_days", "score", "csat", "value", "sentiment", "probability"}
# Fields that are never mere numbers: `Calls` with a count below it is no channel.
TEXTS = frozenset({"summary", "note", "people", "author", "what", "plan"})
# When something was: no heading with one of these words tells it, as `last meeting date`.
HAPPENED = frozenset({"opened_at", "answered_at", "occurred_at", "date", "made_on", "issued_on"})
OTHER_DAYS = frozenset(
    phrases(
        "last / next / by / due / close / closing / renewal / expiry / end / ended / updated / "
        "modified / closed / solved / paid / previous / follow / letzte / letzter / letztes / "
        "nächste / nächster / nächstes / fällig / dernier / dernière / prochain / prochaine / "
        "fin / último / última / próximo / próxima"
    )
)
# Part of a heading that says the end of a contract, whether or not it says what that costs.
OF_TERMS = phrases(
    "contract / renew / expir / term end / vertrag / laufzeit / contrat / échéance / vencim"
)
# Part of a heading or of the file's name where the rows are of the kind; else they are not.
TOLD_BY = words(
    invoices="invoice / rechnung / factur",
    opportunities="renewal / forecast / verlängerung / prognose / renouvel / prévision / "
    "renovaci / "
    "previsi",
    promises="promise / commitment / zusage / versprechen / promesse / promesa / compromiso",
    churn_events="churn / lost / cancel / kündigung / gekündigt / verloren / résili / perdu / "
    "baja / perdido",
)
# Headings that tell a kind though nothing is made of them.
HINTS = words(
    tickets="status / assignee / sla / tags / group / bearbeiter / statut / estado",
    touchpoints="duration / minutes / dauer / durée / duración / location / ort / lieu / lugar / "
    "recording",
)
# What files and sheets of a kind are called.
CALLED = words(
    subscriptions="contract / subscription / vertr / contrat / abonnement / suscripci",
    tickets="ticket / case / issue / support",
    surveys="survey / nps / csat / umfrage / enquête / encuesta",
    usage="usage / login / activity / nutzung / utilisation / uso",
    touchpoints="meeting / call / touchpoint / visit / contact log / termin / anruf / besuch / "
    "gespräch / appel / réunion / visite / llamada / reunión / visita",
)
