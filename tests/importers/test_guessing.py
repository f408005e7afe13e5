from pathlib import Path

import pytest

from cs_workbench.errors import UsageError
from cs_workbench.importers.formats import inspect_tables
from cs_workbench.importers.guess_files import mapping_text, save_mapping
from cs_workbench.importers.guessing import Guess, corrected, guess
from cs_workbench.importers.tables import inspect_table
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

FIRMS = (
    "Firm;Customer No;Yearly fee;Renews on;Looked after by;Web;Remark\n"
    'Kestrel Logistics;K-1;"12.000,50 €";31.01.2027;Ana;kestrel.com;x\n'
    'Juniper Labs;K-2;"8.000,00 €";15.02.2027;Jon;juniper.io;\n'
)


def guessed(folder: Path, text: str, name: str = "list.csv") -> Guess:
    return guess(inspect_table(write(folder, name, text)))


def test_words_and_what_stands_below_tell_the_fields(tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    assert (found.kind, found.dates, found.numbers) == ("accounts", "dmy", "1.234,5")
    assert found.columns == {
        "account_id": "Customer No",
        "name": "Firm",
        "domain": "Web",
        "csm": "Looked after by",
        "arr": "Yearly fee",
        "renewal_date": "Renews on",
    }
    assert (list(found.questions), found.left_out) == ([], ("Remark",))


@pytest.mark.parametrize(
    ("headings", "row", "columns"),
    [
        (
            "Kunde;Jahresumsatz (EUR);Vertragsende;Betreuer;Lizenzen",
            "Alpha GmbH;12.500,00;31.12.2027;Ana Ruiz;20",
            ("name", "csm", "arr", "seats", "end_date"),
        ),
        (
            "Société;Montant annuel;Échéance;Responsable",
            "Café Lumière;12 500,00;31/12/2027;Ana Ruiz",
            ("name", "csm", "arr", "end_date"),
        ),
        (
            "Cliente;Importe anual;Fecha de renovación;País",
            "Aguas SA;12.500,00;31/12/2027;ES",
            ("name", "region", "arr", "renewal_date"),
        ),
    ],
)
def test_lists_in_german_french_and_spanish(
    tmp_path: Path, headings: str, row: str, columns: tuple[str, ...]
) -> None:
    found = guessed(tmp_path, f"{headings}\n{row}\n")
    assert (found.kind, found.dates, tuple(found.columns)) == ("accounts", "dmy", columns)
    assert not found.left_out


def test_accounts_that_come_again_each_week_are_usage(tmp_path: Path) -> None:
    rows = "Alpha;02.11.2026;120;14\nAlpha;09.11.2026;110;13\n"
    found = guessed(tmp_path, f"Kunde;Woche;Logins;Aktive Nutzer\n{rows}")
    assert (found.kind, found.left_out) == ("usage", ("Logins", "Aktive Nutzer"))
    assert 'period = "week"' in mapping_text(found)
    assert 'period = "day"' in mapping_text(
        guessed(tmp_path, "Customer,Date (times),Logins\nA,2026-11-01,1\nA,2026-11-02,1\n")
    )
    months = "Kundennummer,Monat,Aktive Nutzer,Berichte\nK1,2026-01,39,100\nK1,Feb 2026,38,99\n"
    assert guessed(tmp_path, months).kind == "usage"
    short = guessed(tmp_path, "cust,d,sessions\nK1,2026-09-01,7\nK1,2026-09-02,8\n")
    assert (short.kind, short.rest) == ("usage", "metrics where they hold numbers: sessions")


def test_a_column_for_each_month_is_usage(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK,Kestrel\nJ,Juniper\n")
    text = "Kunde;Betreuer;Ampel;Aug 2026;Sept 2026;Okt 2026\n"
    rows = "Kestrel;Ana;1;310;300;31\nJuniper;Ana;1;;30;62\n"
    found = guessed(tmp_path, f"{text}{rows}", "Logins.csv")
    assert (found.kind, list(found.questions)) == ("usage", [])
    assert found.rest == "a column for each period, Aug 2026 to Okt 2026; left out: Betreuer, Ampel"
    save_mapping(found)
    import_paths(db, [tmp_path], actor="ana")
    read = "SELECT day, value FROM usage_day WHERE account_key = 2 ORDER BY 1"
    days = [tuple(row) for row in db.connection.execute(read)]
    assert (len(days), days[0], days[-1]) == (61, ("2026-09-01", 1), ("2026-10-31", 2))


def test_a_list_with_a_contract_and_some_months_is_of_accounts(tmp_path: Path) -> None:
    text = "Kunde;Betreuer;Jahreswert;Vertragsende;Segment;Aug 2026;Sep 2026\n"
    assert guessed(tmp_path, f"{text}A;Ana;5;31.12.2026;S;1;2\n").kind == "accounts"


@pytest.mark.parametrize(
    ("heading", "amount", "currency"),
    [
        ("ARR (EUR)", "5", "EUR"),
        ("ARR", "5 €", "EUR"),
        ("ARR £", "5", "GBP"),
        ("ARR", "5", None),
        ("ARR (EUR)", "5 £", None),
        ("ARR", "$5", None),
    ],
)
def test_the_currency_is_what_stands_beside_amounts(
    tmp_path: Path, heading: str, amount: str, currency: str | None
) -> None:
    found = guessed(tmp_path, f"Firm,{heading},Renewal\nAlpha,{amount},2027-01-31\n")
    assert found.currency == currency
    assert ("currency =" in mapping_text(found)) == (currency is not None)


def test_a_heading_whose_column_cannot_be_it_is_not_taken(tmp_path: Path) -> None:
    found = guessed(tmp_path, "Company,ARR,Since\nKestrel,high,yesterday\n")
    assert found.columns == {"name": "Company"}


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("2026-01-31",), "iso"),
        (("31/01/2026", "01/02/2026"), "dmy"),
        (("01/31/2026", "02/01/2026"), "mdy"),
        (("2026/01/31",), "ymd"),
        (("01/02/2026", "03/04/2026"), "unsure"),
    ],
)
def test_the_order_of_dates_is_told_by_days_above_twelve_or_asked(
    tmp_path: Path, dates: tuple[str, ...], expected: str
) -> None:
    rows = "".join(f"F{n},5,{day}\n" for n, day in enumerate(dates))
    assert guessed(tmp_path, f"Firm,ARR,Renewal\n{rows}").dates == expected


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
    assert found.rest in {"nothing left out"} or kind == "usage"


