"""The formulas that an indicator may name, each with the inputs it needs."""

FORMULAS: dict[str, frozenset[str]] = {
    "published": frozenset({"value"}),
    "published_with_count": frozenset({"value", "count"}),
    "share": frozenset({"part", "whole"}),
    "share_else_published": frozenset({"part", "whole", "published"}),
    "quotient": frozenset({"numerator", "denominator"}),
    "net_share": frozenset({"inflow", "outflow", "stock"}),
    "relative_to_country": frozenset({"numerator", "denominator"}),
    "women_per_men": frozenset({"value"}),
    "women_share_per_men_share": frozenset({"part", "whole"}),
    "women_minus_men": frozenset({"value"}),
    "foreign_minus_native": frozenset({"value"}),
    "women_share": frozenset({"value"}),
    "growth": frozenset({"value"}),
    "index": frozenset({"value"}),
    "chained_volume": frozenset({"level", "change"}),
    "effective_number": frozenset({"value"}),
    "concentration": frozenset({"value"}),
    "specialisation": frozenset({"value"}),
    "location_quotient": frozenset({"value"}),
    "share_difference": frozenset({"value"}),
    "segregation": frozenset({"value"}),
    "published_share": frozenset({"value", "part", "whole"}),
    "share_gap_women_men": frozenset({"value", "part", "whole"}),
    "share_gap_foreign_native": frozenset({"value", "part", "whole"}),
    "share_of_two": frozenset({"part", "other"}),
    "group_share": frozenset({"part", "whole"}),
    "representation": frozenset({"value"}),
    "category_quotient": frozenset({"value"}),
    "volume_growth": frozenset({"change"}),
    "volume_growth_per_head": frozenset({"change", "population"}),
    "value_relative_to_country": frozenset({"value"}),
    "grp_gap": frozenset(
        {"grp", "employed_in_accounts", "daytime", "nighttime", "working_age", "population"}
    ),
    "rate_decomposition": frozenset({"part", "whole"}),
    "shift_share": frozenset({"value"}),
    "survey_share": frozenset({"share", "answers"}),
    "rate": frozenset({"count", "base"}),
    "published_rate": frozenset({"value", "base"}),
    "net_rate": frozenset({"inflow", "outflow", "stock"}),
    "pooled_rate": frozenset({"count", "base"}),
    "pooled_share": frozenset({"part", "whole"}),
    "pooled_quotient": frozenset({"numerator", "denominator"}),
    "components": frozenset({"value", "population"}),
    "municipal_range": frozenset({"value"}),
    "municipal_deviation": frozenset({"value"}),
    "distance_to_path": frozenset({"value"}),
    "needed_cut": frozenset({"value"}),
    "fixed_price_intensity": frozenset({"numerator", "level", "change"}),
    "share_of_increase": frozenset({"part", "whole"}),
}
"""The formulas an indicator may name, each with the inputs it needs."""

ROLLING = frozenset(
    {
        "growth",
        "volume_growth",
        "volume_growth_per_head",
        "pooled_rate",
        "pooled_share",
        "pooled_quotient",
        "share_of_increase",
    }
)
"""Formulas over several years, whose values share years with each other: never put to a trend test."""
