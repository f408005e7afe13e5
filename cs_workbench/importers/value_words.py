"""What people write in the cells of their own files, by the word that is ours."""

from collections.abc import Mapping

from cs_workbench.importers.word_tables import Words, words


def _words(**ours: str) -> Words:
    """By our word (`_` for a space), theirs in lower case, separated by `/`."""
    return {name.replace("_", " "): theirs for name, theirs in words(**ours).items()}


PRIORITY = _words(
    low="low / lowest / minor / trivial / p4 / niedrig / gering / basse / faible / baja",
    normal="normal / medium / p3 / mittel / normale / moyenne / media",
    high="high / major / p2 / hoch / haute / élevée / alta",
    urgent="urgent / highest / critical / blocker / p1 / dringend / kritisch / urgente / "
    "critique / crítica",
)
CHANNEL = _words(
    call="call / phone / phone call / telephone / tel / telefon / telefonat / anruf / appel / "
    "téléphone / llamada / teléfono / calls",
    meeting="meeting / meetings / in person / termin / treffen / besprechung / réunion / "
    "rendez-vous / rdv / reunión / cita / qbr / workshop",
    video="video / video call / zoom / teams / ms teams / microsoft teams / google meet / meet / "
    "webex / webinar / videocall / videokonferenz / videoanruf / visio / visioconférence / "
    "videollamada / videoconferencia",
    visit="visit / visits / on site / on-site / onsite / vor ort / besuch / besuche / sur site / "
    "visite / visita",
    email="email / e-mail / emails / mail / correo / courriel / correo electrónico",
    chat="chat / slack / whatsapp / message",
    letter="letter / brief / lettre / carta",
    sms="sms / text message",
)
DIRECTION = _words(
    inbound="inbound / in / incoming / received / from customer / customer / eingehend / eingang / "
    "entrant / reçu / entrante / recibido / recibida",
    outbound="outbound / out / outgoing / sent / from us / us / we / ausgehend / ausgang / sortant "
    "/ envoyé / saliente / enviado / enviada",
)
SURVEY = _words(
    nps="nps / net promoter score",
    csat="csat / satisfaction / customer satisfaction / zufriedenheit / satisfacción",
    ces="ces / effort / customer effort score",
)
PROMISED_BY = _words(
    us="us / we / our side / vendor / supplier / wir / uns / nous / nosotros",
    customer="customer / client / they / them / their side / kunde / cliente",
)
CATEGORY = _words(
    closed="closed / closed won / won / renewed / gewonnen / verlängert / gagné / ganado",
    commit="commit / committed / most likely / sicher",
    likely="likely / best case / pipeline / upside / wahrscheinlich / probable",
    at_risk="at risk / risk / gefährdet / à risque / en riesgo",
    churn_expected="churn expected / churn / closed lost / lost / verloren / perdu / perdido",
    omitted="omitted",
)
ROLE = _words(
    champion="champion / fürsprecher / promotor",
    sponsor="sponsor / executive sponsor / exec sponsor",
    decision_maker="decision maker / decision-maker / economic buyer / buyer / entscheider / "
    "décideur / decisor",
    user="user / end user / power user / admin / anwender / utilisateur / usuario",
    detractor="detractor / blocker / kritiker",
)
STATE = _words(
    open="open / pending / in progress / to do / todo / planned / offen / laufend / in arbeit / "
    "en cours / ouvert / abierto / pendiente / en curso",
    kept="kept / done / completed / complete / closed / delivered / met / erledigt / gehalten / "
    "fait / tenu / tenue / terminé / hecho / cumplido / cumplida",
    broken="broken / missed / not kept / gebrochen / nicht gehalten / non tenu / incumplido",
    renegotiated="renegotiated / moved / postponed / verschoben / reporté / aplazado",
)
STAGE = _words(
    onboarding="onboarding / implementation / kickoff / new / einführung / déploiement",
    adopting="adopting / adoption / nutzung",
    mature="mature / growth / live / steady / active / aktiv",
    renewing="renewing / renewal / verlängerung / renouvellement / renovación",
    churned="churned / churn / lost / cancelled / canceled / former / gekündigt / verloren",
    won_back="won back / winback",
)
FLAG = _words(
    yes="yes / y / true / 1 / x / auto / automatic / automatisch / ja / oui / sí / si",
    no="no / n / false / 0 / manual / manuell / none / nein / non",
)
# By kind and field, the words of which most texts of the field's column have to be one.
ONLY: Mapping[str, Mapping[str, Words]] = {
    "accounts": {"lifecycle_stage": STAGE, "auto_renew": FLAG},
    "subscriptions": {"auto_renew": FLAG},
    "contacts": {"role": ROLE},
    "surveys": {"survey": SURVEY},
    "touchpoints": {"channel": CHANNEL, "direction": DIRECTION},
    "opportunities": {"category": CATEGORY},
    "promises": {"promised_by": PROMISED_BY, "state": STATE},
}
# Fields that have a word for all rows where no column holds them.
USUAL: Mapping[str, Mapping[str, str]] = {
    "surveys": {"survey": "nps"},
    "touchpoints": {"channel": "call", "direction": "outbound"},
    "promises": {"promised_by": "us"},
}


def ours(table: Words, text: str) -> str | None:
    """Our word for a text; None where it is none of theirs."""
    folded = " ".join(text.casefold().split())
    return next((name for name, theirs in table.items() if folded in theirs), None)
