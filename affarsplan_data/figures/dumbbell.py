"""Dumbbells: two or more groups as points on one axis, a row for each area or other category."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Unpack

import altair as alt
import pandas as pd

from affarsplan_data.figures import describe, rows, theme
from affarsplan_data.figures.block import Figure, Texts, figure
from affarsplan_data.figures.drawing import (
    KeyItem,
    Layers,
    Paper,
    Shape,
    Span,
    chart,
    compose,
    key,
    key_layers,
    require,
    span,
    tip,
    who,
)
from affarsplan_data.figures.errors import FigureError
from affarsplan_data.figures.labels import measure
from affarsplan_data.swedish import MISSING, number, with_unit

SEXES: Final = (("women", "kvinnor"), ("men", "män"))


@dataclass(frozen=True)
class Point:
    """How one group's points look."""

    colour: str
    shape: Shape
    hollow: bool = False

    @property
    def fill(self) -> str:
        """The colour inside the mark."""
        return theme.WHITE if self.hollow else self.colour


# Shared with slopes. Sex gives colour and shape, origin gives filled or hollow; other groups take
# what is left in order.
POINTS: Final[Mapping[str, Point]] = {
    "women": Point(theme.WOMEN, "circle"),
    "men": Point(theme.MEN, "diamond"),
    "total": Point(theme.REFERENCE, "square"),
    "native": Point(theme.FOCUS, "circle"),
    "foreign": Point(theme.FOCUS, "diamond", hollow=True),
    "women_native": Point(theme.WOMEN, "circle"),
    "men_native": Point(theme.MEN, "diamond"),
    "women_foreign": Point(theme.WOMEN, "circle", hollow=True),
    "men_foreign": Point(theme.MEN, "diamond", hollow=True),
}
# How wide a mark is, in px.
_MARK: Final = 13.0
_SPARE: Final = (
    Point(theme.FOCUS, "circle"),
    Point(theme.OTHER, "square"),
    Point(theme.PEER, "diamond"),
    Point(theme.REFERENCE, "circle", hollow=True),
)


def dumbbell(
    frame: pd.DataFrame,
    *,
    groups: Sequence[tuple[str, str]] = SEXES,
    emphasis: Collection[str] = (),
    zero: bool = False,
    **texts: Unpack[Texts],
) -> Figure:
    """Return rows with one point a group, joined by a rule, all on the same axis.

    Args:
        frame: ``region``, ``label`` and one value column a group (missing allowed), in the order shown.
        groups: column and Swedish name of each group, two to four, women first. Known columns keep their
            look: ``women``, ``men``, ``native``, ``foreign``, ``women_native``, ``men_foreign`` ...
        emphasis: regions whose label is bold (ours, totals).
        zero: let the axis start at zero.

    Raises:
        FigureError: columns are missing, a region is repeated, or there is nothing to draw.
    """
    columns = [column for column, _ in groups]
    require(frame, ["region", "label", *columns], ["region"])
    if not 2 <= len(columns) <= 4:
        raise FigureError("En hantelfigur jämför två till fyra grupper.")
    decimals, unit = texts.get("decimals", 1), texts.get("unit", "")
    data = frame.reset_index(drop=True).astype(dict.fromkeys(columns, float))
    span(data[columns].to_numpy().ravel(), zero=zero)
    looks = _looks(columns)

    def draw(width: int) -> alt.LayerChart:
        return _draw(width, data, looks, dict(groups), emphasis, zero, unit, decimals)

    names = {column: describe.column(name) for column, name in groups}
    return figure(
        texts,
        alt=_alt(data, groups, emphasis, unit, decimals),
        table=data[["label", *columns]].rename(columns={"label": "Område", **names}),
        decimals=dict.fromkeys(names.values(), decimals),
        chart=draw,
        printed=data[columns].to_numpy().ravel(),
    )


def _looks(columns: Sequence[str]) -> dict[str, Point]:
    spare = iter(_SPARE)
    return {column: POINTS.get(column) or next(spare) for column in columns}


def _draw(
    width: int,
    data: pd.DataFrame,
    looks: Mapping[str, Point],
    names: Mapping[str, str],
    emphasis: Collection[str],
    zero: bool,
    unit: str,
    decimals: int,
) -> alt.LayerChart:
    columns = list(looks)
    size = theme.font_size(width)
    bold = [region in emphasis for region in data["region"]]
    grid = rows.rows(list(data["label"]), bold, width, row=27)
    values = data[columns].to_numpy().ravel()
    axis = span(values, zero=zero, count=rows.tick_count(width), decimals=decimals)
    ends = [data[columns].min(axis=1).dropna(), data[columns].max(axis=1).dropna()]
    room = 12 + max(measure(number(v, decimals), size) for v in pd.concat(ends))
    tags: dict[str, str] = {}
    moved = _moved(data[columns], axis, width - grid.label_width - 2 * room)
    if len(columns) == 2 and moved.to_numpy().any():
        tags = _tags(names)
        room += max(measure(f"{tag} ", size) for tag in tags.values())
        moved = _moved(data[columns], axis, width - grid.label_width - 2 * room)
    placed, key_height = key(_key_items(looks, names, tags), width)
    top, bottom = key_height + 4, 48 if unit else 28
    paper = Paper(width, top + grid.height + bottom, grid.label_width + room, room, top, bottom)
    along = rows.x("x", axis, paper, unit=unit)
    placed_rows = data.assign(y=grid.centres)
    layers = _join_layers(placed_rows, columns, along, paper)
    layers += _point_layers(placed_rows, moved, looks, names, along, paper, unit, decimals)
    layers += _value_layers(placed_rows, moved, tags, along, paper, decimals)
    keys = list(data["region"])
    layers += rows.label_layers(grid, paper.plot_height, at=-room + 6, keys=keys)
    return compose(layers + key_layers(placed, paper), paper)


