"""Charts of change and of municipalities: what may be compared, what is said, and when it is refused.

All figures here are made up: SYNTETISKA TESTDATA.
"""

from collections.abc import Mapping

import pandas as pd
import pytest

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.figures import key_figures
from affarsplan_data.indicators import IndicatorValues, MissingIndicatorError, sentences
from affarsplan_data.indicators.evaluate import COLUMNS
from affarsplan_data.pages import charts_of_change, charts_of_municipalities, keyfigures, provenance
from affarsplan_data.pages.scope import scope
from affarsplan_data.parameters import Parameters, parameters

SHARE = load_catalogue().indicator("employment_rate_20_64")
AMOUNT = load_catalogue().indicator("business_rd_per_capita")
INSIDE = ("1980", "1981", "1982")


def _row(region: str, period: str, value: float, **other: object) -> dict[str, object]:
    row = dict.fromkeys(COLUMNS, "total") | {"region": region, "period": period, "value": value}
    row |= dict.fromkeys(("low", "high", "count", "base"), float("nan"))
    row |= {"segment": 0, "preliminary": False, "status": "", "other_sources": ""}
    return row | {"source": "påhittad", "table": "SYNTETISKA TESTDATA", "vintage": ""} | other


def _values(*rows: dict[str, object], about: object = SHARE) -> IndicatorValues:
    return IndicatorValues(about, pd.DataFrame(list(rows)), "edition")  # type: ignore[arg-type]


def _series(region: str, values: Mapping[str, float], **other: object) -> list[dict[str, object]]:
    return [_row(region, period, value, **other) for period, value in values.items()]


@pytest.fixture
def given() -> Parameters:
    """A county compared with riket alone."""
    return parameters("19", ["00"])


def test_a_slope_goes_between_years_on_one_side_of_a_break(given):
    rows = [
        row
        for code in INSIDE
        for row in [
            *_series(code, {"2020": 70.0, "2021": 71.0}),
            *_series(code, {"2022": 60.0, "2023": 64.0}, segment=1),
        ]
    ]
    values = _values(*rows)
    shown = charts_of_change.slope(values, scope(values, given), given)
    assert "högre 2023 än 2022 i alla 3 kommuner" in shown.title
    assert list(shown.table.columns)[1:3] == ["2022", "2023"]


def test_newer_figures_beyond_a_break_are_told_of(given):
    groups = [{"sex": "women"}, {"sex": "men"}]
    rows = [
        row
        for group in groups
        for row in [
            *_series("19", {"2022": 70.0, "2023": 72.0}, **group),
            *_series("19", {"2024": 50.0}, segment=1, **group),
        ]
    ]
    values = _values(*rows)
    shown = charts_of_change.slope_of_groups(values, scope(values, given), given)
    assert "stigit bland kvinnor och män från 2022 till 2023" in shown.title
    assert any("2024 finns, men efter ett brott" in note for note in shown.notes)


def test_a_slope_of_one_year_is_refused(given):
    values = _values(*_series("19", {"2023": 70.0}, sex="women"))
    with pytest.raises(MissingIndicatorError, match="två jämförbara år saknas"):
        charts_of_change.slope_of_groups(values, scope(values, given), given)


def test_a_verdict_that_turns_on_the_start_year_says_so(given):
    own = {"2019": 100.0, "2020": 150.0, "2021": 120.0, "2022": 130.0}
    country = {"2019": 100.0, "2020": 101.0, "2021": 102.0, "2022": 103.0}
    values = _values(*_series("19", own), *_series("00", country), about=AMOUNT)
    shown = charts_of_change.every_start(values, scope(values, given), given)
    assert "beror på startåret: så är det från 2 av 3 år" in shown.title
    table = shown.table.set_index("Räknat från")
    assert table.loc["2020"].iloc[0] == pytest.approx(100 * (130 / 150 - 1))
    assert table.loc["2020"].iloc[2] == pytest.approx(100 * (130 / 150 - 103 / 101))


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (110.02, "har utvecklats som i riket till 2022, vilket år man än räknar från."),
        (109.0, "har utvecklats svagare än i riket till 2022, vilket år man än räknar från."),
    ],
)
def test_a_difference_that_prints_as_none_is_no_verdict(given, last, said):
    own = {"2019": 100.0, "2020": 100.0, "2021": 100.0, "2022": last}
    country = own | {"2022": 110.0}
    values = _values(*_series("19", own), *_series("00", country), about=AMOUNT)
    assert said in charts_of_change.every_start(values, scope(values, given), given).title


def test_weaker_from_some_years_and_the_same_from_others_turns_on_the_start_year(given):
    own = {"2019": 100.0, "2020": 110.0, "2021": 100.0, "2022": 110.0}
    country = own | {"2020": 100.0}
    values = _values(*_series("19", own), *_series("00", country), about=AMOUNT)
    shown = charts_of_change.every_start(values, scope(values, given), given)
    assert (
        "svagare än i riket till 2022 beror på startåret: så är det från 1 av 3 år" in shown.title
    )


