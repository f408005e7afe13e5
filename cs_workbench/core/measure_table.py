"""All measures that a scorecard can name as a source, and what their parameters can be."""

from collections.abc import Mapping

from cs_workbench.core.measures import MEASURES, Measure
from cs_workbench.core.rating_measures import RATING_MEASURES
from cs_workbench.core.relation_measures import RELATION_MEASURES
from cs_workbench.core.usage_measures import USAGE_MEASURES

ALL_MEASURES: Mapping[str, Measure] = {
    **MEASURES,
    **USAGE_MEASURES,
    **RELATION_MEASURES,
    **RATING_MEASURES,
}
PARAMETER_RANGES: Mapping[str, tuple[int, int]] = {
    "days": (1, 365),  # nothing older is read
    "weeks": (1, 26),
    "percent": (1, 100),
    "min_days": (0, 182),
    "min_recent_days": (0, 28),
    "min_weeks": (0, 12),
    "min_volume": (0, 1_000_000_000),
}
