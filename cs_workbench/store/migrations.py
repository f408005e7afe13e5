"""Small named steps from one schema version to the next, all applied in one transaction."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cs_workbench.store import schema
from cs_workbench.store.account_filling import FILLS
from cs_workbench.store.account_triggers import QUICK_CHANGES
from cs_workbench.store.churn_tables import CHURN
from cs_workbench.store.custom_tables import CUSTOM
from cs_workbench.store.edited_fields import CONFLICT_AUTHORS, CONFLICTS
from cs_workbench.store.files import APPLICATION_ID
from cs_workbench.store.hand_over_tables import HAND_OVERS
from cs_workbench.store.import_tables import GIVEN_UP, HANDS, RUN_LOG
from cs_workbench.store.judgement_tables import JUDGEMENTS
from cs_workbench.store.loyalty_tables import LOYALTY
from cs_workbench.store.memory_tables import MEMORY
from cs_workbench.store.metric_tables import METRICS
from cs_workbench.store.optional_prices import make_prices_optional
from cs_workbench.store.play_tables import PLAYS
from cs_workbench.store.renewal_tables import CANCELLED, KEPT, PARTLY_PRICED, RENEWALS
from cs_workbench.store.review_tables import REVIEWS
from cs_workbench.store.search_tables import SEARCH
from cs_workbench.store.signal_tables import RULER_SEGMENTS
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.task_tables import TASKS
from cs_workbench.store.usage_pulls import LATE_EVENTS, PULLS
from cs_workbench.store.usage_tables import USAGE_KINDS

if TYPE_CHECKING:
    from sqlite_utils import Database as Tables


def m1_foundation(tables: "Tables") -> None:
    """Accounts and what happens to them, usage, scores, and the history of all of it."""
    for statement in schema.TABLES:
        tables.execute(statement)
    for table, columns in schema.INDEXES:
        _table(tables, table).create_index([_index_column(name) for name in columns])
    _table(tables, "account").enable_fts(["search_text"], create_triggers=True, tokenize="trigram")
    tables.create_view("usage_day", schema.USAGE_DAY)


def m2_judgements(tables: "Tables") -> None:
    """What people judge beside what is computed, and changes of accounts in a fraction of the time.

    sqlite-utils has the search index written anew at every change of an account.
    """
    for statement in (*JUDGEMENTS, *QUICK_CHANGES):
        tables.execute(statement)


def m3_tasks(tables: "Tables") -> None:
    """Things to do, of an account or of the whole book."""
    for statement in TASKS:
        tables.execute(statement)


def m4_memory(tables: "Tables") -> None:
    """What people remember of an account: goals, complaints, concessions, exits and others."""
    for statement in MEMORY:
        tables.execute(statement)


def m5_intake(tables: "Tables") -> None:
    """Several systems tell of the same accounts; rows that a mapping leaves out are counted."""
    for statement in (*FILLS, *RUN_LOG):
        tables.execute(statement)


def m6_metrics(tables: "Tables") -> None:
    """Closed periods, what was done about missed targets, and two more dates of a subscription."""
    for statement in METRICS:
        tables.execute(statement)


def m7_plays(tables: "Tables") -> None:
    """Playbooks that run on accounts, what is drafted in them, and what they change."""
    for statement in PLAYS:
        tables.execute(statement)


def m8_renewals(tables: "Tables") -> None:
    """Renewals as derived, commitments, notices and outcomes; forecasts say which renewal."""
    for statement in RENEWALS:
        tables.execute(statement)


def m9_usage_pulls(tables: "Tables") -> None:
    """How far events are counted that lie in another engine."""
    for statement in PULLS:
        tables.execute(statement)


def m10_ruler_segments(tables: "Tables") -> None:
    """A ruler can change for some segments alone, and by a file that declares another unit."""
    for statement in RULER_SEGMENTS:
        tables.execute(statement)


def m11_loyalty(tables: "Tables") -> None:
    """Our loyalty, who was asked in surveys, what is said elsewhere, and names of themes."""
    for statement in LOYALTY:
        tables.execute(statement)


def m12_usage(tables: "Tables") -> None:
    """Credits and allowances among the usage metrics, and what counts for each seat."""
    for statement in USAGE_KINDS:
        tables.execute(statement)


def m13_churn(tables: "Tables") -> None:
    """Churn models, which of them is on, and everything that one ever said."""
    for statement in CHURN:
        tables.execute(statement)


def m14_reviews(tables: "Tables") -> None:
    """Renewal reviews: the meeting, its agenda, what was decided."""
    for statement in REVIEWS:
        tables.execute(statement)


def m15_edits(tables: "Tables") -> None:
    """Fields that a person edited and the source has changed since."""
    for statement in CONFLICTS:
        tables.execute(statement)


def m16_search(tables: "Tables") -> None:
    """Everything that was written can be searched: rows queue here until the next search."""
    for statement in SEARCH:
        tables.execute(statement)


def m17_hand_overs(tables: "Tables") -> None:
    """Books that go from one person to another, for good or until a day."""
    for statement in HAND_OVERS:
        tables.execute(statement)


def m18_custom_fields(tables: "Tables") -> None:
    """A team's own fields of accounts, out of columns that nobody else has."""
    for statement in CUSTOM:
        tables.execute(statement)


