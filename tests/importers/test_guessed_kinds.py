"""What the rows of a table are taken for, in four languages."""

from pathlib import Path

import pytest

from cs_workbench.importers.formats import inspect_tables
from cs_workbench.importers.guessing import guess
from tests.importers.sources import guessed, write


@pytest.mark.parametrize(
    ("headings", "row", "kind"),
    [
        ("Person,E-Mail,Company", "Ruth Adler,ruth@kestrel.com,Kestrel", "contacts"),
        ("Case number,Customer,Opened,Severity", "1,Kestrel,2026-11-01,high", "tickets"),
        ("Respondent,Rating,Response date", "ruth@kestrel.com,9,2026-11-01", "surveys"),
        ("Customer,Contract no,ARR,Until,Start", "K,1,5,2027-01-01,2026-01-01", "subscriptions"),
    ],
)
def test_kinds(tmp_path: Path, headings: str, row: str, kind: str) -> None:
    assert guessed(tmp_path, f"{headings}\n{row}\n").kind == kind


CONTACTS = [
    (
        "meetings.jsonl",
        '{"id":"m1","started_at":"2026-11-05T14:30:00Z","account":"K","subject":"QBR",'
        '"direction":"outbound","people":["Lena","Ana"],"duration_minutes":45,"notes":"ok"}\n'
        '{"id":"m2","started_at":"2026-11-06T09:00:00Z","account":"K","subject":"Help",'
        '"direction":"inbound","people":["Lena"],"duration_minutes":15,"notes":null}\n',
    ),
    ("log.csv", "Customer,Date,Notes\nK,11/25/2026,renewal\nK,11/26/2026,sent the deck\n"),
    (
        "anrufe.csv",
        "Datum;Uhrzeit;Kunde;Betreff;Richtung;Teilnehmer;Dauer;Notizen\n"
        "05.11.2026;14:30;Kestrel;QBR;ausgehend;Lena;45;gut\n",
    ),
    (
        "suivi.csv",
        "Date de réunion;Client;Objet;Type de contact;Interlocuteur;Compte rendu\n"
        "25/11/2026;Café Lumière;Bilan;Visite;Jean;ok\n",
    ),
    (
        "registro.csv",
        "Fecha;Hora;Cliente;Asunto;Canal;Asistentes;Notas\n"
        "25/11/2026;10:00;Aguas SA;Revisión;Llamada;Luz;bien\n",
    ),
    (
        "report.csv",
        "Date,Assigned,Subject,Company / Account,Contact,Activity Type,Status\n"
        "11/25/2026,Ana,Deck,Kestrel,Lena,Email,Completed\n",
    ),
]


@pytest.mark.parametrize(("name", "text"), CONTACTS, ids=[name for name, _ in CONTACTS])
def test_tables_of_meetings_and_calls_are_touchpoints(tmp_path: Path, name: str, text: str) -> None:
    found = guess(inspect_tables(write(tmp_path, name, text))[0])
    assert (found.kind, list(found.questions)) == ("touchpoints", [])


OTHERS = [
    ("ID,Customer,Date,Subject,Status,Assignee\n1,K,2026-11-01,slow,open,Ana\n", "tickets"),
    ("Id,Customer,Created,Subject,Channel\n1,K,2026-11-01,slow,Email\n", "tickets"),
    (
        "Ticketnummer;Kunde;Erstellt am;Betreff;Kanal\n1;K;05.11.2026 14:30;kaputt;Telefon\n",
        "tickets",
    ),
    ("Customer,Date,Channel,Score,Comment\nK,2026-11-01,Email,9,fine\n", "surveys"),
    ("Customer,Date,Calls,Meetings,Minutes\nK,2026-11-01,5,2,30\nK,2026-11-02,5,2,1\n", "usage"),
    ("Customer,Date,Logins,Notes\nK,2026-11-01,5,fine\nK,2026-11-02,5,\n", "usage"),
    ("Customer,Date,Type,Metric,Value\nK,2026-11-01,Call,logins,5\n", "usage"),
    ("Customer,CSM,Last meeting date,Next call\nK,Ana,2026-11-01,2026-12-01\n", "accounts"),
    ("Name,Company,Email,Last activity date\nLena,K,l@k.com,2026-11-01\n", "contacts"),
    ("Customer,ARR,Renewal date,Date of last call,Notes\nK,5,2027-01-01,2026-11-01,\n", "accounts"),
]