def test_what_no_column_says_holds_for_all_rows_until_a_person_says_otherwise(
    tmp_path: Path,
) -> None:
    text = "Customer,Date,Subject,Medium\nK,2026-11-25,hello,fax\nK,2026-11-26,deck,fax\n"
    found = guessed(tmp_path, text, "emails.csv")
    assert found.always == {"channel": "email", "direction": "outbound"}
    assert ("channel", "", "always email") in list(found.told)
    found = corrected(corrected(found, "channel=Video call"), "direction=in")
    assert found.always == {"channel": "video", "direction": "inbound"}
    column = corrected(found, "channel=Medium")
    assert (column.columns["channel"], dict(column.always)) == ("Medium", {"direction": "inbound"})
    assert corrected(column, "channel=").always["channel"] == "call"


@pytest.mark.parametrize(
    ("headings", "score", "survey"),
    [
        ("Customer,Date,Score", "9", "nps"),
        ("Customer,Date,CSAT score", "5", "csat"),
        ("Customer,Date,Rating", "5", "unsure"),
    ],
)
def test_scores_up_to_five_are_not_taken_for_nps(
    tmp_path: Path, headings: str, score: str, survey: str
) -> None:
    found = guessed(tmp_path, f"{headings}\nK,2026-11-25,{score}\n")
    assert found.always == {"survey": survey}
    asked = ["Which survey is it, survey=nps, survey=csat or survey=ces?"]
    assert list(found.questions) == (asked if survey == "unsure" else [])
    assert list(corrected(found, "survey=csat").questions) == []


def test_a_person_corrects_it(tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    found = corrected(found, "segment = rem")
    assert found.columns["segment"] == "Remark"
    found = corrected(corrected(found, "segment="), "numbers=1,234.5")
    assert "segment" not in found.columns
    assert found.numbers == "1,234.5"
    other = corrected(found, "kind=subscriptions")
    assert (other.kind, list(other.questions)) == ("subscriptions", [])


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("hello", "Say FIELD=COLUMN"),
        ("kind=people", "'people' is none of: accounts"),
        ("dates=usa", "dates is one of: iso"),
        ("color=Remark", "accounts have no field 'color'"),
        ("name=Nothing", "'Nothing' is no column: Firm"),
        ("name=", ""),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, said: str, problem: str) -> None:
    found = guessed(tmp_path, FIRMS)
    if not problem:
        assert list(corrected(found, said).questions) == ["Which column is name?"]
        return
    with pytest.raises(UsageError, match=problem):
        corrected(found, said)