def m19_kept_statements(tables: "Tables") -> None:
    """What was said of renewals cannot be deleted by hand any more."""
    for statement in KEPT:
        tables.execute(statement)


def m20_conflict_authors(tables: "Tables") -> None:
    """Conflicts with what a colleague says, beside those with a source."""
    for statement in CONFLICT_AUTHORS:
        tables.execute(statement)


def m21_optional_prices(tables: "Tables") -> None:
    """A contract may have no known price, as those of a CRM that keeps none."""
    make_prices_optional(tables)


def m22_late_events(tables: "Tables") -> None:
    """How far events were looked at, and from which day on some came too late."""
    for statement in LATE_EVENTS:
        tables.execute(statement)


def m23_cancelled_renewals(tables: "Tables") -> None:
    """Whether nothing of a renewal is left, which its amounts do not tell."""
    for statement in CANCELLED:
        tables.execute(statement)


def m24_given_up_runs(tables: "Tables") -> None:
    """A pull that was broken off ends when another of its source follows it."""
    for statement in GIVEN_UP:
        tables.execute(statement)


def m25_partly_priced_renewals(tables: "Tables") -> None:
    """Of how many contracts of a renewal no price is known."""
    for statement in PARTLY_PRICED:
        tables.execute(statement)


def m26_hands(tables: "Tables") -> None:
    """What counts of contracts that several sources tell depends on whose they are."""
    for statement in HANDS:
        tables.execute(statement)


Step = Callable[["Tables"], None]
MIGRATIONS: tuple[Step, ...] = (
    m1_foundation,
    m2_judgements,
    m3_tasks,
    m4_memory,
    m5_intake,
    m6_metrics,
    m7_plays,
    m8_renewals,
    m9_usage_pulls,
    m10_ruler_segments,
    m11_loyalty,
    m12_usage,
    m13_churn,
    m14_reviews,
    m15_edits,
    m16_search,
    m17_hand_overs,
    m18_custom_fields,
    m19_kept_statements,
    m20_conflict_authors,
    m21_optional_prices,
    m22_late_events,
    m23_cancelled_renewals,
    m24_given_up_runs,
    m25_partly_priced_renewals,
    m26_hands,
)


def migrate(connection: Connection, *, version: int, steps: Sequence[Step] = MIGRATIONS) -> None:
    """Bring the file from schema `version` to the last step's, or leave it as it was.

    The caller holds the write lock, and no transaction is open.
    """
    from sqlite_utils import Database as Tables

    tables = Tables(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps[version:]:
            step(tables)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _index_column(name: str) -> Any:
    from sqlite_utils.db import DescIndex

    return DescIndex(name[1:]) if name.startswith("-") else name


def _table(tables: "Tables", name: str) -> Any:
    return tables.table(name)