@pytest.mark.parametrize(("text", "kind"), OTHERS)
def test_touchpoints_take_no_table_of_another_kind(tmp_path: Path, text: str, kind: str) -> None:
    assert guessed(tmp_path, text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Rechnungsnummer;Kunde;Betrag;Rechnungsdatum;Fällig am;Bezahlt am\n"
            "R1;Alpha;1.200,00 €;05.11.2026;05.12.2026;\n",
            "invoices",
        ),
        ("ID,Customer,Date,Amount\n1,K,2026-11-01,5\n", "tickets"),  # nothing says invoice
        (
            "Customer,Promise,Owner,Made on,Due,Status\nK,SSO,Ana,2026-11-01,2027-01-31,open\n",
            "promises",
        ),
        (
            "Renewal,Account,Amount,Forecast,Close date\nR1,K,5,Best case,2027-01-31\n",
            "opportunities",
        ),
        (  # a list of accounts that also says what is expected
            "Customer,ARR,Renewal date,Forecast,CSM,Next step\nK,5,2027-01-31,Commit,Ana,call\n",
            "accounts",
        ),
        ("Deal,Account,Amount,Stage,Close date\nD1,K,5,Demo,2027-01-31\n", "accounts"),
        ("Kunde;Kündigungsdatum;Grund\nAlpha;31.03.2026;Preis\n", "churn_events"),
        ("Customer,CSM,ARR,Churn date\nK,Ana,5,\nL,Ana,6,2026-11-02\nM,Jon,7,\n", "accounts"),
    ],
)
def test_invoices_promises_and_lost_customers_say_so(tmp_path: Path, text: str, kind: str) -> None:
    assert guessed(tmp_path, text).kind == kind


ABROAD = [
    (
        "contacts",
        "Vorname;Nachname;Firma;E-Mail;Funktion\nLena;Voss;Alpha;lena@alpha.de;COO\n",
        "Prénom;Nom de famille;Société;Courriel;Fonction\nJean;Bon;Alpha;j@alpha.fr;DG\n",
        "Nombre;Apellidos;Empresa;Correo;Cargo\nLuz;Paz;Alpha;l@alpha.es;CEO\n",
    ),
    (
        "tickets",
        "Ticketnr.;Kunde;Datum;Gelöst am;Priorität;Betreff\nT1;A;05.11.2026 14:30;;hoch;x\n",
        "N° ticket;Client;Créé le;Priorité;Objet\n1;A;05/11/2026;haute;x\n",
        "Número de ticket;Cliente;Fecha;Prioridad;Asunto\n1;A;05/11/2026;alta;x\n",
    ),
    (
        "surveys",
        "Kunde;Datum;NPS;Kommentar\nA;05.11.2026;9;gut\n",
        "Client;Date;Note;Commentaire\nA;05/11/2026;9;bien\n",
        "Cliente;Fecha;Puntuación;Comentario\nA;05/11/2026;9;bien\n",
    ),
    (
        "usage",
        "Kundennr.;Woche;Aktive Nutzer;Anmeldungen\n1;2026-10-05;9;4\n1;2026-10-12;8;3\n",
        "Client;Semaine;Connexions\nA;2026-10-05;9\nA;2026-10-12;8\n",
        "Cliente;Mes;Sesiones\nA;2026-09;9\nA;2026-10;8\n",
    ),
    (
        "subscriptions",
        "Vertragsnummer;Kunde;Produkt;Jahreswert;Vertragsbeginn;Vertragsende\n"
        "1;A;Basis;5;01.01.2026;31.12.2026\n",
        "N° contrat;Client;Produit;Montant annuel;Date de début;Date de fin\n"
        "1;A;Base;5;01/01/2026;31/12/2026\n",
        "Contrato;Cliente;Producto;Importe anual;Fecha de inicio;Fecha de fin\n"
        "1;A;Base;5;01/01/2026;31/12/2026\n",
    ),
    (
        "invoices",
        "Rechnungsnr.;Kunde;Betrag;Rechnungsdatum;Fällig am\nR1;A;5;05.11.2026;05.12.2026\n",
        "Facture;Client;Montant TTC;Date de facture;Échéance\nR1;A;5;05/11/2026;05/12/2026\n",
        "Factura;Cliente;Importe;Fecha;Vencimiento\nR1;A;5;05/11/2026;05/12/2026\n",
    ),
    (
        "promises",
        "Kunde;Zusage;Zugesagt am;Fällig;Status\nA;SSO;05.11.2026;05.12.2026;offen\n",
        "Client;Promesse;Promis le;Échéance;Statut\nA;SSO;05/11/2026;05/12/2026;en cours\n",
        "Cliente;Compromiso;Fecha;Vencimiento;Estado\nA;SSO;05/11/2026;05/12/2026;abierto\n",
    ),
    (
        "churn_events",
        "Kunde;Gekündigt zum;Grund\nA;31.03.2026;Preis\n",
        "Client;Date de résiliation;Motif\nA;31/03/2026;prix\n",
        "Cliente;Fecha de baja;Motivo\nA;31/03/2026;precio\n",
    ),
]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, *texts in ABROAD for text in texts]
)
def test_every_kind_is_guessed_in_german_french_and_spanish(
    tmp_path: Path, kind: str, text: str
) -> None:
    found = guessed(tmp_path, text)
    assert (found.kind, found.missing) == (kind, [])
    metrics = f"metrics where they hold numbers: {', '.join(found.left_out)}"
    assert found.rest == (metrics if kind == "usage" else "nothing left out")


