"""Swedish sentences from values, by rule. No sentence says more than its figures carry."""

from affarsplan_data.indicators.sentences.among import (
    across,
    among,
    inside,
    spread,
    together,
)
from affarsplan_data.indicators.sentences.certainty import (
    Comparison,
    Relation,
    compare,
    indistinct,
)
from affarsplan_data.indicators.sentences.groups import (
    by_birth,
    four_groups,
    group_gap,
    women_and_men,
)
from affarsplan_data.indicators.sentences.levels import (
    YEAR_INFERRED,
    against_country,
    interval,
    level,
    missing,
    nothing,
)
from affarsplan_data.indicators.sentences.over_time import (
    NO_TREND,
    NOT_TESTED,
    ONE_YEAR,
    Change,
    GapChange,
    change,
    development,
    gap_change,
    gap_since,
    newest_segment,
    since,
)
from affarsplan_data.indicators.sentences.places import place_bounds, ranked, standing
from affarsplan_data.indicators.sentences.summary import summary
from affarsplan_data.indicators.sentences.targets import band, corridor
from affarsplan_data.indicators.sentences.words import (
    GAPS,
    amount,
    categories,
    difference,
    distance,
    genitive,
    group,
    place,
    short_amount,
)

__all__ = [
    "GAPS",
    "NOT_TESTED",
    "NO_TREND",
    "ONE_YEAR",
    "YEAR_INFERRED",
    "Change",
    "Comparison",
    "GapChange",
    "Relation",
    "across",
    "against_country",
    "among",
    "amount",
    "band",
    "by_birth",
    "categories",
    "change",
    "compare",
    "corridor",
    "development",
    "difference",
    "distance",
    "four_groups",
    "gap_change",
    "gap_since",
    "genitive",
    "group",
    "group_gap",
    "indistinct",
    "inside",
    "interval",
    "level",
    "missing",
    "newest_segment",
    "nothing",
    "place",
    "place_bounds",
    "ranked",
    "short_amount",
    "since",
    "spread",
    "standing",
    "summary",
    "together",
    "women_and_men",
]
