"""The churn model in processor time: features, backtest, training and prediction, from arrays."""

import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.churn_book import SEGMENTS, history_of, source_with_health
from benchmarks.churn_truth import ACCOUNTS_PER_CHURN
from benchmarks.churn_world import World, make_book
from benchmarks.measurement import Measurement
from cs_workbench.churn.backtest import judge
from cs_workbench.churn.columns import inputs_of
from cs_workbench.churn.features import Source
from cs_workbench.churn.panel import labels_of, snapshot, snapshot_days, take_panel
from cs_workbench.churn.samples import Sample, sample_of
from cs_workbench.churn.selection import Task
from cs_workbench.churn.training import train
from cs_workbench.churn.walking import walk

TESTED, LARGE = 3_000, 100_000
TESTED_MONTHS, LARGE_MONTHS = 24, 12


class Seconds(NamedTuple):
    """Processor time of each step, and the peak of the memory in MB; None where it was not run."""

    features: float
    training: float
    predicting: float
    memory: float
    backtest: float | None


def measure(sizes: Sequence[int], _: Path) -> Iterator[Measurement]:
    """What the issue asks for: 3,000 accounts x 24 months, and 100,000 x 12."""
    for size, months in ((TESTED, TESTED_MONTHS), (LARGE, LARGE_MONTHS)):
        if size > max(sizes):
            continue
        with get_context("spawn").Pool(1) as pool:
            found = pool.apply(run, (size, months))
        whole = f"{size:,} x {months} months"
        small = size < LARGE
        yield Measurement(
            f"churn: features of {whole}", size, found.features, "s", 10.0 if small else None
        )
        if found.backtest is not None:
            yield Measurement(f"churn: backtest of {whole}", size, found.backtest, "s", 60.0)
        yield Measurement(
            f"churn: training on {whole}", size, found.training, "s", None if small else 30.0
        )
        yield Measurement(
            "churn: peak memory of that", size, found.memory, "MB", None if small else 2_000.0
        )
        yield Measurement(
            "churn: prediction for all accounts",
            size,
            found.predicting,
            "s",
            None if small else 2.0,
        )


def run(accounts: int, months: int) -> Seconds:
    """Everything in a process of its own."""
    source = _source(accounts, months)
    forget_peak()
    begun = time.process_time()
    days = snapshot_days(source, source.history.data_end)
    panel = take_panel(source, days[-months - 3 :])  # the newest three have no answer yet
    features = time.process_time() - begun
    sample = sample_of(panel, labels_of(panel, source, horizon=90, lead=0))
    del panel
    now = snapshot(source, days[-1])
    backtest = _backtest(sample) if accounts < LARGE else None
    begun = time.process_time()
    model = train(sample, Task(), data_cut="")
    training = time.process_time() - begun
    begun = time.process_time()
    inputs = inputs_of(now, horizon=90, lead=0)
    assert np.isfinite(model.probabilities(inputs)).all()
    assert np.isfinite(model.intervals(inputs)).all()
    predicting = time.process_time() - begun
    return Seconds(features, training, predicting, peak(), backtest)


def _source(accounts: int, months: int) -> Source:
    """The book is forgotten: it is no part of what a portfolio has to hold."""
    book = make_book(
        accounts, seed=1, churns=accounts / ACCOUNTS_PER_CHURN, world=World(months=months + 2)
    )
    return source_with_health(history_of(book))


def _backtest(sample: Sample) -> float:
    begun = time.process_time()
    walked = walk(sample, Task())
    assert walked is not None
    judge(walked, segments=SEGMENTS, k=20)
    return time.process_time() - begun


def forget_peak() -> None:
    """Let Linux count the peak of the memory from here on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """The peak of the memory since then, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
