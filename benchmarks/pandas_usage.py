"""The peer: the usage measures of every account by a pandas script, from the same raw day rows.

Run as `python -m benchmarks.pandas_usage RAW_FILE LAST_DAY METRIC`; prints processor seconds,
without the import of pandas, and how many accounts there were.
"""

import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd


def measures(raw: Path, last_day: str, metric: int) -> Any:
    """Level and change of usage, days since the last use, and the peak of 28 days."""
    with sqlite3.connect(raw) as connection:
        rows = pd.read_sql_query(
            "SELECT account_key, day, value FROM usage "
            "WHERE metric_id = ? AND day > date(?, '-182 days')",
            connection,
            params=(metric, last_day),
        )
    rows["back"] = (pd.Timestamp(last_day) - pd.to_datetime(rows["day"])).dt.days
    rows["week"] = 25 - rows["back"] // 7
    weekly = rows.groupby(["account_key", "week"])["value"].agg(["sum", "count"])
    sums, counts = (weekly[name].unstack(fill_value=0) for name in ("sum", "count"))
    recent = sums.iloc[:, -4:].sum(axis=1) / counts.iloc[:, -4:].sum(axis=1)
    stretches = sums.T.rolling(4).sum() / counts.T.rolling(4).sum()
    base = (sums / counts).iloc[:, -16:-4].median(axis=1)
    used = rows[rows["value"] > 0].groupby("account_key")["back"].min()
    peak = rows[rows["back"] < 28].groupby("account_key")["value"].max()
    return pd.DataFrame(
        {"level": recent / stretches.max(), "change": recent / base - 1, "used": used, "peak": peak}
    )


def main() -> None:
    """Measure, and tell the seconds."""
    begun = time.process_time()
    found = measures(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    print(time.process_time() - begun, len(found))


if __name__ == "__main__":
    main()
