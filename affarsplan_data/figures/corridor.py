"""Corridors: lines over time against the path to a decided level, how far off ours is shaded."""

from typing import Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import require
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.lines import describe_lines, prepared, table
from affarsplan_data.figures.lines_picture import Look, Path, picture
from affarsplan_data.figures.markup import is_missing
from affarsplan_data.figures.over_time import position
from affarsplan_data.swedish import number


def corridor(
    frame: pd.DataFrame,
    *,
    focus: str,
    path: pd.DataFrame,
    path_label: str,
    base_year: str,
    reference: str | None = "00",
    break_label: str = "tidsseriebrott",
    **texts: Unpack[Texts],
) -> Figure:
    """Return lines and, dash-dotted, the path from the base year to the level decided.

    Draw it only for a level that a plan or a decided strategy gives.

    Args:
        frame: as :func:`affarsplan_data.figures.lines.lines` takes it.
        focus: the region to emphasise; the ground between its line and the path is shaded.
        path: ``period`` and ``value``, one row a period, the last one the year of the level.
        path_label: what the path is, for its label and the table.
        base_year: the year the path starts from.
        reference: the region drawn as a dark dashed line.
        break_label: what is written at a break.

    Raises:
        FigureError: columns are missing, a row is repeated, the path has fewer than two values, or
            there is nothing to draw.
    """
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    data = prepared(frame, {focus: "focus", str(reference): "reference"})
    way = Path(_path(path), path_label, base_year)
    position(base_year)
    look = Look(None, "", True, break_label, unit, decimals)

    def draw(width: int) -> alt.LayerChart:
        return picture(width, data, look, way)

    shown, places = table(data, decimals)
    return figure(
        texts,
        alt=f"{describe_lines(data, unit, decimals)} {_alt(data, way, unit, decimals)}",
        table=_with_path(shown, data, way),
        decimals={**places, describe.column(path_label): decimals},
        chart=draw,
    )


def _path(path: pd.DataFrame) -> pd.DataFrame:
    require(path, ["period", "value"], ["period"])
    periods = path["period"].astype(str)
    placed = path.assign(period=periods, x=[position(p) for p in periods])
    placed = placed.astype({"value": float}).dropna(subset=["value"])
    if len(placed) < 2:
        raise FigureError("En målbana behöver minst två år med värde.")
    return placed.sort_values("x", ignore_index=True)[["period", "x", "value"]]


def _with_path(shown: pd.DataFrame, data: pd.DataFrame, way: Path) -> pd.DataFrame:
    """Return the table with the path in a column, and rows for the years still to come."""
    heading = describe.column(way.label)
    places = data[["segment", "x", "period"]].drop_duplicates().sort_values(["segment", "x"])
    on_path = way.data.set_index("x")["value"]
    beside = shown.assign(**{heading: on_path.reindex(places["x"]).to_numpy()})
    ahead = way.data[~way.data["x"].isin(data["x"])]
    coming = pd.DataFrame({"År": ahead["period"], heading: ahead["value"]})
    before = coming[ahead["x"] < data["x"].min()]
    return pd.concat([before, beside, coming.drop(before.index)], ignore_index=True)[
        list(beside.columns)
    ]


def _alt(data: pd.DataFrame, way: Path, unit: str, decimals: int) -> str:
    first, last = way.data.iloc[0], way.data.iloc[-1]
    said = (
        f"{describe.column(way.label)} går från {number(first['value'], decimals)} år "
        f"{first['period']} till {number(last['value'], decimals)} år {last['period']}."
    )
    ours = data[(data["role"] == "focus") & data["value"].notna()].sort_values(["x", "segment"])
    both = ours.merge(way.data[["x", "value"]], on="x", suffixes=("", "_path"))
    if both.empty:
        return said
    row = both.iloc[-1]
    value, path = (number(row[c], decimals) for c in ("value", "value_path"))
    if is_missing(row["value_path"]) or value == path:
        return f"{said} {row['period']} ligger {row['label']} på banan."
    side = "över" if row["value"] > row["value_path"] else "under"
    return f"{said} {row['period']} ligger {row['label']} {side} banan: {value} mot {path}."