def _moved(values: pd.DataFrame, axis: Span, length: float) -> pd.DataFrame:
    """Return how far up or down each mark moves, so that none hides another."""
    places = [[axis.place(v, length) for v in row] for row in values.itertuples(index=False)]
    return pd.DataFrame(
        [rows.apart(row, _MARK) for row in places], index=values.index, columns=values.columns
    )


def _tags(names: Mapping[str, str]) -> dict[str, str]:
    """Return what tells whose a number is: the names' first letters, or the names if those are none."""
    letters = {column: name[0].upper() for column, name in names.items()}
    told = len(set(letters.values())) == len(letters) and all(map(str.isalpha, letters.values()))
    return letters if told else dict(names)


def _key_items(
    looks: Mapping[str, Point], names: Mapping[str, str], tags: Mapping[str, str]
) -> list[KeyItem]:
    """Return the key, with the letters that stand at numbers."""
    items = []
    for column, look in looks.items():
        name, tag = names[column], tags.get(column, names[column])
        label = name if tag == name else f"{name} ({tag})"
        items.append(KeyItem(label, look.shape, look.fill, look.colour, series=column))
    return items


def _join_layers(data: pd.DataFrame, columns: list[str], along: alt.X, paper: Paper) -> Layers:
    ends = pd.DataFrame(
        {
            "x": data[columns].min(axis=1),
            "x2": data[columns].max(axis=1),
            "y": data["y"],
            "who": [who(key=region) for region in data["region"]],
        }
    ).dropna()
    base = chart(ends.to_dict("records")).mark_rule(stroke=theme.OTHER, strokeWidth=2)
    return [base.encode(x=along, x2="x2:Q", y=rows.y("y", paper.plot_height))]


def _point_layers(
    data: pd.DataFrame,
    moved: pd.DataFrame,
    looks: Mapping[str, Point],
    names: Mapping[str, str],
    along: alt.X,
    paper: Paper,
    unit: str,
    decimals: int,
) -> Layers:
    layers: Layers = []
    for column, look in reversed(list(looks.items())):
        known = data[["region", "label", column]].assign(y=data["y"] + moved[column]).dropna()
        records = [
            {
                **{"x": value, "y": y},
                "who": who(
                    key=region,
                    series=column,
                    tip=tip(label, f"{names[column]}: {with_unit(value, unit, decimals)}"),
                ),
            }
            for region, label, value, y in known.itertuples(index=False)
        ]
        if records:
            mark = {"shape": look.shape, "size": 130 if look.shape != "diamond" else 150}
            point = chart(records).mark_point(
                fill=look.fill, stroke=look.colour, strokeWidth=2, opacity=1, **mark
            )
            layers.append(point.encode(x=along, y=rows.y("y", paper.plot_height)))
    return layers


def _value_layers(
    data: pd.DataFrame,
    moved: pd.DataFrame,
    tags: Mapping[str, str],
    along: alt.X,
    paper: Paper,
    decimals: int,
) -> Layers:
    """Print the lowest value to the left and the highest to the right; say where nothing is known.

    Where two marks stand under each other their numbers have ``tags``; among more, they stand as high
    as their marks.
    """
    columns = list(moved)
    sides: dict[str, list[dict[str, Any]]] = {"right": [], "left": [], "missing": []}
    for row, shifts in zip(data.to_dict("records"), moved.to_dict("records"), strict=True):
        known = sorted((c for c in columns if pd.notna(row[c])), key=lambda c: float(row[c]))
        if not known:
            sides["missing"].append({"y": row["y"], "text": MISSING, "who": who(key=row["region"])})
            continue
        told = tags if any(shifts.values()) else {}
        for side, column in (("right", known[0]), ("left", known[-1])):
            if side == "left" or len(known) > 1:
                up = shifts[column] if len(columns) > 2 else 0.0
                text = _text(row, column, told, decimals)
                sides[side].append({**text, "y": row["y"] + up})
    height = paper.plot_height
    return [
        *rows.value_texts(sides["right"], along, height, align="right", dx=-10),
        *rows.value_texts(sides["left"], along, height, align="left", dx=10),
        *rows.missing_texts(sides["missing"], height),
    ]


def _text(
    row: Mapping[Any, Any], column: str, tags: Mapping[str, str], decimals: int
) -> dict[str, Any]:
    identity = who(key=row["region"], series=column)
    text = " ".join([*([tags[column]] if column in tags else []), number(row[column], decimals)])
    return {"x": row[column], "text": text, "who": identity}


def _alt(
    data: pd.DataFrame,
    groups: Sequence[tuple[str, str]],
    emphasis: Collection[str],
    unit: str,
    decimals: int,
) -> str:
    parts = [
        describe.reading("dumbbell", describe.areas(data)),
        f"Grupper: {'; '.join(name for _, name in groups)}.",
    ]
    shown = data[data["region"].isin(list(emphasis))] if emphasis else data.head(1)
    for row in shown.head(3).to_dict("records"):
        names = [name for _, name in groups]
        values = [row[column] for column, _ in groups]
        said = describe.extremes(names, values, unit, decimals, ranked=False)
        parts.append(f"{row['label']}: {said}")
    first, second = groups[0], groups[1]
    gaps = (data[second[0]] - data[first[0]]).dropna()
    if len(gaps) > 1:
        widest = data.loc[gaps.abs().idxmax(), "label"]
        gap = number(gaps.abs().max(), decimals)
        parts.append(f"Störst skillnad mellan {first[1]} och {second[1]} har {widest}: {gap}.")
    return " ".join(parts)
