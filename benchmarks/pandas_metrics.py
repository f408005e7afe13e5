"""The peer of `csw metrics`: the same questions by a pandas script, as analysts write it."""

import json
import sqlite3
import sys

import pandas as pd

GRACE = pd.Timedelta(days=30)
OPEN = pd.Timestamp("2200-01-01")


def main(path: str, first: str, last: str) -> None:
    """Print the metrics of a period as JSON."""
    connection = sqlite3.connect(path)
    frame = pd.read_sql_query(
        "SELECT account_key, product, arr_minor, start_date, end_date, cancelled_on "
        "FROM subscription WHERE is_trial = 0 AND arr_minor > 0",
        connection,
    )
    for name in ("start_date", "end_date", "cancelled_on"):
        frame[name] = pd.to_datetime(frame[name])
    stop = (frame["end_date"] + pd.Timedelta(days=1)).fillna(OPEN)
    frame["stop"] = stop.where(
        frame["cancelled_on"].isna() | (frame["cancelled_on"] > stop), frame["cancelled_on"]
    )
    frame = frame.sort_values(["account_key", "start_date"])
    t0, t1 = pd.Timestamp(first) - pd.Timedelta(days=1), pd.Timestamp(last)
    found = {**retention(frame, t0, t1), **renewals(frame, t0, t1)}
    found["triangle"] = triangle(frame, t1)
    print(json.dumps(found, default=float))


def positions(frame: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """ARR of each account on a day, late renewals within grace bridged."""
    following = frame.groupby(["account_key", "product"])["start_date"].shift(-1)
    gap = (following - frame["stop"]) <= GRACE
    until = frame["stop"].where(~gap, following)
    active = frame[(frame["start_date"] <= day) & (until > day)]
    return active.groupby("account_key")["arr_minor"].sum()


def retention(frame: pd.DataFrame, t0: pd.Timestamp, t1: pd.Timestamp) -> dict[str, float]:
    """GRR, NRR, CRR, churn three ways and the bridge."""
    both = pd.concat([positions(frame, t0), positions(frame, t1)], axis=1).fillna(0)
    both.columns = ["a", "b"]
    there = both[both["a"] > 0]
    opening = there["a"].sum()
    kept = there[["a", "b"]].min(axis=1)
    first = frame.groupby("account_key")["start_date"].min()
    new = both[(both["a"] == 0) & (both["b"] > 0)]
    back = first.reindex(new.index) <= t0
    low = frame["start_date"].clip(lower=t0)
    high = frame["stop"].clip(upper=t1)
    days = (high - low).dt.days.clip(lower=0).groupby(frame["account_key"]).sum().sum()
    lost = int((there["b"] == 0).sum())
    return {
        "grr": kept.sum() / opening,
        "nrr": there["b"].sum() / opening,
        "crr": 1 - lost / len(there),
        "adjusted": lost / ((len(there) + int((both["b"] > 0).sum())) / 2),
        "predictive": (t1 - t0).days * lost / days,
        "new": new.loc[~back, "b"].sum(),
        "reactivation": new.loc[back, "b"].sum(),
        "expansion": (there["b"] - kept).sum(),
        "contraction": (there["a"] - kept)[there["b"] > 0].sum(),
        "churn": there.loc[there["b"] == 0, "a"].sum(),
    }


def renewals(frame: pd.DataFrame, t0: pd.Timestamp, t1: pd.Timestamp) -> dict[str, float]:
    """Renewals due in the period, and how many were won."""
    due = frame[(frame["end_date"] > t0) & (frame["end_date"] <= t1)]
    pairs = due.merge(frame, on="account_key", suffixes=("", "_next"))
    late = pairs["start_date_next"] - pairs["stop"]
    won = pairs[(late >= pd.Timedelta(0)) & (late <= GRACE)]
    renewed = won.groupby("account_key")["arr_minor_next"].sum()
    owed = due.groupby("account_key")["arr_minor"].sum()
    kept = pd.concat([owed, renewed.reindex(owed.index).fillna(0)], axis=1).min(axis=1)
    purchases = frame[frame["start_date"] <= t1].groupby("account_key")["start_date"].nunique()
    return {
        "gross_renewal_rate": kept.sum() / owed.sum(),
        "logo_renewal_rate": len(renewed) / len(owed),
        "repeat_purchase_rate": float((purchases > 1).mean()),
    }


def triangle(frame: pd.DataFrame, t1: pd.Timestamp) -> int:
    """Accounts and ARR by start month and month of age; gives the number of cells."""
    ends = pd.date_range(frame["start_date"].min(), t1, freq="ME")
    first = frame.groupby("account_key")["start_date"].min().dt.to_period("M")
    cells = []
    for end in ends:
        active = frame[(frame["start_date"] <= end) & (frame["stop"] > end)]
        by_account = active.groupby("account_key")["arr_minor"].sum()
        cohort = first.reindex(by_account.index)
        cells.append(by_account.groupby(cohort).agg(["count", "sum"]))
    return sum(len(one) for one in cells)


if __name__ == "__main__":
    main(*sys.argv[1:4])
