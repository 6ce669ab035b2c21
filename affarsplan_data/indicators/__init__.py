"""Indicators: the catalogue's formulas evaluated, with intervals, ranks and sentences."""

from affarsplan_data.indicators import sentences
from affarsplan_data.indicators.described import definition, limits, why_missing
from affarsplan_data.indicators.errors import FormulaError, MissingIndicatorError
from affarsplan_data.indicators.evaluate import FEW, HIDDEN, available, evaluate, prepare
from affarsplan_data.indicators.formulas import IMPOSSIBLE
from affarsplan_data.indicators.inputs import changes_of_register, measures_in_use
from affarsplan_data.indicators.rebasing import has_base
from affarsplan_data.indicators.splicing import Spliced, spliced
from affarsplan_data.indicators.values import MIN_RANKED, IndicatorValues, Standing, indicator

__all__ = [
    "FEW",
    "HIDDEN",
    "IMPOSSIBLE",
    "MIN_RANKED",
    "FormulaError",
    "IndicatorValues",
    "MissingIndicatorError",
    "Spliced",
    "Standing",
    "available",
    "changes_of_register",
    "definition",
    "evaluate",
    "has_base",
    "indicator",
    "limits",
    "measures_in_use",
    "prepare",
    "sentences",
    "spliced",
    "why_missing",
]