# As tools without a mapping of ours write them.
TOOLS = [
    (
        "surveys",
        "Respondent ID,Start Date,End Date,Email Address,How likely would you recommend us?,Why?\n"
        "1,11/25/2026 10:00:00 AM,11/25/2026 10:02:00 AM,lena@kestrel.com,9,good\n",
        ("email", "answered_at", "score", "comment"),
    ),
    (
        "touchpoints",
        "Call ID,Title,Account,Started,Duration,Participants,Owner\n"
        "1,QBR,Kestrel,2026-11-05T10:00:00Z,1800,Lena;Ana,Ana\n",
        ("touchpoint_id", "account_ref", "occurred_at", "summary", "people", "author"),
    ),
    (
        "tickets",
        "Issue key,Summary,Status,Priority,Created,Resolved,Organization\n"
        "SUP-1,slow,Done,High,05/Nov/26 2:30 PM,06/Nov/26 9:00 AM,Kestrel\n",
        ("ticket_id", "account_ref", "opened_at", "closed_at", "priority", "subject"),
    ),
    (
        "invoices",
        "ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,Currency\n"
        "Kestrel,INV-1,25/11/2026,05/12/2026,1200.50,EUR\n",
        ("invoice_id", "account_name", "amount", "currency", "issued_on", "due_on"),
    ),
    (
        "invoices",
        "id,Amount Due,Currency,Customer,Customer Name,Date (UTC),Number,Invoice Status\n"
        "in_1,100.00,eur,cus_1,Kestrel,2026-11-01 10:00,A-1,open\n",
        ("invoice_id", "account_ref", "account_name", "amount", "currency", "issued_on"),
    ),
    (
        "surveys",
        "Timestamp,Email address,Company,How likely are you to recommend us (0-10)?,"
        "What could we do better?\n11/25/2026 10:00:00,lena@k.com,Kestrel,9,Nothing\n",
        ("account_ref", "email", "answered_at", "score", "comment"),
    ),
    (
        "touchpoints",
        "Invitee Name,Invitee Email,Event Type Name,Start Date & Time\n"
        "Lena Voss,lena@k.com,QBR,2026-11-05 14:30\n",
        ("email", "occurred_at", "channel", "people"),
    ),
    (
        "contacts",
        "First,Last,Org,Mail,Position,Last request,First seen\n"
        "Lena,Voss,Kestrel,lena@k.com,COO,2026-11-01,2026-10-01\n",
        ("account_ref", "first_name", "last_name", "email", "title"),
    ),
    (
        "promises",
        "Customer,Commitment,Who,By when,Made\nKestrel,SSO,us,2027-01-31,2026-11-01\n",
        ("account_ref", "what", "promised_by", "made_on", "due_on"),
    ),
]


