"""What the sample's CSMs wrote down: goals, a complaint to its end, what we imposed, what we gave.

Kestrel and Tokyo Data are let down by us, Nimbus Weather (of Tokyo Data's health) is looked after.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from cs_workbench.core import memory
from cs_workbench.core.complaints import Move, answer_due, moved
from cs_workbench.core.ids import id_of
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.kept import amendments, new_row, read_kept
from cs_workbench.store.undo import last_undoable
from cs_workbench.workflows.editing import set_field
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import apply_act, remember
from cs_workbench.workflows.sample.events import day
from cs_workbench.workflows.sample.stories import STORIES
from cs_workbench.workflows.voicing import answer_changes, unanswered

Story = tuple[str, str, Callable[[Database, Act, str], object]]


def remember_all(db: Database, csms: Mapping[str, str]) -> dict[str, str]:
    """Write everything down; gives the instant of each change set.

    Args:
        db: a portfolio with the sample's accounts.
        csms: who writes it, by account id.
    """
    keys = {
        row["account_id"]: row["account_key"]
        for row in db.connection.execute("SELECT account_id, account_key FROM account")
    }
    acts: dict[str, str] = {}
    for number, (account_id, on, write_down) in enumerate(sorted(_stories(), key=_when)):
        act = Act(keys[account_id], csms[account_id], day(on))
        moment = dt.datetime.combine(act.today, dt.time(11, 0), dt.UTC)
        write_down(db, act, id_of(moment, number))
        if done := last_undoable(db, act.actor):
            acts[done.change_set_id] = f"{act.today.isoformat()}T17:00:{number:02}Z"
    return acts


def _when(story: Story) -> dt.date:
    return day(story[1])


def _stories() -> Iterator[Story]:
    yield from _kestrel()
    yield from _tokyo()
    yield from _nimbus()
    for one in STORIES:
        if one.started_on < day("01-12"):
            yield one.account_id, "01-12", _imposed("price", "prices +9 % for all plans")
    yield "A001", "06-02", _imposed("CSM", "Ana Ruiz took over from Jon")
    yield "A009", "10-05", _field("value-driver", "one shift less at month end")
    yield "A009", "10-05", _field("fit", "good")
    yield "A018", "09-14", _field("advocacy", "reference")
    yield "A018", "09-14", _field("advisory-board", "yes")
    yield "A005", "10-14", _request("export of approvals to the ERP", "integrations")
    yield (
        "A009",
        "10-20",
        _mention("G2", "One shift less at month end. Exports are clumsy.", 4, "low"),
    )
    yield (
        "A002",
        "11-19",
        _mention("X", "三日も止まったのに、誰も連絡をくれませんでした。", 1, "high"),
    )
    yield "A018", "09-30", _mention("G2", "Funktioniert, und jemand antwortet.", 5, "low")


def _kestrel() -> Iterator[Story]:
    yield "A001", "03-17", _goal("dispatch time per tour", "min", (14, 9, 11), "09-12")
    yield "A001", "03-17", _goal("all depots live by December", "depots", (0, 6, 4), "")
    yield "A001", "03-17", _pain("dispatchers keep a second list in a spreadsheet")
    yield "A001", "07-20", _complaint("invoice of June charged twice", "normal")
    for on, state, verdict in (
        ("07-22", "acknowledged", None),
        ("08-03", "resolved", None),
        ("08-18", "followed up", None),
        ("08-19", "closed", "satisfied"),
    ):
        yield "A001", on, _move(state, verdict)
    yield "A001", "11-16", _concession("refund", "overage of October", 240_000)


def _tokyo() -> Iterator[Story]:
    yield "A002", "11-18", _complaint("同期が三日間止まり、注文が失われました", "urgent")
    yield "A002", "11-20", _move("investigating", None)


def _nimbus() -> Iterator[Story]:
    for on in ("03-03", "06-15", "09-04"):
        yield "A055", on, _answered("Called back about what they had written.")
    yield "A055", "10-07", _answered("Showed their planners the offline mode.")
    yield "A055", "11-06", _promise_kept("log of the night's syncs", "11-03")


def _answered(summary: str) -> Callable[[Database, Act, str], object]:
    """A contact in which we give something, and all that waits of them is answered."""

    def write_down(db: Database, act: Act, row_id: str) -> object:
        row = memory.Touchpoint(
            touchpoint_id=row_id,
            account_key=act.account_key,
            occurred_at=f"{act.today.isoformat()}T14:00:00Z",
            channel="call",
            direction="outbound",
            kind="give",
            summary=summary,
            author=act.actor,
        )
        waiting = unanswered(db, today=act.today, account_key=act.account_key)
        ids = [one.answer.response_id for one in waiting]
        also = [change for response_id in ids for change in answer_changes(act, response_id)]
        return remember(db, act, row, also=also)

    return write_down


def _promise_kept(what: str, made_on: str) -> Callable[[Database, Act, str], object]:
    return lambda db, act, row_id: remember(
        db,
        act,
        memory.Promise(
            promise_id=row_id,
            account_key=act.account_key,
            promised_by="us",
            what=what,
            owner=act.actor,
            made_on=day(made_on),
            due_on=act.today,
            kept_on=act.today,
            state="kept",
        ),
    )


def _goal(
    what: str, unit: str, values: tuple[float, float, float], confirmed: str
) -> Callable[[Database, Act, str], object]:
    baseline, target, now = values

    def write_down(db: Database, act: Act, row_id: str) -> object:
        champion = next(
            (
                one
                for one in read_kept(db, memory.Contact, act.account_key)
                if one.role == "champion"
            ),
            None,
        )
        row = memory.Goal(
            goal_id=row_id,
            account_key=act.account_key,
            what=what,
            unit=unit,
            baseline=baseline,
            target=target,
            now_value=now,
            now_on=day("11-16"),
            due_on=day("12-18"),
            confirmed_by=champion.contact_id if confirmed and champion else None,
            confirmed_on=day(confirmed) if confirmed else None,
            said_on=act.today,
            author=act.actor,
        )
        return remember(db, act, row)

    return write_down


def _pain(what: str) -> Callable[[Database, Act, str], object]:
    return lambda db, act, row_id: remember(
        db,
        act,
        memory.PainPoint(
            pain_point_id=row_id,
            account_key=act.account_key,
            what=what,
            said_on=act.today,
            author=act.actor,
        ),
    )


def _imposed(kind: str, what: str) -> Callable[[Database, Act, str], object]:
    return lambda db, act, row_id: remember(
        db,
        act,
        memory.ImposedChange(
            imposed_change_id=row_id,
            account_key=act.account_key,
            kind=kind,
            what=what,
            announced_on=act.today,
            author=act.actor,
        ),
    )


def _request(what: str, theme: str) -> Callable[[Database, Act, str], object]:
    return lambda db, act, row_id: remember(
        db,
        act,
        memory.ProductRequest(
            product_request_id=row_id,
            account_key=act.account_key,
            what=what,
            theme=theme,
            asked_on=act.today,
            state="planned",
            decided_on=day("11-12"),
            author=act.actor,
        ),
    )


def _mention(
    source: str, text: str, sentiment: int, severity: str
) -> Callable[[Database, Act, str], object]:
    def write_down(db: Database, act: Act, row_id: str) -> object:
        row: dict[str, Value] = {
            "account_key": act.account_key,
            "source": source,
            "said_on": act.today.isoformat(),
            "text": text,
            "sentiment": sentiment,
            "severity": severity,
        }
        told = f"mention on {source}, {severity}"
        return apply_act(db, act, told, [Change("mention", row_id, new=row)])

    return write_down


def _complaint(what: str, severity: str) -> Callable[[Database, Act, str], object]:
    def write_down(db: Database, act: Act, row_id: str) -> object:
        row = memory.Complaint(
            complaint_id=row_id,
            account_key=act.account_key,
            what=what,
            severity=severity,
            owner=act.actor,
            arrived_on=act.today,
            answer_due_on=answer_due(severity, act.today),
            author=act.actor,
        )
        return remember(db, act, row, _step(act, row_id, "received"))

    return write_down


def _move(state: str, verdict: str | None) -> Callable[[Database, Act, str], object]:
    def write_down(db: Database, act: Act, _: str) -> object:
        before = read_kept(db, memory.Complaint, act.account_key)[0]
        after = moved(before, Move(state, told=True, verdict=verdict), act.today)
        step = _step(act, before.complaint_id, state)
        changes = [*amendments(before, after, act.today), new_row(step, act.today)]
        return apply_act(db, act, f"complaint {state}, customer told", changes)

    return write_down


def _step(act: Act, complaint_id: str, state: str) -> memory.ComplaintStep:
    moment = dt.datetime.combine(act.today, dt.time(12, 0), dt.UTC)
    return memory.ComplaintStep(
        complaint_step_id=id_of(moment, act.account_key),
        account_key=act.account_key,
        complaint_id=complaint_id,
        state=state,
        reached_on=act.today,
        told_on=act.today,
        told_how="by phone",
        author=act.actor,
    )


def _concession(kind: str, reason: str, cost_minor: int) -> Callable[[Database, Act, str], object]:
    return lambda db, act, row_id: remember(
        db,
        act,
        memory.Concession(
            concession_id=row_id,
            account_key=act.account_key,
            kind=kind,
            reason=reason,
            cost_minor=cost_minor,
            currency="USD",
            state="approved",
            asked_on=act.today,
            limit_role="csm",
            decided_by=act.actor,
            decided_on=act.today,
            author=act.actor,
        ),
    )


def _field(name: str, value: str) -> Callable[[Database, Act, str], object]:
    return lambda db, act, _: set_field(db, act, name, value)
