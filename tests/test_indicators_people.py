"""Indicators of people by hand, and every indicator that awaits data computed from made-up observations.

All made-up figures: SYNTETISKA TESTDATA.
"""

import math
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from statsmodels.stats.proportion import proportion_confint

import affarsplan_data as ap
from affarsplan_data import catalogue, project, regions
from affarsplan_data.catalogue import DIMENSIONS, INDUSTRIES, load_catalogue
from affarsplan_data.indicators import MissingIndicatorError, formulas, indicator, inputs
from affarsplan_data.indicators.used import used
from tests.made_up_inputs import figures

CATALOGUE = load_catalogue()
COLUMNS = "region period sex value"


def worked_out(id: str, **inputs: pd.DataFrame) -> pd.DataFrame:
    """Return an indicator's values from made-up inputs, with the formula and parameters it declares."""
    formula = CATALOGUE.indicator(id).formula
    return formulas.evaluate(formula.function, inputs, formula.parameters)


# ---- Population and moves.


def test_a_net_of_moves_is_per_thousand_of_the_age_with_its_interval():
    result = worked_out(
        "net_domestic_migration_20_39",
        inflow=figures("19 2023 women 2600\n19 2023 men 2700", COLUMNS),
        outflow=figures("19 2023 women 2900\n19 2023 men 2650", COLUMNS),
        stock=figures("19 2023 women 32000\n19 2023 men 34000", COLUMNS),
    ).set_index("sex")
    women = result.loc["women"]
    assert women["value"] == pytest.approx(-300 / 32)
    half = 1.959964 * math.sqrt(5500) / 32
    assert women["high"] == pytest.approx(-300 / 32 + half, rel=1e-6)
    men = result.loc["men"]
    assert men["low"] < 0 < men["value"] < men["high"]


def test_the_parts_of_the_growth_are_per_thousand_and_the_whole_is_the_total():
    changes = figures(
        "19 2023 total population_change 1400\n"
        "19 2023 total birth_surplus -280\n"
        "19 2023 total net_immigration 1680",
        "region period sex category value",
    )
    people = figures("19 2023 total 280000", "region period sex value")
    result = worked_out("population_growth_components", value=changes, population=people)
    values = result.set_index("category")["value"]
    assert values.to_dict() == {"total": 5, "birth_surplus": -1, "net_immigration": 6}
    key = {"region": "19", "period": "2023", **dict.fromkeys(DIMENSIONS, "total")}
    named = used(
        "components", {"value": changes, "population": people}, {"whole": "population_change"}, key
    )
    assert [k["category"] for k in named["value"]] == ["population_change"]


# ---- Education.


def test_three_years_of_research_degrees_by_hand():
    part = figures("1904 2021 women 9\n1904 2022 women 12\n1904 2023 women 15", COLUMNS)
    whole = figures("1904 2021 women 900\n1904 2022 women 950\n1904 2023 women 1000", COLUMNS)
    result = worked_out("postgraduate_share_pooled", part=part, whole=whole).set_index("period")
    low, high = proportion_confint(36, 2850, method="wilson")
    row = result.loc["2023"]
    assert (row["value"], row["low"], row["high"]) == pytest.approx(
        (100 * 36 / 2850, 100 * low, 100 * high)
    )


def test_the_age_of_the_edition_is_used_where_nothing_else_is_held():
    shares = indicator("postsecondary_3y_share", data="edition")
    item = shares.indicator.formula.inputs["part"]
    assert inputs.reading_at(item, "2022", "edition").select["age"] == "16-74"
    assert inputs.changes_of_register(shares.indicator, "edition") == {}


# ---- Every indicator that awaits data, from made-up observations of its measures.

PERIODS = tuple(map(str, range(2004, 2025)))
PLACES = ("00", *regions.counties(), *regions.municipalities("19"))
WHOLES = {
    "population": 200_000.0,
    "education": 30_000.0,
    "employed_day_by_industry_bas": 10_000.0,
    "employees_in_active_firms": 10_000.0,
    "firms_active": 10_000.0,
    "employees_business": 10_000.0,
}
"""What figures of measures that others are set against are about; those of others are about 500."""
SIX = ("environment", "export", "firms", "innovation", "people", "surveys")


def observations(measure: str, chosen: dict[str, Any], data: str = "newest") -> pd.DataFrame:
    """Return made-up observations of a measure, as ``figures`` does the real: SYNTETISKA TESTDATA."""
    about = CATALOGUE.measure(measure)
    keys = {"region": PLACES, "period": PERIODS} | {d: chosen[d] for d in DIMENSIONS}
    frame = pd.DataFrame(list(product(*keys.values())), columns=list(keys))
    numbers = np.random.default_rng(len(measure))
    if "procent" in about.unit:
        values = numbers.uniform(5, 80, len(frame))
    else:
        # A part is a tenth of its whole, so that parts stay parts.
        narrowed = sum((frame[d] != "total").astype(int) for d in ("sex", "category"))
        scale = WHOLES.get(measure, 500.0)
        values = scale / 10.0**narrowed * numbers.uniform(0.9, 1.1, len(frame)) * 100
    texts = {"source": "SYNTETISKA TESTDATA", "table": measure, "vintage": "", "status": ""}
    frame = frame.astype(dict.fromkeys(keys, "category"))
    return frame.assign(value=values, preliminary=False, **texts)


def _ours() -> list[str]:
    """The indicators of these parts of the catalogue, in order."""
    folder = Path(catalogue.__file__).parent / "indicators"
    files = [(folder / f"{name}.yaml").read_text(encoding="utf-8") for name in SIX]
    return [entry["id"] for text in files for entry in yaml.safe_load(text)]


def _awaiting() -> list[str]:
    held = {"edition", "not_available"}
    return [id for id in _ours() if CATALOGUE.indicator(id).availability not in held]


