"""Lines over time: ours thick, riket dashed, others thin and grey, cut where the series breaks."""

from collections.abc import Mapping
from typing import Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import require
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.lines_picture import Look, picture
from affarsplan_data.figures.over_time import STYLES, position

_COLUMNS = ["region", "label", "period", "value", "segment", "preliminary"]


def lines(
    frame: pd.DataFrame,
    focus: str | None,
    *,
    reference: str | None = "00",
    base: float | None = None,
    base_label: str = "",
    zero: bool = False,
    styles: Mapping[str, str] | None = None,
    break_label: str = "tidsseriebrott",
    points: bool = False,
    **texts: Unpack[Texts],
) -> Figure:
    """Return lines with direct labels at their ends.

    Args:
        frame: ``region``, ``label``, ``period`` (``2024``, ``2024K1`` or ``2024M03``), ``value``,
            ``segment`` (int; a line is never drawn from one to the next), ``preliminary`` (bool; hollow
            markers) and if known ``low``, ``high``, drawn as a band; one row a region, period and
            segment.
        focus: the region to emphasise.
        reference: the region drawn as a dark dashed line.
        base: draw a level line at this value, for an index at 100, named ``base_label``.
        zero: let the value axis start at zero.
        styles: other styles by region, for lines of groups: ``women``, ``men``, ``peer``, ``other``.
        break_label: what is written at a break.
        points: mark every value, with ``low`` and ``high`` as whiskers: for survey rounds.

    Raises:
        FigureError: columns are missing, a row is repeated, or there is nothing to draw.
    """
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    data = prepared(frame, {str(focus): "focus", str(reference): "reference", **(styles or {})})
    look = Look(base, base_label, zero, break_label, unit, decimals, points)

    def draw(width: int) -> alt.LayerChart:
        return picture(width, data, look)

    shown, places = table(data, decimals)
    return figure(
        texts,
        alt=describe_lines(data, unit, decimals),
        table=shown,
        decimals=places,
        chart=draw,
        printed=data.dropna(subset=["value"]).sort_values("x").groupby("region")["value"].last(),
    )


def prepared(frame: pd.DataFrame, roles: Mapping[str, str]) -> pd.DataFrame:
    """Return the frame checked and sorted, with ``x`` in years and each region's ``role``.

    Raises:
        FigureError: columns are missing, a row is repeated, a role is unknown, or nothing is known.
    """
    require(frame, _COLUMNS, ["region", "period", "segment"])
    if unknown := set(roles.values()) - set(STYLES):
        raise FigureError(f"Okänd linjestil: {', '.join(sorted(unknown))}.")
    data = frame.assign(
        period=frame["period"].astype(str),
        x=[position(p) for p in frame["period"]],
        role=[roles.get(region, "other") for region in frame["region"]],
        value=frame["value"].astype(float),
    ).sort_values(["region", "segment", "x"], ignore_index=True)
    if data["value"].isna().all():
        raise FigureError("Figuren har inga värden att rita.")
    return data


def table(data: pd.DataFrame, decimals: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return one row a period (and segment) and one column a line, with interval limits beside."""
    order = sorted(data["region"].unique(), key=lambda r: (_first(data, r, "role") == "other", r))
    index = ["segment", "x", "period"]
    table = data[index].drop_duplicates().sort_values(index, ignore_index=True)
    preliminary = data.groupby(index)["preliminary"].any()
    several = data["segment"].nunique() > 1
    table["År"] = [
        f"{p}{' (preliminär)' if preliminary[s, x, p] else ''}"
        for s, x, p in table[index].itertuples(index=False)
    ]
    keys = [*table[index].itertuples(index=False, name=None)]
    columns = {}
    headings = {"value": "", "low": ", nedre gräns", "high": ", övre gräns"}
    for region in order:
        rows = data[data["region"] == region]
        held = [*rows[index].itertuples(index=False, name=None)]
        for column, ending in headings.items():
            if column in rows and (column == "value" or rows[column].notna().any()):
                heading = f"{rows['label'].iloc[0]}{ending}"
                known = dict(zip(held, rows[column], strict=True))
                columns[heading] = pd.Series([known.get(key) for key in keys], dtype=float)
    result = pd.DataFrame({"År": table["År"], **columns})
    if several:
        order_of = {s: i for i, s in enumerate(sorted(data["segment"].unique()), start=1)}
        result.insert(1, "Tidsserie", [f"del {order_of[s]}" for s in table["segment"]])
    return result, dict.fromkeys(columns, decimals)


def _first(data: pd.DataFrame, region: str, column: str) -> str:
    return str(data.loc[data["region"] == region, column].iloc[0])


def describe_lines(data: pd.DataFrame, unit: str, decimals: int) -> str:
    """Return the text alternative of ``data``, as :func:`prepared` gives it."""
    known = data.dropna(subset=["value"]).sort_values(["x", "segment"])
    first, last = known["period"].iloc[0], known["period"].iloc[-1]
    periods = first if first == last else f"{first}–{last}"
    count = known["region"].nunique()
    sentences = [
        describe.reading("lines", f"{count} {'linje' if count == 1 else 'linjer'}", periods)
    ]
    if unit:
        sentences.append(f"Enhet: {unit}.")
    for role in ("focus", "reference", "women", "men"):
        for _, line in known[known["role"] == role].groupby("region", sort=True):
            part = line[line["segment"] == line["segment"].iloc[-1]]
            ends = [(row.period, row.value) for row in part.iloc[[0, -1]].itertuples()]
            sentences.append(describe.change(line["label"].iloc[0], ends[0], ends[1], decimals))
    if known["segment"].nunique() > 1:
        sentences.append("Linjerna är brutna där tidsserien bryts.")
    return " ".join(sentences)
