"""The formulas that an indicator may name, each with the inputs it needs."""

FORMULAS: dict[str, frozenset[str]] = {
    "published": frozenset({"value"}),
    "published_with_count": frozenset({"value", "count"}),
    "share": frozenset({"part", "whole"}),
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
}
"""The formulas an indicator may name, each with the inputs it needs."""
