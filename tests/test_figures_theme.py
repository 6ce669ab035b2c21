"""Colours, label arithmetic, and the boundaries the maps are drawn from."""

import hashlib
import itertools

import pytest
import shapely
import yaml

from affarsplan_data import project, regions
from affarsplan_data.figures import BoundariesError, boundaries, theme
from affarsplan_data.figures.drawing import span
from affarsplan_data.figures.labels import measure, spread, wrap
from affarsplan_data.figures.map_layers import classes
from affarsplan_data.figures.over_time import STYLES, position


@pytest.mark.parametrize(
    "colour",
    [theme.FOCUS, theme.WOMEN, theme.MEN, theme.REFERENCE, theme.OTHER, theme.PEER, *theme.SERIES],
)
def test_data_colours_reach_three_to_one(colour: str) -> None:
    assert theme.contrast(colour, theme.WHITE) >= 3


@pytest.mark.parametrize("colour", [theme.TEXT, theme.MUTED_TEXT, theme.REFERENCE])
def test_text_colours_reach_four_and_a_half_to_one(colour: str) -> None:
    assert theme.contrast(colour, theme.WHITE) >= 4.5


def test_text_on_every_fill_reaches_four_and_a_half_to_one() -> None:
    fills = [
        *theme.SEQUENTIAL,
        *theme.GREYS,
        theme.MISSING_FILL,
        theme.WOMEN,
        theme.MEN,
        *theme.SERIES,
    ]
    assert min(theme.contrast(theme.text_on(fill), fill) for fill in fills) >= 4.5


def test_women_and_men_separate_in_greyscale_and_shape() -> None:
    assert theme.contrast(theme.WOMEN, theme.MEN) >= 3
    assert STYLES["women"].shape != STYLES["men"].shape


def test_bars_of_ours_peers_and_others_separate_in_greyscale() -> None:
    steps = (theme.FOCUS, theme.PEER, theme.OTHER_FILL)
    assert all(theme.contrast(a, b) >= 2.5 for a, b in itertools.pairwise(steps))


def test_map_scale_goes_from_light_to_dark() -> None:
    against_white = [theme.contrast(c, theme.WHITE) for c in theme.SEQUENTIAL]
    assert against_white == sorted(against_white)
    assert against_white[-1] > 7


def test_a_value_is_classed_as_it_is_printed() -> None:
    made = classes([0.5, 9.94, 9.96, 20.0], 1)
    assert [i.label for i in made.key_items(missing=False)] == [
        *("0,0–4,9", "5,0–9,9"),
        *("10,0–14,9", "15,0–20,0"),
    ]
    assert made.colour(9.94) != made.colour(9.96)
    assert made.colour(float("nan")) == theme.MISSING_FILL


def test_classes_hold_printed_values_and_none_is_empty() -> None:
    def said(*values: float) -> list[str]:
        return [i.label for i in classes(values, 1).key_items(missing=False)]

    assert said(65.38, 65.36, 65.31, 65.30) == ["65,3", "65,4"]
    assert said(65.38, 65.36) == ["65,4 i alla områden"]
    assert said(0, 10, 12, 90) == ["0,0–24,9", "75,0–100,0"]
    assert said(-2.3, 1.6) == ["−3,0 till −2,1", "1,0–2,0"]
    # Limits at quarters do not show in tenths: the classes meet between two printed values.
    assert said(65.3, 65.6, 65.8, 66.0) == ["65,2–65,3", "65,6–65,7", "65,8–66,0"]


def test_widths_are_those_of_helvetica() -> None:
    assert measure("Wiå,5", 1000) == 944 + 222 + 556 + 278 + 556
    assert measure("iii\nWWW", 10) == measure("WWW", 10)
    assert measure("län", 10, bold=True) > measure("län", 10)


def test_wrapping_keeps_words_whole() -> None:
    assert wrap("Västra Götalands län", 12, 90).split("\n") == ["Västra", "Götalands län"]
    assert wrap("Skinnskatteberg", 12, 20) == "Skinnskatteberg"


def test_spread_keeps_order_and_distance() -> None:
    placed = spread([50, 51, 52, 99], [10, 10, 10, 10], 0, 100)
    assert placed == sorted(placed)
    assert all(b - a >= 10 for a, b in itertools.pairwise(placed))
    assert placed[-1] <= 95


@pytest.mark.parametrize(("low", "high"), [(0.012, 0.047), (-3.4, 8.9), (97, 103), (5, 5)])
def test_ticks_are_round_and_hold_the_values(low: float, high: float) -> None:
    axis = span([low, high], zero=False)
    assert axis.low <= low <= high <= axis.high
    assert 2 <= len(axis.ticks) <= 9
    assert all(abs(t - round(t, axis.decimals)) < 1e-9 for t in axis.ticks)


def test_periods_have_their_place() -> None:
    assert [position(p) for p in ("2024", "2024K2", "2024M07")] == [2024, 2024.25, 2024.5]


def test_boundaries_are_whole_and_as_the_manifest_says() -> None:
    folder = project.raw() / "boundaries"
    manifest = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
    data = (folder / manifest["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == manifest["sha256"]
    municipalities = boundaries.areas(regions.municipalities())
    assert list(municipalities["code"]) == sorted(regions.municipalities())
    assert len(municipalities) == manifest["features"]
    assert municipalities.crs.to_epsg() == 3006
    assert shapely.coverage_is_valid(municipalities.geometry.values)
    points = shapely.get_coordinates(municipalities.geometry.values)
    assert (points == points.round()).all()


def test_counties_are_their_municipalities() -> None:
    counties = boundaries.areas(regions.counties())
    assert len(counties) == 21
    assert counties.geometry.is_valid.all()
    parts = boundaries.areas(regions.municipalities("19"))
    ours = counties.loc[counties["code"] == "19"].geometry.iloc[0]
    assert ours.area == pytest.approx(parts.area.sum())


def test_riket_and_unknown_areas_are_refused() -> None:
    with pytest.raises(BoundariesError, match="00"):
        boundaries.areas(["00"])
    with pytest.raises(regions.UnknownRegionError):
        boundaries.areas(["9999"])
