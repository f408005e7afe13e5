"""Who may leave, by a model that is stored or made on the spot; and why."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

import numpy as np

from cs_workbench.churn.columns import RENEWAL, inputs_of
from cs_workbench.churn.contracts import read_contracts
from cs_workbench.churn.evidence import Evidence, evidence_of
from cs_workbench.churn.features import Source, no_health, source_of
from cs_workbench.churn.history import Floats
from cs_workbench.churn.leaks import without
from cs_workbench.churn.models import Model, read_model
from cs_workbench.churn.panel import Panel, snapshot
from cs_workbench.churn.selection import Task
from cs_workbench.churn.telling import Told, told_of, value_told
from cs_workbench.churn.training import train
from cs_workbench.core.money import minor_digits
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.churn_accounts import AccountBrief, account_briefs
from cs_workbench.store.churn_ledger import MILLION
from cs_workbench.store.churn_models import StoredModel, list_models
from cs_workbench.store.churn_usage import read_metrics, recorded_days
from cs_workbench.store.database import Database
from cs_workbench.store.database import snapshot as database_snapshot
from cs_workbench.store.neglect import neglected_of
from cs_workbench.workflows.churn import Past, read_past, run_backtest
from cs_workbench.workflows.churn_health import past_scores
from cs_workbench.workflows.churn_history import load_history

SURE = {"closed": 0.0, "commit": 0.05, "likely": 0.25, "at risk": 0.55, "churn expected": 0.85}
FAR_APART, MUCH_RISK = 3.0, 0.15


@dataclass(frozen=True)
class Prediction:
    """One account.

    Attributes:
        told: the probability and what it is made of; of a band its bounds alone count.
        arr: in force, in major units; None where unknown.
        expected_loss: ARR x probability; of a band None.
        disagrees: the CSM's newest forecast says something else.
        is_treated: a play is running.
    """

    brief: AccountBrief
    told: Told
    arr: float | None
    expected_loss: float | None
    disagrees: bool
    is_treated: bool
    features_hash: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Predictions:
    """All accounts that are customers, those with most ARR at risk first.

    Attributes:
        is_on: the model is the one in use; `is_stored` or made on the spot.
        verdict: the sentence of its record.
    """

    as_of: dt.date
    model: Model
    is_on: bool
    is_stored: bool
    verdict: str
    accounts: tuple[Prediction, ...]

    @property
    def is_band(self) -> bool:
        """Too few ever left: no probability is given."""
        return self.model.method == "band"


def train_now(past: Past, task: Task) -> Model:
    """A model of everything whose window has closed, without what raised an alarm."""
    sample = past.sample(task)
    sample = without(sample, past.alarms(sample))
    cut = dt.date.fromordinal(past.history.data_end).isoformat()
    return train(sample, task, data_cut=cut, segments=past.history.segments)


def predict(
    db: Database, *, as_of: dt.date, card: Scorecard, task: Task, named: str | None = None
) -> Predictions:
    """Everybody's probability on a day.

    The model that is named, else the one in use or the newest for the same question; where there
    is none, one is made and tested on the spot, and not kept.

    Raises:
        NotFoundError: no model has the name.
    """
    stored = _stored(db, task, named)
    if stored is None:
        past = read_past(db, as_of=as_of, card=card)
        record = run_backtest(past, task, as_of=as_of, with_leads=False).verdict.sentence
        day = min(past.history.data_end, as_of.toordinal())
        source = _with_health_on(db, past.source, day, card)
        return _predicted(db, source, train_now(past, task), day, stored=None, record=record)
    source, day = read_today(db, as_of=as_of, card=card)
    model, record = read_model(stored.text), _verdict(stored)
    return _predicted(db, source, model, day, stored=stored, record=record)


def read_today(db: Database, *, as_of: dt.date, card: Scorecard) -> tuple[Source, int]:
    """What a prediction of one day needs, and that day: not after the last thing recorded."""
    history = load_history(db, as_of=as_of, metrics=card.metrics, whole=False)
    contracts = read_contracts(history)
    bare = source_of(history, contracts, no_health(history.size))
    day = history.data_end
    return _with_health_on(db, bare, day, card), day


def _with_health_on(db: Database, source: Source, day: int, card: Scorecard) -> Source:
    scores = past_scores(db, source.history, source.contracts, [day], card)
    return source_of(source.history, source.contracts, scores.health)


def _stored(db: Database, task: Task, named: str | None) -> StoredModel | None:
    from cs_workbench.store.churn_models import find_model

    if named:
        return find_model(db.connection, named)
    models = list_models(db.connection)
    asked = (task.horizon, task.lead)
    fitting = [one for one in models if _question(one) == asked]
    return next((one for one in fitting if one.is_on), fitting[0] if fitting else None)


def _question(stored: StoredModel) -> tuple[int, int]:
    import json

    given = json.loads(stored.text)
    return given["horizon"], given["lead"]


def _predicted(
    db: Database,
    source: Source,
    model: Model,
    day: int,
    *,
    stored: StoredModel | None,
    record: str,
) -> Predictions:
    panel = snapshot(source, day)
    as_of = dt.date.fromordinal(day)
    with database_snapshot(db) as connection:
        briefs = account_briefs(connection, as_of)
    accounts = _by_arr_at_risk(_accounts(source, panel, model, briefs), model)
    return Predictions(
        as_of=as_of,
        model=model,
        is_on=stored is not None and stored.is_on,
        is_stored=stored is not None,
        verdict=record,
        accounts=tuple(accounts),
    )


def _verdict(stored: StoredModel) -> str:
    import json

    return str(json.loads(stored.record).get("verdict", ""))


def _by_arr_at_risk(accounts: Iterable[Prediction], model: Model) -> list[Prediction]:
    """Those with most ARR at risk first; an ARR that is not known counts as the middle one."""
    every = list(accounts)
    typical = median_low([one.arr for one in every if one.arr] or [1.0])

    def place(one: Prediction) -> tuple[float, float, str]:
        chance = one.told.high if model.method == "band" else one.told.probability
        worth = (typical if one.arr is None else one.arr) * chance
        return -worth, -one.told.probability, one.brief.account_id

    return sorted(every, key=place)


def _accounts(
    source: Source, panel: Panel, model: Model, briefs: Mapping[int, AccountBrief]
) -> list[Prediction]:
    inputs = inputs_of(panel, horizon=model.horizon, lead=model.lead)
    parts = model.contributions(inputs)
    low, high = model.intervals(inputs)
    hashes = _hashes(panel)
    found = []
    for row, account in enumerate(panel.account.tolist()):
        brief = briefs.get(int(source.history.account_keys[account]))
        if brief is None:
            continue
        moved = [
            (name, float(parts[row, place]), *_value(model, name, inputs, row))
            for place, name in enumerate(model.drivers)
        ]
        told = told_of(model.base, moved, (float(low[row]), float(high[row])))
        arr = float(panel.arr[row]) if np.isfinite(panel.arr[row]) else None
        is_band = model.method == "band"
        found.append(
            Prediction(
                brief=brief,
                told=told,
                arr=arr,
                expected_loss=None if arr is None or is_band else arr * told.probability,
                disagrees=not is_band and _disagrees(told, brief.forecast),
                is_treated=brief.is_treated,
                features_hash=hashes[row],
            )
        )
    return found


def _value(
    model: Model, name: str, inputs: Mapping[str, Floats], row: int
) -> tuple[float | None, str]:
    value = float(inputs["weeks_left" if name == RENEWAL else name][row])
    return (value if np.isfinite(value) else None), value_told(model, name, value)


def _hashes(panel: Panel) -> list[str]:
    """A hash of each row's features, so that a later reader can tell whether they were the same."""
    rows: Floats = np.concatenate(
        [panel.values, panel.health[:, None], panel.weeks_left[:, None]], axis=1
    )
    return [hashlib.blake2b(row.tobytes(), digest_size=8).hexdigest() for row in rows]


