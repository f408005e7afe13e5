"""Reading what people wrote down of one account."""

from collections import defaultdict

from cs_workbench.core import memory
from cs_workbench.core.page_memory import PageMemory, Profile
from cs_workbench.store.custom_fields import custom_fields, custom_values
from cs_workbench.store.database import Database
from cs_workbench.store.kept import contact_names, read_kept


def load_page_memory(db: Database, account_key: int) -> PageMemory:
    """Everything that is remembered of an account that is no event of another table."""
    steps: dict[str, list[memory.ComplaintStep]] = defaultdict(list)
    for one in reversed(read_kept(db, memory.ComplaintStep, account_key)):
        steps[one.complaint_id].append(one)
    return PageMemory(
        profile=load_profile(db, account_key),
        goals=tuple(read_kept(db, memory.Goal, account_key)),
        pains=tuple(read_kept(db, memory.PainPoint, account_key)),
        complaints=tuple(read_kept(db, memory.Complaint, account_key)),
        steps={key: tuple(found) for key, found in steps.items()},
        concessions=tuple(read_kept(db, memory.Concession, account_key)),
        imposed=tuple(read_kept(db, memory.ImposedChange, account_key)),
        requests=tuple(read_kept(db, memory.ProductRequest, account_key)),
        incidents=tuple(read_kept(db, memory.Incident, account_key)),
        exits=tuple(read_kept(db, memory.ExitReason, account_key)),
        notes=tuple(read_kept(db, memory.Note, account_key)),
        names=contact_names(db, account_key),
    )


def load_profile(db: Database, account_key: int) -> Profile:
    """What a person judged of the account as a whole."""
    row = db.connection.execute(
        "SELECT value_driver, fit, advisory_board, advocacy, preferred_channel FROM account "
        "WHERE account_key = ?",
        (account_key,),
    ).fetchone()
    if row is None:
        return Profile()
    fields = custom_fields(db.connection)
    values = custom_values(db.connection, account_key)
    custom = tuple((fields[name].label, value) for name, value in values.items())
    return Profile(row[0], row[1], bool(row[2]), row[3], row[4], custom)
