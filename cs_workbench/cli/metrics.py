"""`csw metrics`: retention of a period, with all that it rests on."""

import datetime as dt
from typing import TYPE_CHECKING, Any, get_args

import click

from cs_workbench.cli.forms import form_options
from cs_workbench.cli.lazy import Entry, LazyGroup
from cs_workbench.cli.output import Column, print_csv, print_json, print_table, say, warn
from cs_workbench.cli.periods import Asked, as_of_option, known_day, period_options
from cs_workbench.cli.session import Session
from cs_workbench.workflows.metric_groups import By

if TYPE_CHECKING:
    from cs_workbench.core.metrics.revenue import Bridge
    from cs_workbench.store.database import Database
    from cs_workbench.workflows.metrics import Answer, MetricReport

COMMANDS = {
    "close": Entry("cs_workbench.cli.metric_closing:close_command", "Freeze a period."),
    "closed": Entry("cs_workbench.cli.metric_closing:closed_command", "List closed periods."),
    "reconcile": Entry(
        "cs_workbench.cli.reconciling:command", "Hold finance's figures against ours."
    ),
    "policy": Entry("cs_workbench.cli.metric_policy:policy", "What counts as churn, and when."),
}
CSV_COLUMNS = (
    *("part", "metric", "value", "unit", "numerator", "denominator", "n", "low", "high"),
    *("from", "to", "currency", "policy", "flags"),
)


@click.group(cls=LazyGroup, entries=COMMANDS, invoke_without_command=True)
@period_options
@click.option("--by", type=click.Choice(get_args(By)), help="Also each part of the book.")
@as_of_option
@click.option("--currency", metavar="CODE", help="Subscriptions in this currency alone.")
@click.option("--all", "everything", is_flag=True, help="Also voice, service, use and outreach.")
@click.option("--accounts", "with_accounts", is_flag=True, help="The accounts behind each number.")
@form_options
@click.pass_context
def metrics(
    context: click.Context,
    /,
    *,
    asked: Asked,
    by: By | None,
    as_of_text: str | None,
    currency: str | None,
    with_accounts: bool,
    everything: bool,
    form: str | None,
) -> None:
    """Tell what was kept: GRR, NRR, CRR, churn three ways, renewal rates, CLV, and the ARR bridge.

    Each number comes with numerator, denominator, n, a 95 % interval, and the policy applied.
    """
    if context.invoked_subcommand is not None:
        return
    session = context.ensure_object(Session)
    with session.open() as db:
        today = session.reading_day(db)
        as_of = known_day(as_of_text, today)
        wanted = {"by": by, "currency": currency, "everything": everything}
        report = _measure(session, db, (asked, today, as_of), wanted)
        if form == "json":
            print_json(_document(db, report, with_accounts=with_accounts))
        elif form == "csv":
            print_csv(CSV_COLUMNS, _rows(report))
        else:
            _print(db, report, with_accounts=with_accounts)


def _measure(
    session: Session,
    db: "Database",
    when: tuple[Asked, dt.date, dt.date],
    wanted: dict[str, Any],
) -> "MetricReport":
    from cs_workbench.workflows.metric_policies import policy_at
    from cs_workbench.workflows.metrics import measure

    asked, today, as_of = when
    policy = policy_at(session.config.metrics)
    period = asked.period(today, policy.fiscal_year_starts)
    return measure(db, period, policy, as_of=as_of, **wanted)


def _document(db: "Database", report: "MetricReport", *, with_accounts: bool) -> dict[str, Any]:
    from cs_workbench.workflows.metric_documents import report_document

    return report_document(db, report, with_accounts=with_accounts)


def _rows(report: "MetricReport") -> list[tuple[object, ...]]:
    from cs_workbench.workflows.metric_documents import report_rows

    return report_rows(report)


def _print(db: "Database", report: "MetricReport", *, with_accounts: bool) -> None:
    from cs_workbench.core.metrics.policy import policy_words
    from cs_workbench.core.metrics.words import part_name

    _print_head(report)
    _print_answer(report.whole)
    for group in report.groups:
        say("")
        say(f"{report.by}: {part_name(group.name)}")
        _print_answer(group)
    if with_accounts:
        _print_accounts(db, report)
    _print_corrections(db, report)
    say("")
    for sentence in policy_words(report.policy):
        say(sentence)


def _print_head(report: "MetricReport") -> None:
    currency = report.whole.currency or "no common currency"
    period = report.period
    say(f"{period.words}, {period.days} days, as known on {report.as_of}, {currency}")
    if report.is_open:
        warn(f"The period is not over: it ends on {report.asked.end}.")
    if report.closed is not None:
        say(report.closed.words)
    say("")


def _print_answer(answer: "Answer") -> None:
    from cs_workbench.core.metrics.words import label_of

    _print_metrics(answer)
    if answer.bridge is not None:
        say("")
        _print_bridge(answer.bridge, answer.currency or "")
    say("")
    say(answer.trust)
    for flag in dict.fromkeys(flag for one in answer.metrics.values() for flag in one.flags):
        said = [label_of(one.key) for one in answer.metrics.values() if flag in one.flags]
        say(f"{', '.join(said)}: {flag}")


def _print_metrics(answer: "Answer") -> None:
    from cs_workbench.core.metrics import words

    currency = answer.currency
    rows = [
        (
            words.label_of(one.key),
            words.shown_value(one, currency),
            words.shown_interval(one, currency),
            f"{one.n:,}",
            words.shown_parts(one, currency),
        )
        for one in answer.metrics.values()
    ]
    headings = ("Value", "95 %", "n", "Over")
    print_table([Column("Metric"), *(Column(one, "right") for one in headings)], rows)


def _print_bridge(bridge: "Bridge", currency: str) -> None:
    from cs_workbench.core.metrics.words import amount, bridge_words

    amounts = bridge.plain()
    print_table(
        [Column("ARR bridge"), Column(currency, "right")],
        [(words, amount(amounts[name], currency)) for name, words in bridge_words(bridge)],
    )


def _print_accounts(db: "Database", report: "MetricReport") -> None:
    from cs_workbench.workflows.metric_documents import account_lines

    for label, rows in account_lines(db, report.whole):
        say("")
        print_table(
            [
                Column(label),
                Column("Account", is_data=True),
                Column("Above", "right"),
                Column("Below", "right"),
            ],
            rows,
        )


def _print_corrections(db: "Database", report: "MetricReport") -> None:
    from cs_workbench.core.metrics.words import amount
    from cs_workbench.workflows.metrics import names_of

    if not report.corrections:
        return
    say("")
    say("Corrections of the closed period before, which count here:")
    names = names_of(db, [one.account_key for one in report.corrections])
    currency = report.whole.currency
    print_table(
        [Column("Account", is_data=True), Column("Frozen", "right"), Column("Known now", "right")],
        [
            (names[one.account_key][1], amount(one.frozen, currency), amount(one.now, currency))
            for one in report.corrections
        ],
    )