def test_a_confirmed_guess_is_a_mapping_beside_the_data(db: Database, tmp_path: Path) -> None:
    found = guessed(tmp_path, FIRMS)
    saved = save_mapping(found)
    assert saved == tmp_path / "list.mapping.toml"
    report = import_paths(db, [tmp_path / "list.csv"], actor="ana")
    assert [(f.kind, f.mapping, f.new, f.rejected) for f in report.files] == [
        ("accounts", "list", 2, 0),
        ("subscriptions", "list", 2, 0),
    ]
    row = db.connection.execute(
        "SELECT account_id, arr_minor, start_date, end_date FROM subscription "
        "JOIN account USING (account_key) ORDER BY 1"
    ).fetchone()
    assert tuple(row) == ("K-1", 1_200_050, "2026-01-31", "2027-01-30")


def test_a_log_of_calls_is_read_with_times_people_and_channels(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel Logistics\n")
    contacts = "contact_id,account_id,name\nc1,K1,Lena Voß\nc2,K1,Mei\n"
    write(tmp_path, "contacts.csv", contacts)
    head = "Day,Start time,Customer,Type,Direction,Who,Length,Outcome"
    rows = (
        "5-Nov-26,9:05 AM,Kestrel Logistics Ltd,Zoom,in,Ana Ruiz; lena voss,30,wants SSO\n"
        "5-Nov-26,12:15 PM,Kestrel Logistics,Phone call,,Lena,5,called back\n"
        "5-Nov-26,,Kestrel Logistics,E-mail,out,,,deck\n"
    )
    save_mapping(guessed(tmp_path, f"{head}\n{rows}"))
    for new in (3, 0):
        report = import_paths(db, [tmp_path], actor="ana")
        calls = next(file for file in report.files if file.kind == "touchpoints")
        assert (calls.new, calls.rejected) == (new, 0)
    read = (
        "SELECT occurred_at, channel, direction, summary, note, contact_id FROM touchpoint "
        "ORDER BY 1"
    )
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("2026-11-05T00:00:00Z", "email", "outbound", "deck", None, None),
        ("2026-11-05T09:05:00Z", "video", "inbound", "wants SSO", "Ana Ruiz; lena voss", "c1"),
        ("2026-11-05T12:15:00Z", "call", "outbound", "called back", "Lena", None),
    ]


def test_one_person_may_answer_twice(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    write(tmp_path, "contacts.csv", "contact_id,account_id,name,email\nc1,K1,Lena,Lena@K.com\n")
    rows = "lena@k.com,Kestrel,9,2026-05-01\nlena@k.com,Kestrel,3,2026-11-01\n"
    save_mapping(guessed(tmp_path, f"Respondent,Customer,NPS,Response date\n{rows}"))
    report = import_paths(db, [tmp_path], actor="ana")
    answers = next(file for file in report.files if file.kind == "surveys")
    assert (answers.new, answers.rejected) == (2, 0)
    known = db.connection.execute("SELECT DISTINCT contact_id FROM survey_response").fetchall()
    assert [tuple(row) for row in known] == [("c1",)]


def test_a_list_beside_other_contracts_does_not_count_them_twice(
    db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nA1,Acme\n")
    contract = "S,A1,1200,2026-01-01,2026-12-31\n"
    head = "subscription_id,account_id,arr,start_date,end_date\n"
    write(tmp_path, "subscriptions.csv", head + contract)
    save_mapping(guessed(tmp_path, "Firma,Jahreswert,Vertragsende\nAcme,1200,2026-12-31\n"))
    import_paths(db, [tmp_path], actor="ana")
    counted = "SELECT count(*), sum(arr_minor) FROM subscription"
    assert tuple(db.connection.execute(counted).fetchone()) == (1, 120_000)


def test_a_column_that_reads_like_a_field_taken_from_another_is_ones_own(
    db: Database, tmp_path: Path
) -> None:
    found = guessed(tmp_path, "Kundennummer,Firma,Ampel\nK1,Acme,rot\n")
    assert (found.kind, found.rest) == ("accounts", "fields of your own: Ampel")
    save_mapping(found)
    said = import_paths(db, [tmp_path / "list.csv"], actor="ana").warnings
    assert said == ("list.csv: columns kept as fields of your own: Ampel (text).",)


def test_headings_of_any_kind_survive_the_file(tmp_path: Path) -> None:
    text = 'Firm "x\\y",Fee | {a:b},Renewal [z]\nKestrel,5,2027-01-01\n'
    found = guessed(tmp_path, text)
    for said in ("name=Firm", "arr=Fee", "renewal_date=Renewal"):
        found = corrected(found, said)
    save_mapping(found)
    assert "prefix" in mapping_text(found)
