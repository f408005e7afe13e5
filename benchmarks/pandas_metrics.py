"""The peer of `csw metrics`: the same numbers by a pandas script, as analysts write it.

It knows the default policy and one currency, reads what is known today alone, and gives with each
number what is above and below its line, n, its interval, and the accounts behind it.
"""

import json
import math
import sqlite3
import sys

import pandas as pd

GRACE = pd.Timedelta(days=30)
DAY = pd.Timedelta(days=1)
OPEN = pd.Timestamp("2200-01-01")
Z = 1.959963984540054


def main(path: str, first: str, last: str, today: str) -> None:
    """Print the metrics of a period, the retention triangle and the survival curve as JSON."""
    terms = read(path)
    start, end, now = pd.Timestamp(first) - DAY, pd.Timestamp(last), pd.Timestamp(today)
    steps = steps_of(terms, now)
    found = Found()
    book = both_ends(steps, start, end)
    revenue(found, book, start)
    customers(found, book, start, (end - start).days)
    renewals(found, terms, (start, end, now))
    purchases(found, terms, end)
    print(
        json.dumps(
            {
                "metrics": found.metrics,
                "bridge": found.bridge,
                "triangle": triangle(steps, now),
                "curve": curve(steps, now),
            }
        )
    )


class Found:
    """The metrics so far, each with the accounts behind it."""

    def __init__(self) -> None:
        self.metrics: dict[str, list[float | int | None]] = {}
        self.accounts: dict[str, pd.DataFrame] = {}
        self.bridge: dict[str, int] = {}

    def add(
        self,
        name: str,
        above: pd.Series,
        below: pd.Series,
        limits: tuple[float, float] | None = None,
        n: int | None = None,
    ) -> None:
        """A quotient of sums, by Wilson unless limits are given."""
        top, bottom, count = int(above.sum()), int(below.sum()), len(below) if n is None else n
        if limits is None and bottom:
            limits = wilson(top / bottom, bottom)
        self.metrics[name] = [top, bottom, count, *(limits or (None, None))]
        self.accounts[name] = pd.DataFrame({"above": above, "below": below})

    def money(
        self, name: str, above: pd.Series, below: pd.Series, n: int | None = None
    ) -> tuple[float, float]:
        """A share of money: Wilson over the effective number of accounts."""
        share = above.sum() / below.sum()
        weight = below.astype("float64")
        size = weight.sum() ** 2 / (weight**2).sum()
        limits = wilson(share, size)
        self.add(name, above, below, limits, n)
        return limits


def read(path: str) -> pd.DataFrame:
    """Paid terms, with the first day without entitlement."""
    terms = pd.read_sql_query(
        "SELECT account_key, product, arr_minor, start_date, end_date, cancelled_on "
        "FROM subscription WHERE is_trial = 0 AND arr_minor > 0",
        sqlite3.connect(path),
    )
    for name in ("start_date", "end_date", "cancelled_on"):
        terms[name] = pd.to_datetime(terms[name])
    stop = (terms["end_date"] + DAY).fillna(OPEN)
    terms["cancelled"] = terms["cancelled_on"] <= stop
    terms["stop"] = stop.where(~terms["cancelled"], terms["cancelled_on"])
    terms = terms[terms["start_date"] < terms["stop"]]
    return terms.sort_values(["account_key", "product", "start_date"], ignore_index=True)


