"""The stored form of scores: `stored_form` of `core/health.py`, column by column."""

import hashlib
from collections.abc import Iterator
from typing import Any

from cs_workbench.core.kernels.columns import Column, Ints
from cs_workbench.core.kernels.scores import NO_POINTS, Scores

_ABSENT = {True: "missing", False: "not applicable"}


def stored_rows(scores: Scores) -> Iterator[tuple[Any, ...]]:
    """What is kept of each score, in order."""
    columns = [_texts(one, scores.parts[:, at]) for at, one in enumerate(scores.columns)]
    inputs = zip(*(column[0] for column in columns), strict=True)
    parts = zip(*(column[1] for column in columns), strict=True)
    digests = [card.digest for card in scores.cards]
    for points, band, coverage, low, high, card, measured, told in zip(
        scores.shown_points,
        scores.bands,
        scores.coverage.tolist(),
        scores.low.tolist(),
        scores.high.tolist(),
        scores.card.tolist(),
        inputs,
        parts,
        strict=True,
    ):
        digest = hashlib.blake2b("|".join(measured).encode(), digest_size=16).hexdigest()
        yield points, band, coverage, low, high, digests[card], digest, f"[{','.join(told)}]"


def _texts(column: Column, points: Ints) -> tuple[list[str], list[str]]:
    """Of each account: what goes into the input hash, and what is stored of the measure."""
    known = column.known
    if not known.any() and (points == NO_POINTS).all():
        applies = column.applies.tolist()
        return (
            [_ABSENT[one] for one in applies],
            ["null" if one else "false" for one in applies],
        )
    numbers, ages, shown = column.numbers(), column.age.tolist(), points.tolist()
    inputs = [f"{value}@{age}" for value, age in zip(numbers, ages, strict=True)]
    parts = [
        f"[{value},{age},{part}]" for value, age, part in zip(numbers, ages, shown, strict=True)
    ]
    for at in (~known).nonzero()[0].tolist():
        applies_here = bool(column.applies[at])
        inputs[at] = _ABSENT[applies_here]
        if shown[at] == NO_POINTS:
            parts[at] = "null" if applies_here else "false"
        else:
            parts[at] = f"[null,null,{shown[at]}]"
    for at in (known & (points == NO_POINTS)).nonzero()[0].tolist():
        parts[at] = f"[{numbers[at]},{ages[at]},null]"
    return inputs, parts
