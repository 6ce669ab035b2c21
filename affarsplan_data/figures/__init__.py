"""Accessible figures: one function for each chart form, all returning a :class:`Figure`."""

from affarsplan_data.figures.beeswarm import beeswarm
from affarsplan_data.figures.block import MIME, Figure, Texts
from affarsplan_data.figures.choropleth import choropleth
from affarsplan_data.figures.corridor import corridor
from affarsplan_data.figures.diverging_bar import diverging_bar
from affarsplan_data.figures.dumbbell import dumbbell
from affarsplan_data.figures.errors import BoundariesError, FigureError
from affarsplan_data.figures.grouped_bar import grouped_bar
from affarsplan_data.figures.heat_table import HeatColumn, heat_table
from affarsplan_data.figures.interval_dots import interval_dots
from affarsplan_data.figures.key_figures import key_figures
from affarsplan_data.figures.lines import lines
from affarsplan_data.figures.part_bars import part_bars
from affarsplan_data.figures.rank_lines import rank_lines
from affarsplan_data.figures.ranked_bar import ranked_bar
from affarsplan_data.figures.scatter import Axis, scatter
from affarsplan_data.figures.slope import slope
from affarsplan_data.figures.small_multiples import small_multiples
from affarsplan_data.figures.spine import spine

__all__ = [
    "MIME",
    "Axis",
    "BoundariesError",
    "Figure",
    "FigureError",
    "HeatColumn",
    "Texts",
    "beeswarm",
    "choropleth",
    "corridor",
    "diverging_bar",
    "dumbbell",
    "grouped_bar",
    "heat_table",
    "interval_dots",
    "key_figures",
    "lines",
    "part_bars",
    "rank_lines",
    "ranked_bar",
    "scatter",
    "slope",
    "small_multiples",
    "spine",
]