@pytest.fixture
def everything_is_held(monkeypatch):
    """Let every measure have made-up observations: SYNTETISKA TESTDATA."""
    held = {"age": ("total", "15-74", "16-64", "16-74", "20-39", "25-64")}
    monkeypatch.setattr(inputs, "figures", observations)
    monkeypatch.setattr(inputs, "_shared", inputs._shared.__wrapped__)
    monkeypatch.setattr(inputs, "available", lambda measure, data: True)
    monkeypatch.setattr(
        inputs,
        "values_held",
        lambda measure, dim, data: held.get(dim, ("total", "women", "men", *_classes(measure))),
    )


def _classes(measure: str) -> tuple[str, ...]:
    return (*CATALOGUE.measure(measure).categories, *INDUSTRIES)


@pytest.mark.parametrize("id", _awaiting())
def test_an_indicator_that_awaits_data_is_computed_when_it_has_them(id, everything_is_held):
    about = CATALOGUE.indicator(id)
    frames = {name: inputs.read(item, "newest") for name, item in about.formula.inputs.items()}
    formula = about.formula
    result = formulas.evaluate(formula.function, frames, formula.parameters)
    known = result[result["value"].notna()]
    assert len(known) > len(result) / 3
    keys = [c for c in ("region", "period", *DIMENSIONS) if c in result]
    assert not result.duplicated(keys).any()
    assert set(keys) - {"region", "period"} == set(about.splits)
    assert "19" in set(known["region"])
    if "low" in result and (known["low"].notna()).any():
        bounded = known.dropna(subset=["low", "high"])
        assert (bounded["low"] <= bounded["value"] + 1e-9).all()
        assert (bounded["high"] >= bounded["value"] - 1e-9).all()
    if about.unit == "procent" and formula.function in {"share", "survey_share", "pooled_share"}:
        assert known["value"].between(0, 100).all()
    if about.small_numbers and about.comparable_size:
        assert known["count"].notna().any(), "liten-tal-regeln har inget antal"
    row = known.iloc[-1]
    key = {c: row[c] if c in keys else "total" for c in ("region", "period", *DIMENSIONS)}
    named = used(formula.function, frames, formula.parameters, key)
    assert named.keys() == frames.keys()
    assert any(named.values())


# ---- Delivered files, all the way. SYNTETISKA TESTDATA.


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A copy of the edition where nothing has been fetched or delivered."""
    built = ap.build("edition")
    shutil.copytree(project.raw() / "edition", tmp_path / "data" / "raw" / "edition")
    shutil.copytree(built, tmp_path / "data" / "processed" / "edition")
    (tmp_path / "data" / "raw" / "delivered").mkdir()
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    return tmp_path


def _deliver(home: Path, measure: str, *rows: str) -> None:
    """Put a made-up file of a measure where the analyst would."""
    folder = home / "data" / "raw" / "delivered"
    periods = sorted(row.split()[1] for row in rows)
    described = (
        f"measure: {measure}\nproducer: SYNTETISKA TESTDATA\npublication: Påhittad\n"
        f"retrieved: 2026-11-20\nunit: {CATALOGUE.measure(measure).unit}\n"
        f"period: {{first: {periods[0]}, last: {periods[-1]}}}\n"
    )
    lines = [";".join(row.split()) for row in ("Region Period Kön Klass Värde", *rows)]
    (folder / f"{measure}.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / f"{measure}.yaml").write_text(described, encoding="utf-8")


def test_a_survey_needs_both_its_shares_and_its_answers(home):
    shares = ("19 2023 total total 48,5", "00 2023 total total 52", "00 2023 kvinnor total 50")
    _deliver(home, "fvv_growth_share", *shares)
    with pytest.raises(MissingIndicatorError, match="fvv_growth_answers"):
        indicator("growth_willingness_share")
    answers = ("19 2023 total total 250", "00 2023 total total 9000", "00 2023 kvinnor total 80")
    _deliver(home, "fvv_growth_answers", *answers)
    values = indicator("growth_willingness_share")
    row = values.row("19", "2023")
    assert (row["value"], row["base"]) == (48.5, 250)
    assert row["high"] - row["low"] == pytest.approx(12.4, abs=0.05)
    hidden = values.row("00", "2023", sex="women")
    assert (hidden["status"], math.isnan(hidden["value"])) == ("hidden", True)
    assert row["source"] == "SYNTETISKA TESTDATA"


def test_ordered_numbers_of_new_firms_go_before_what_has_been_published(home):
    before = indicator("new_firms_women_share").value("19", "2018")
    _deliver(
        home,
        "new_firms_by_leader",
        *("19 2021 total total 1600", "19 2021 kvinnor total 500", "19 2021 män total 1050"),
        *("19 2021 total swedish_background 1000", "19 2021 total foreign_background 500"),
    )
    share = indicator("new_firms_women_share")
    assert share.value("19", "2021") == pytest.approx(31.25)
    assert share.value("19", "2018") == before
    background = indicator("new_firms_foreign_background_share")
    assert background.value("19", "2021") == pytest.approx(100 / 3)
    assert share.row("19", "2021")["low"] < 31.25


# ---- What the catalogue says of each.


@pytest.mark.parametrize("id", _ours())
def test_an_indicator_says_what_it_means_and_what_it_does_not_show(id):
    about = CATALOGUE.indicator(id)
    for text in (about.definition, about.does_not_show):
        assert text.endswith("."), text
        assert text.count(". ") <= 1, text
    assert about.agenda_2030
    assert set(about.agenda_2030) <= set(range(1, 18))
    if about.availability != "edition":
        assert len(about.missing_reason) > 40
    if about.unit == "procent":
        assert about.difference_unit == "procentenheter"