def _disagrees(told: Told, category: str | None) -> bool:
    """The CSM says safe and the model much more than typical, or the other way round."""
    if category is None or category not in SURE:
        return False
    said = SURE[category]
    if said <= SURE["likely"]:
        return told.probability >= max(MUCH_RISK, FAR_APART * max(said, told.typical))
    return told.high < said / FAR_APART


def with_evidence(
    db: Database, source: Source, found: Prediction, day: int
) -> tuple[Evidence, ...]:
    """The rows that an account's snapshot rests on."""
    key = found.brief.account_key
    with database_snapshot(db) as connection:
        used = {
            one.name: recorded_days(connection, one.metric_id, key, day)
            for one in read_metrics(connection)
        }
    place = int(np.searchsorted(source.history.account_keys, key))
    return tuple(evidence_of(source, place, day, used))


def in_minor(amount: float | None, currency: str) -> int | None:
    """Major units as the store keeps money; None where it is not known."""
    return None if amount is None else round(amount * 10 ** minor_digits(currency))


def neglected(db: Database, accounts: Sequence[Prediction], *, today: dt.date) -> list[Prediction]:
    """Those of the accounts that the list's view of that name has, by these predictions."""
    losses = [
        (
            one.brief.account_key,
            round(one.told.probability * MILLION) * minor,
        )
        for one in accounts
        if one.expected_loss is not None
        and (minor := in_minor(one.arr, one.brief.currency)) is not None
    ]
    with database_snapshot(db) as connection:
        keys = neglected_of(connection, losses, today)
    return [one for one in accounts if one.brief.account_key in keys]