@pytest.mark.parametrize(("kind", "text", "fields"), TOOLS)
def test_exports_of_tools_without_a_mapping(
    tmp_path: Path, kind: str, text: str, fields: tuple[str, ...]
) -> None:
    found = guessed(tmp_path, text)
    assert (found.kind, tuple(found.columns), found.missing) == (kind, fields, [])


CONTRACTS = [
    "Contract No,Customer,Start date,End date,Seats\nC1,K,2026-02-01,2027-01-31,20\n",
    "Contract ID,Customer ID,Begin,Expiry,Product,Licenses\nC1,K1,2026-02-01,2027-01-31,Core,20\n",
    "Contract,Account,Term start,Term end,Status\nC1,K,2026-02-01,2027-01-31,Active\n",
    "Subscription,Customer,Plan,Quantity,Start,End\nsub_1,K,Pro,5,2026-02-01,2027-01-31\n",
    "Vertragsnummer;Kunde;Vertragsbeginn;Vertragsende;Lizenzen\nV1;A;01.02.2026;31.01.2027;20\n",
    "N° contrat;Client;Date de début;Date de fin;Postes\n1;A;01/02/2026;31/01/2027;5\n",
    "Contrato;Cliente;Fecha de inicio;Fecha de fin;Licencias\n1;A;01/02/2026;31/01/2027;5\n",
]


@pytest.mark.parametrize("text", CONTRACTS)
def test_contracts_with_numbers_of_their_own_need_no_price(tmp_path: Path, text: str) -> None:
    head, row, *_ = text.split("\n")
    second = row.replace("1", "2", 1)  # another one of the same customer
    for rows in (row, f"{row}\n{second}"):
        found = guessed(tmp_path, f"{head}\n{rows}\n")
        assert (found.kind, list(found.questions)) == ("subscriptions", [])
        assert {"subscription_id", "account_ref", "start_date", "end_date"} <= set(found.columns)
        assert found.writing.endswith(", contracts of unknown price")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Id,Customer,Created,Subject,Contract\n1,K,2026-11-01,slow,C1\n", "tickets"),
        (
            "Case number,Contract,Customer,Start date,End date,Priority\n"
            "1,C1,K,2026-11-01,2026-11-02,high\n",
            "tickets",
        ),
        ("Contract,Customer,Date,Logins\nC1,K,2026-11-01,5\nC1,K,2026-11-02,5\n", "usage"),
        ("Invoice,Customer,Contract,Amount,Date\n1,K,C1,5,2026-11-01\n", "invoices"),
        (
            "Training ID,Customer,Workshop,Start date,End date\n1,K,A,2026-11-01,2026-11-02\n",
            "accounts",
        ),
        ("ID,Customer,Start date,End date,Seats\n1,K,2026-02-01,2027-01-31,20\n", "accounts"),
        (
            "Customer ID,Customer,Contract start,Contract end\n1,K,2026-02-01,2027-01-31\n",
            "accounts",
        ),
        (
            "Customer,Contract number,CSM,Segment,Contract end\nK,C1,Ana,Big,2027-01-28\n",
            "accounts",
        ),
    ],
)
def test_contracts_without_a_price_take_no_table_of_another_kind(
    tmp_path: Path, text: str, kind: str
) -> None:
    found = guessed(tmp_path, text)
    assert (found.kind, list(found.questions)) == (kind, [])


@pytest.mark.parametrize(
    "heading", ["Phone number", "Contract number", "Key contact", "VAT number"]
)
def test_a_number_of_something_else_is_no_id_of_an_account(tmp_path: Path, heading: str) -> None:
    found = guessed(tmp_path, f"Customer,{heading},CSM,Segment\nK,7,Ana,Big\n")
    assert (found.kind, "account_id" in found.columns) == ("accounts", False)
    named = guessed(tmp_path, "Customer,Client key number,CSM\nK,7,Ana\n")
    assert named.columns["account_id"] == "Client key number"
