"""All measures that a scorecard can name as a source."""

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
