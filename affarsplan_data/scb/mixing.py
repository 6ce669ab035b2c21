"""Warns an analyst who takes totals and their parts together, before they are added up."""

import warnings

from affarsplan_data.scb.selection import Choice, Query


class MixedLevelsWarning(UserWarning):
    """A variable was taken whole though its values are on several levels (counties, municipalities)."""


def warn_of_mixed_levels(query: Query) -> None:
    """Warn for every variable that was taken whole and that has several sets of values."""
    for choice in query.choices:
        sets = [link for link in choice.variable.codelists if link.kind == "valueset"]
        if len(sets) > 1 and _is_whole(choice):
            named = ", ".join(f"{link.id} ({link.label})" for link in sets)
            warnings.warn(
                f"{choice.code} i {query.metadata.id} har värden på flera nivåer. Summera dem inte. "
                f"En nivå i taget fås med {named}.",
                MixedLevelsWarning,
                stacklevel=3,
            )


def _is_whole(choice: Choice) -> bool:
    return choice.codelist is None and choice.codes == choice.variable.codes