def test_every_break_in_the_years_shown_is_explained_also_a_new_publication():
    rows = [
        _row("19", period, 50.0, segment=segment)
        for period, segment in (("2022", 0), ("2023", 1), ("2024", 102), ("2025", 103))
    ]
    told = provenance.crossed(_values(*rows), ["19"], "2022", "2025")
    declared = provenance.break_notes(_values(*rows))
    assert set(declared) == {"2024"}
    other = "uppgifterna är ur en annan publicering än de tidigare"
    assert told[0].startswith(f"Brott 2023 och 2025: {other}")
    assert told[1] == f"Brott 2024: {declared['2024']}"
    assert provenance.crossed(_values(*rows), ["19"], "2025", "2025") == []


def test_growth_is_not_counted_across_a_break(given):
    own = _series("19", {"2019": 100.0, "2020": 110.0}) + _series(
        "19", {"2021": 50.0, "2022": 60.0}, segment=1
    )
    values = _values(*own, about=AMOUNT)
    with pytest.raises(MissingIndicatorError, match="färre än 3 år"):
        charts_of_change.every_start(values, scope(values, given), given)


def test_small_charts_of_a_single_year_are_no_charts(given):
    rows = [_row("19", "2023", 70.0), _row("00", "2023", 71.0), _row("04", "2023", 72.0)]
    values = _values(*rows)
    shown = charts_of_change.small_multiples(values, scope(values, given), given)
    assert shown.name.startswith("rang-")
    assert "Bara ett år har uppgift" in shown.subtitle


def test_municipalities_that_reach_a_level_are_counted_with_their_doubt(given):
    rows = [
        _row("1980", "2023", 70.0, low=69.0, high=71.0),
        _row("1981", "2023", 67.0, low=64.0, high=70.0),
        _row("1982", "2023", 50.0, low=48.0, high=52.0),
    ]
    values = _values(*rows)
    shown = charts_of_municipalities.municipalities(values, scope(values, given), given, limit=66.7)
    assert "i 2 av 3 kommuner 2023, säkert i 1: Västerås och Sala." in shown.title


def test_municipalities_without_figures_leave_room_for_the_counties(given):
    values = _values(_row("19", "2023", 70.0), _row("04", "2023", 72.0))
    shown = charts_of_municipalities.municipalities(values, scope(values, given), given)
    assert shown.name.startswith("rang-")
    assert "Uppgiften finns inte per kommun" in shown.subtitle


def test_regions_that_read_the_same_are_not_called_highest_and_lowest():
    values = _values(_row("1980", "2023", 70.04), _row("1981", "2023", 70.01))
    said = sentences.spread(values, list(INSIDE), "2023")
    assert said == "70,0\u00a0procent i alla 2 kommuner med uppgift"


def test_a_county_is_ranked_once_when_groups_by_birth_are_there_too():
    births = ("total", "native", "foreign")
    rows = [
        _row(f"{code:02}", "2023", 60.0 + code, birth=birth)
        for code in range(3, 26)
        if code not in (11, 15, 16)
        for birth in births
    ]
    values = _values(*rows)
    spot = values.standing("19", "2023")
    assert spot is not None
    assert spot.of == 20


def _key_row(monkeypatch, given, values: IndicatorValues) -> dict[str, str]:
    monkeypatch.setattr(keyfigures, "read", lambda id, given: values)
    return keyfigures.row(values.indicator, given)


def test_a_change_is_not_printed_as_none_beside_a_sure_trend(monkeypatch, given):
    years = {str(2010 + i): 50.0 + i / 250 for i in range(10)}
    row = _key_row(monkeypatch, given, _values(*_series("19", years)))
    assert (row["Utveckling"], row["Förändring"]) == ("↗ ökar", "+0,04")
    short = dict(list(years.items())[:3])
    row = _key_row(monkeypatch, given, _values(*_series("19", short)))
    assert (row["Utveckling"], row["Förändring"]) == ("ingen säker trend", "0,0")
    assert "Utveckling väger alla åren" in " ".join(keyfigures.figure([SHARE], given).notes)


def test_key_figures_name_the_scale_of_a_value_that_is_said_without_unit(monkeypatch, given):
    about = load_catalogue().indicator("strength_area_lq")
    row = _key_row(monkeypatch, given, _values(_row("19", "2023", 1.2), about=about))
    assert row["Anmärkning"].startswith("Kvot, 1 = som riket;")
    named = load_catalogue().indicator("new_firms_per_1000")
    row = _key_row(monkeypatch, given, _values(_row("19", "2023", 8.0), about=named))
    assert row["Anmärkning"] == "–"


def test_key_figures_put_the_remark_below_or_in_place_of_the_figures():
    rows = pd.DataFrame(
        {
            "Indikator": ["A", "B"],
            "Värde": ["1,5 %", "–"],
            "Placering": ["3 av 21", "–"],
            "Anmärkning": ["Preliminärt", "Finns inte <b>"],
        }
    )
    shown = key_figures(
        rows,
        under={"Placering": ("Värde", "plats")},
        name="nyckeltal",
        title="Prov",
        source="SYNTETISKA TESTDATA",
    )
    assert "plats 3 av 21" in shown.html
    assert '<td role="cell" colspan="1">Finns inte &lt;b&gt;.</td>' in shown.html
    assert '<th scope="col" role="columnheader">Anmärkning' not in shown.html
    assert list(shown.table.columns) == list(rows.columns)