def steps_of(terms: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """From which day to which each account pays what, late renewals and short gaps bridged."""
    following = terms.groupby(["account_key", "product"])["start_date"].shift(-1)
    gap = following - terms["stop"]
    until = terms["stop"].where(~((gap > pd.Timedelta(0)) & (gap <= GRACE)), following)
    waits = ~(following <= now) & ~terms["cancelled"]
    waits &= (terms["stop"] <= now) & (now <= terms["stop"] + GRACE)
    until = until.where(~waits, now + DAY)
    keys, paid = terms["account_key"], terms["arr_minor"]
    changes = pd.concat(
        [
            pd.DataFrame({"account": keys, "day": terms["start_date"], "change": paid}),
            pd.DataFrame({"account": keys, "day": until, "change": -paid}),
        ]
    )
    steps = changes.groupby(["account", "day"], as_index=False)["change"].sum()
    steps = steps[steps["change"] != 0]
    steps["level"] = steps.groupby("account")["change"].cumsum()
    steps["until"] = steps.groupby("account")["day"].shift(-1).fillna(OPEN)
    short = (steps["level"] == 0) & (steps["until"] - steps["day"] <= GRACE)
    steps["level"] = steps["level"].where(~short, steps.groupby("account")["level"].shift(1))
    return steps.astype({"level": "int64"})


def on(steps: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """ARR of each account on a day."""
    there = steps[(steps["day"] <= day) & (steps["until"] > day) & (steps["level"] > 0)]
    return there.set_index("account")["level"]


def both_ends(steps: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """By account, when it began, what it pays at both ends, its days, and whether it left."""
    book = pd.DataFrame({"first": steps.groupby("account")["day"].min()})
    book["a"] = on(steps, start).reindex(book.index, fill_value=0)
    book["b"] = on(steps, end).reindex(book.index, fill_value=0)
    inside = (steps["level"] == 0) & (steps["day"] > start) & (steps["day"] <= end)
    stopped = book.index.isin(steps.loc[inside, "account"])
    paid = steps[steps["level"] > 0]
    days = (paid["until"].clip(upper=end) - paid["day"].clip(lower=start)).dt.days.clip(lower=0)
    book["days"] = days.groupby(paid["account"]).sum()
    book["left"] = ((book["b"] == 0) & ((book["a"] > 0) | stopped)).astype(int)
    return book


def revenue(found: Found, book: pd.DataFrame, start: pd.Timestamp) -> None:
    """GRR, NRR, what is lost of both, revenue from existing accounts, and the bridge."""
    there = book[book["a"] > 0]
    kept = there[["a", "b"]].min(axis=1)
    low, high = found.money("grr", kept, there["a"])
    found.add("gross_churn", there["a"] - kept, there["a"], (1 - high, 1 - low))
    low, high = ratio(there["b"], there["a"])
    found.add("nrr", there["b"], there["a"], (low, high))
    found.add("net_churn", there["a"] - there["b"], there["a"], (1 - high, 1 - low))
    paying = int((book["b"] > 0).sum())
    found.money("existing_share", book["b"].where(book["a"] > 0, 0), book["b"], paying)
    new = book[(book["a"] == 0) & (book["b"] > 0)]
    back = new["first"] <= start
    found.bridge = {
        "opening": int(book["a"].sum()),
        "new": int(new.loc[~back, "b"].sum()),
        "expansion": int((there["b"] - kept).sum()),
        "reactivation": int(new.loc[back, "b"].sum()),
        "contraction": int((there["a"] - kept)[there["b"] > 0].sum()),
        "churn": int(there.loc[there["b"] == 0, "a"].sum()),
        "closing": int(book["b"].sum()),
    }


def customers(found: Found, book: pd.DataFrame, start: pd.Timestamp, length: int) -> None:
    """CRR, also by tenure, and churn three ways."""
    there = book[book["a"] > 0]
    stays, one = (there["b"] > 0).astype(int), pd.Series(1, there.index)
    found.add("crr", stays, one)
    young = start - there["first"] < pd.Timedelta(days=365)
    found.add("crr_under_12", stays[young], one[young])
    found.add("crr_over_12", stays[~young], one[~young])
    found.add("ccr", 1 - stays, one)
    found.add("churn_simple", 1 - stays, one)
    lost, here = int(book["left"].sum()), book["b"] > 0
    mean = (len(there) + int(here.sum())) / 2
    limits = wilson(min(1.0, lost / mean), mean)
    new = int((here & (book["a"] == 0)).sum())
    found.metrics["churn_adjusted"] = [lost, mean, len(there) + new, *limits]
    found.accounts["churn_adjusted"] = book[book["left"] == 1]
    low, high = poisson(lost)
    scale = length / int(book["days"].sum())
    limits = (scale * low, scale * high)
    found.add("churn_predictive", length * book["left"], book["days"], limits, lost)


def renewals(
    found: Found, terms: pd.DataFrame, days: tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]
) -> None:
    """Renewals due in the period: terms of an account that end on one day are one."""
    start, end, now = days
    due = terms[(terms["end_date"] > start) & (terms["end_date"] <= min(end, now))]
    due = due[~replaced(due[due["cancelled"]], terms).reindex(due.index, fill_value=False)]
    groups = due.groupby(["account_key", "end_date"], as_index=False).agg(
        amount=("arr_minor", "sum"),
        stop=("stop", "min"),
        last=("stop", "max"),
        cancelled=("cancelled", "all"),
    )
    groups["group"] = groups.index
    pairs = terms.reset_index(names="term").merge(groups, on="account_key", suffixes=("", "_due"))
    late = pairs["start_date"] - pairs["stop_due"]
    pairs = pairs[(late >= pd.Timedelta(0)) & (late <= GRACE)]
    pairs = pairs[pairs["end_date"] != pairs["end_date_due"]]
    pairs = pairs.sort_values("stop_due").drop_duplicates("term", keep="last")
    pairs["on_time"] = pairs["start_date"] <= pairs["end_date_due"] + DAY
    by_group = pairs.groupby("group")
    groups["renewed"] = by_group["arr_minor"].sum()
    groups["on_time"] = by_group["on_time"].all()
    groups = groups.set_index("account_key")
    won = groups["renewed"].fillna(0) > 0
    waits = ~won & (now <= groups["last"] + GRACE) & ~groups["cancelled"]
    decided, won = groups[~waits], won[~waits]
    kept = decided[["amount", "renewed"]].min(axis=1).where(won, 0)
    found.money("gross_renewal_rate", kept, decided["amount"])
    one = pd.Series(1, decided.index)
    found.add("logo_renewal_rate", won.astype(int), one)
    on_time = won & (decided["on_time"] == 1)
    found.add("on_time_renewal_rate", on_time.astype(int), one)


def replaced(cancelled: pd.DataFrame, terms: pd.DataFrame) -> pd.Series:
    """Changes in mid-term: what took a term's place ends no later, so nothing was renewed."""
    pairs = cancelled.reset_index(names="term").merge(
        terms.reset_index(names="other"), on=["account_key", "product"], suffixes=("", "_other")
    )
    late = pairs["start_date_other"] - pairs["stop"]
    follows = (late >= pd.Timedelta(0)) & (late <= GRACE) & (pairs["term"] != pairs["other"])
    return (follows & (pairs["end_date_other"] <= pairs["end_date"])).groupby(pairs["term"]).any()


def purchases(found: Found, terms: pd.DataFrame, end: pd.Timestamp) -> None:
    """Who bought again, and the median days from one purchase to the next."""
    bought = terms.loc[terms["start_date"] <= end, ["account_key", "start_date"]]
    bought = bought.drop_duplicates().sort_values(["account_key", "start_date"])
    times = bought.groupby("account_key").size()
    found.add("repeat_purchase_rate", (times > 1).astype(int), pd.Series(1, times.index))
    gaps = bought.groupby("account_key")["start_date"].diff().dt.days.dropna()
    middle = int(gaps.quantile(0.5, interpolation="lower"))
    found.metrics["purchase_cycle"] = [middle, 1, len(gaps), None, None]


def triangle(steps: pd.DataFrame, now: pd.Timestamp) -> dict[str, list[list[int]]]:
    """By month in which accounts began, who is there and what they pay at each month's end."""
    first = steps.groupby("account")["day"].min().dt.to_period("M")
    cells = {}
    for end in pd.period_range(first.min(), now, freq="M"):
        if end.end_time.normalize() <= now:
            paid = on(steps, end.end_time.normalize())
            cells[end] = paid.groupby(first.reindex(paid.index)).agg(["count", "sum"])
    table = pd.concat(cells, names=["end", "cohort"]).unstack("end").fillna(0).astype("int64")
    table = table.reindex(sorted(first.unique()), fill_value=0)
    ages = {cohort: len(cells) - at for at, cohort in enumerate(cells)}
    return {
        str(cohort): [
            table.loc[cohort, name].tolist()[-ages[cohort] :] for name in ("count", "sum")
        ]
        for cohort in table.index
        if cohort in ages
    }


def curve(steps: pd.DataFrame, now: pd.Timestamp) -> list[list[float]]:
    """Kaplan-Meier: days from the first payment to the last, with Greenwood's limits."""
    by_account = steps.groupby("account")
    life = pd.DataFrame({"first": by_account["day"].min()})
    life["there"] = life.index.isin(on(steps, now).index)
    zero = steps[(steps["level"] == 0) & (steps["day"] <= now)]
    life["last"] = zero.groupby("account")["day"].max()
    life.loc[life["there"], "last"] = now
    life["days"] = (life["last"] - life["first"]).dt.days
    ended = (~life["there"]).groupby(life["days"]).agg(["sum", "size"])
    risk = ended["size"].iloc[::-1].cumsum().iloc[::-1]
    rows = pd.DataFrame({"gone": ended["sum"], "risk": risk})[ended["sum"] > 0]
    rows["share"] = (1 - rows["gone"] / rows["risk"]).cumprod()
    hazard = (rows["gone"] / (rows["risk"] * (rows["risk"] - rows["gone"]))).cumsum()
    spread = Z * hazard**0.5 / rows["share"].map(math.log).abs()
    rows["low"] = rows["share"] ** spread.map(math.exp)
    rows["high"] = rows["share"] ** (-spread).map(math.exp)
    found: list[list[float]] = rows[["share", "low", "high"]].reset_index().to_numpy().tolist()
    return found


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's interval."""
    centre = share + Z * Z / (2 * n)
    spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    below = 1 + Z * Z / n
    return max(0.0, (centre - spread) / below), min(1.0, (centre + spread) / below)


def ratio(above: pd.Series, below: pd.Series) -> tuple[float, float]:
    """Interval of a quotient that may pass 1."""
    n, total = len(below), below.sum()
    middle = above.sum() / total
    spread = Z * math.sqrt(((above - middle * below) ** 2).sum() * n / (n - 1)) / total
    return middle - spread, middle + spread


def poisson(events: int) -> tuple[float, float]:
    """Byar's limits of a count."""
    low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    more = events + 1
    return low, more * (1 - 1 / (9 * more) + Z / (3 * math.sqrt(more))) ** 3


if __name__ == "__main__":
    main(*sys.argv[1:5])
