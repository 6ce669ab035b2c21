"""From a value back to the files: every figure that matters is named, and no other; hashes are true."""

import json
import random
import shutil
import sys
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from affarsplan_data import cli, project, regions, swedish
from affarsplan_data.archive import Archive
from affarsplan_data.archive.shelf import Shelf
from affarsplan_data.catalogue import FORMULAS, Indicator, load_catalogue
from affarsplan_data.catalogue.errors import UnknownEntryError
from affarsplan_data.indicators import evaluate, formulas, inputs, sentences
from affarsplan_data.indicators.inputs import META
from affarsplan_data.indicators.tracing import leaves, trace
from affarsplan_data.indicators.used import RULES, observed, used
from affarsplan_data.observations import SelectionError, holding, load
from affarsplan_data.observations import figures as held_figures
from affarsplan_data.observations.origins import follow
from affarsplan_data.pages.definitions import definitions
from affarsplan_data.pages.freshness import freshness
from affarsplan_data.regions import UnknownRegionError
from affarsplan_data.scb import Limiter, Rate, ScbClient
from affarsplan_data.sources.fetching import archive as project_archive
from affarsplan_data.sources.fetching import fetch
from tests.pxserver import PxServer
from tests.test_indicators_economy import SPLITS as OF_WORK
from tests.test_indicators_firms import OURS as OF_FIRMS

CATALOGUE = load_catalogue()
RESULT = ("value", "low", "high", "count", "base")
TOTALS = dict.fromkeys(("sex", "birth", "age", "industry", "category"), "total")

# ---- Every formula, on made-up figures: SYNTETISKA TESTDATA.

SPLITS = {
    "women_per_men": {"sex": ("women", "men")},
    "women_share_per_men_share": {"sex": ("women", "men")},
    "women_minus_men": {"sex": ("women", "men")},
    "women_share": {"sex": ("women", "men")},
    "foreign_minus_native": {"birth": ("foreign", "native")},
    "segregation": {"sex": ("women", "men"), "industry": ("A", "F", "G")},
}
INDUSTRIES = {"sex": ("total", "women"), "industry": ("A", "F", "G")}
PARAMETERS = {"growth": {"years": 2}, "chained_volume": {"reference": "2016"}}
TRIED_ELSEWHERE = {*OF_WORK, *OF_FIRMS}
"""Formulas whose own tests change figures in the same way, with inputs that fit them."""


def made_up(function: str, seed: int) -> dict[str, pd.DataFrame]:
    """Return inputs for a formula, with missing figures and a break among them."""
    numbers = np.random.default_rng(seed)
    several = function in {
        "effective_number",
        "concentration",
        "specialisation",
        "location_quotient",
        "share_difference",
    }
    splits = SPLITS.get(function, INDUSTRIES if several else {"sex": ("total", "women")})
    frames = {}
    for name in sorted(FORMULAS[function], reverse=True):
        keys = {"region": ("00", "04", "19"), "period": tuple(map(str, range(2013, 2021)))} | splits
        frame = pd.DataFrame(list(product(*keys.values())), columns=list(keys))
        # Parts are smaller than wholes, and changes are percentages.
        low, high = {"part": (40, 90), "change": (-5, 5)}.get(name, (200, 900))
        values = numbers.uniform(low, high, len(frame))
        values[numbers.random(len(frame)) < 0.03] = np.nan
        if name != "whole":
            values[numbers.random(len(frame)) < 0.03] = 0
        frame["value"] = values
        frame["segment"] = (frame["period"] >= "2019").astype(int)
        texts = dict.fromkeys(("source", "table", "vintage", "status"), "SYNTETISKA TESTDATA")
        frames[name] = frame.assign(preliminary=False, **texts)[[*keys, "value", *META]]
    return {name: frames[name] for name in FORMULAS_ORDER[function]}


FORMULAS_ORDER = {
    name: sorted(needed, key=lambda n: n not in {"value", "part", "numerator", "inflow", "level"})
    for name, needed in FORMULAS.items()
}


def computed(function: str, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    parameters = PARAMETERS.get(function, {})
    result = formulas.evaluate(function, frames, parameters)
    for dimension in TOTALS:
        if dimension not in result:
            result[dimension] = "total"
    keys = ["region", "period", *TOTALS]
    return result.set_index(keys).reindex(columns=list(RESULT)).astype(float)


def changed(frame: pd.DataFrame, mask: np.ndarray, seed: int) -> pd.DataFrame:
    """Return ``frame`` with other, positive figures where ``mask`` is true."""
    factors = np.random.default_rng(seed).uniform(1.2, 1.9, len(frame))
    values = frame["value"].fillna(frame["value"].max()).to_numpy() * factors + 1
    return frame.assign(value=np.where(mask, values, frame["value"]))


def mask_of(frame: pd.DataFrame, keys: list[dict[str, str]]) -> np.ndarray:
    hits = [np.logical_and.reduce([frame[c] == v for c, v in key.items()]) for key in keys]
    return np.logical_or.reduce(hits)


def same(one: pd.Series, other: pd.Series) -> bool:
    return bool(np.allclose(one, other, rtol=1e-12, atol=1e-12, equal_nan=True))


def test_every_formula_says_what_it_uses() -> None:
    assert RULES.keys() == formulas.FUNCTIONS.keys() == FORMULAS.keys()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("function", sorted(FORMULAS.keys() - TRIED_ELSEWHERE))
def test_figures_that_are_not_named_never_matter_and_those_that_are_do(
    function: str, seed: int
) -> None:
    frames = made_up(function, seed)
    before = computed(function, frames)
    chosen = random.Random(seed).sample(range(len(before)), min(4, len(before)))
    tried = 0
    for place in chosen:
        key = dict(zip(before.index.names, before.index[place], strict=True))
        needs = used(function, frames, PARAMETERS.get(function, {}), key)
        assert needs.keys() == frames.keys()
        others = {n: changed(f, ~mask_of(f, needs[n]), seed) for n, f in frames.items()}
        after = computed(function, others)
        assert same(after.loc[tuple(key.values())], before.iloc[place]), key
        if np.isnan(before.iloc[place]["value"]) or _cannot_move(function, before, key):
            continue
        tried += 1
        for name, figures in needs.items():
            for figure in figures:
                here = mask_of(frames[name], [figure])
                ways = [changed(frames[name], here, seed + 1)]
                if "industry" in figure:
                    # Half a sum of distances may stand still for one change, not for every one.
                    value = frames[name]["value"]
                    ways.append(frames[name].assign(value=np.where(here, 50 * value.max(), value)))
                moved = [computed(function, frames | {name: way}) for way in ways]
                still = [same(m.loc[tuple(key.values())], before.iloc[place]) for m in moved]
                assert not all(still), (key, name, figure)
    assert tried


def _cannot_move(function: str, before: pd.DataFrame, key: dict[str, str]) -> bool:
    """Tell of values that are what they are by definition: riket against riket, and a base year."""
    if function in {"relative_to_country", "location_quotient", "share_difference"}:
        return key["region"] == "00"
    return function == "index" and before.loc[tuple(key.values())]["value"] == 100


# ---- The catalogue's indicators, down to the observations of the edition.


def _evaluable() -> list[str]:
    return [i.id for i in CATALOGUE.indicators.values() if i.availability == "edition"]


@pytest.mark.parametrize("id", _evaluable())
def test_an_indicators_inputs_rest_on_the_observations_that_are_named(
    id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = CATALOGUE.indicators[id].formula.inputs
    generator = random.Random(id)
    for name, item in given.items():
        frame = inputs.read(item, "edition")
        held = frame[frame["value"].notna()]
        if item.optional and held.empty:
            continue
        figure = held.iloc[generator.randrange(len(held))]
        key = {c: figure[c] for c in formulas.keys_of(frame)}
        named = observed(inputs.reading_at(item, figure["period"], "edition"), key)

        for others in (True, False):
            with monkeypatch.context() as patched:
                patched.setattr(inputs, "figures", partial(_perturbed, named, others))
                patched.setattr(inputs, "_shared", inputs._shared.__wrapped__)
                after = inputs.read(item, "edition")
            value = after.loc[mask_of(after, [key]), "value"].item()
            assert (value == pytest.approx(figure["value"], rel=1e-12)) == others, name


def _perturbed(
    named: list[dict[str, str]], others: bool, measure: str, wanted: dict[str, Any], data: str
) -> pd.DataFrame:
    """Return what ``figures`` does, either the named observations changed or all the others."""
    found = held_figures(measure, wanted, data)
    own = mask_of(found, named)
    assert own.any(), named
    return changed(found, ~own if others else own, 1)


@pytest.mark.parametrize("id", _evaluable())
def test_any_value_of_an_indicator_is_traced_to_files_whose_hashes_are_right(id: str) -> None:
    values = evaluate(id, "edition")
    row = values[values["value"].notna()].iloc[-1]
    asked = {c: row[c] for c in ("region", "period", *TOTALS)}
    found = trace(id, **asked, data="edition")
    assert found.value == row["value"]
    assert found.observations
    assert all(one.is_held for one in found.observations)
    assert found.origins
    assert found.holds, [proof for origin in found.origins for proof in origin.proofs]
    assert {one.origin for one in found.observations} <= {o.origin for o in found.origins}


NAMES = {item.name: item for item in CATALOGUE.indicators.values()}
NOTHING = "–"


def test_every_key_figure_of_the_built_report_is_traced_to_the_edition(built_report) -> None:
    files = sorted((built_report.folder / "data").glob("*/nyckeltal*.csv"))
    runs = [page.run for page in built_report.pages]
    of_goals = {run.page for run in runs if definitions()[run.notebook.page].goals or run.each}
    assert {path.parent.name for path in files} >= of_goals
    traced = 0
    for path in files:
        place = path.parent.name.removeprefix("kommun-")
        for row in pd.read_csv(path, dtype=str).fillna(NOTHING).to_dict("records"):
            if row["År"] == NOTHING:
                continue
            only_country = row.get("Anmärkning", "").lower() == "finns bara för riket"
            own = "00" if only_country else place if place.isdigit() else "19"
            for column, region, sex in (
                ("Värde", own, "total"),
                (regions.name(own), own, "total"),
                ("Riket", "00", "total"),
                ("Kvinnor", own, "women"),
                ("Män", own, "men"),
            ):
                if row.get(column, NOTHING) != NOTHING:
                    item = NAMES[row["Indikator"]]
                    year = row["År"].split(" (")[0]
                    traced += _trace_shown(item, year, row[column], region, sex)
    assert traced > 200


def _trace_shown(item: Indicator, year: str, shown: str, region: str, sex: str) -> int:
    """Trace the figure or figures that a cell shows, and return how many they were."""
    spread = "–" in shown
    values = evaluate(item.id)
    held = values[(values["sex"] == sex) & values["value"].notna()]
    held = held[held["period"].map(swedish.period) == year]
    own = held[held["region"] == region]
    # What the county lacks is shown from its municipalities, a single one among them.
    held = held[held["region"].isin(regions.municipalities(region))] if own.empty or spread else own
    found = [
        trace(item.id, region=row.region, period=row.period, sex=sex, birth=row.birth)
        for row in held.itertuples()
    ]
    assert found, (item.id, year, shown)
    for one in found:
        assert one.origins
        assert one.holds
        assert {origin.kind for origin in one.origins} == {"edition"}
    ends = (
        [min(f.value for f in found), max(f.value for f in found)] if spread else [found[0].value]
    )
    told = [sentences.short_amount(value, item) for value in ends]
    numbers = [text.split("\u00a0")[0] for text in told[:-1]] + told[-1:]
    assert "–".join(numbers) == shown
    return len(found)


def test_a_sum_that_nobody_has_published_is_followed_to_its_parts() -> None:
    found = trace("population", region="19", period="2022", data="edition")
    (total,) = found.observations
    assert total.status == "summed"
    assert len(total.parts) == 10
    assert sum(part.value for part in total.parts) == total.value
    country = trace("population", region="00", period="2022", data="edition").observations[0]
    assert len(country.parts) == 21
    assert sum(not one.parts for one in leaves(country)) == 290


def test_growth_and_country_relatives_name_both_ends() -> None:
    found = trace("brp_nominal_growth_10y", region="19", period="2021", data="edition")
    assert [one.key["period"] for one in found.observations] == ["2011", "2021"]
    found = trace("brp_per_capita_index", region="19", period="2021", data="edition")
    places = {(one.measure, one.key["region"], one.key["period"]) for one in found.observations}
    assert places == {
        *(("grp", region, "2021") for region in ("19", "00")),
        *(("population", region, year) for region in ("19", "00") for year in ("2020", "2021")),
    }


# ---- What is missing, and what does not exist.


def test_a_missing_value_says_why() -> None:
    found = trace("brp_per_capita_index", region="19", period="2023", data="edition")
    assert found.value is None
    assert "grp för Västmanlands län, 2023 finns inte" in found.missing
    lacking = next(i for i in CATALOGUE.indicators.values() if i.availability != "edition")
    found = trace(lacking.id, region="19", period="2021", data="edition")
    assert lacking.missing_reason in found.missing
    assert not found.origins


def test_a_hidden_value_says_that_it_is_hidden() -> None:
    for id in _evaluable():
        values = evaluate(id, "edition")
        hidden = values[values["status"] == "hidden"]
        if len(hidden):
            row = hidden.iloc[0]
            asked = {c: row[c] for c in ("region", "period", *TOTALS)}
            assert "visas inte" in trace(id, **asked, data="edition").missing
            return
    pytest.fail("ingen indikator har dolda värden")


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"id": "brp_per_capita_inde"}, UnknownEntryError, "brp_per_capita_index"),
        ({"region": "1"}, UnknownRegionError, "01 Stockholms län"),
        ({"period": "1990"}, SelectionError, "2000"),
        ({"sex": "kvinnor"}, SelectionError, "sex"),
    ],
)
def test_what_does_not_exist_is_told_with_what_is_nearest(asked, error, words) -> None:
    wanted = {"id": "brp_per_capita_index", "region": "19", "period": "2021"} | asked
    with pytest.raises(error, match=words):
        trace(wanted.pop("id"), **wanted, data="edition")


def test_a_group_must_be_chosen_where_there_is_no_total() -> None:
    id = next(
        i.id
        for i in CATALOGUE.indicators.values()
        if i.formula.function == "location_quotient" and i.availability == "edition"
    )
    period = evaluate(id, "edition")["period"].max()
    with pytest.raises(SelectionError, match="Ange --industry: A, B"):
        trace(id, region="19", period=period, data="edition")


# ---- Archived answers.


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """A table fetched from the test server in several answers. SYNTETISKA TESTDATA."""
    with PxServer(limit=None, max_cells=20_000) as server:
        archive = Archive(tmp_path_factory.mktemp("arkiv"))
        client = ScbClient(server.url, archive=archive, limiter=Limiter(Rate(10**6, 1.0)))
        result = fetch([CATALOGUE.tables["TAB3204"]], client, archive)[0]
        assert result.error is None, result.error
        return archive, archive.snapshots(client.source, "TAB3204")[-1]


CELL = {
    "measure": "employed_day_by_industry_bas",
    "region": "19",
    "period": "2024",
    "sex": "men",
    "birth": "native",
    "age": "15-74",
    "industry": "unknown",
    "category": "total",
}


def _origin(snapshot) -> str:
    return f"archive/{snapshot.source}/{snapshot.name}/{snapshot.id}"


def test_only_the_answers_that_hold_the_figure_are_shown(fetched, monkeypatch) -> None:
    archive, snapshot = fetched
    assert len(snapshot.answers) > 2
    found = follow(_origin(snapshot), [CELL], archive)
    assert found.holds
    assert len(found.answers) == 1
    assert found.others == len(snapshot.ids) - 1
    (answer,) = found.answers
    content = archive.read(snapshot.source, snapshot.name, answer.id).content.decode()
    assert '"US"' in content
    assert '"19"' in content
    assert "TAB3204" in answer.url
    # A figure that is missing is told by its codes alone.
    monkeypatch.setattr(holding, "_known", lambda cube, codes: False)
    assert follow(_origin(snapshot), [CELL], archive).answers == found.answers
    monkeypatch.undo()
    elsewhere = follow(_origin(snapshot), [CELL | {"region": "2584"}], archive)
    assert elsewhere.answers != found.answers


def test_a_damaged_answer_is_told(fetched, tmp_path: Path) -> None:
    archive, snapshot = fetched
    copy = Archive(tmp_path / "arkiv")
    shutil.copytree(archive.folder, copy.folder)
    (answer,) = follow(_origin(snapshot), [CELL], copy).answers
    shelf = Shelf(copy.folder, snapshot.source, snapshot.name)
    path = shelf.object_path(answer.proof.sha256)
    path.write_bytes(path.read_bytes()[:-40] + b"x" * 40)
    found = follow(_origin(snapshot), [CELL], copy)
    assert not found.holds
    (wrong,) = [a for a in found.answers if not a.proof.holds]
    assert wrong.id == answer.id
    assert wrong.proof.fault
    path.unlink()
    assert not follow(_origin(snapshot), [CELL], copy).holds
    gone = follow(_origin(snapshot) + "0", [CELL], copy)
    assert gone.fault
    assert not gone.holds


def test_fetched_figures_are_traced_to_the_archived_answers(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project.raw() / "edition", tmp_path / "data" / "raw" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    archive = project_archive()
    with PxServer(limit=None) as server:
        monkeypatch.setenv("AFFARSPLAN_BASE_URL", f"scb={server.url}")
        client = ScbClient(server.url, archive=archive, limiter=Limiter(Rate(10**6, 1.0)))
        tables = [CATALOGUE.tables[id] for id in ("TAB3138", "TAB638")]
        for result in fetch(tables, client, archive, since="2015"):
            assert result.error is None, result.error
        found = trace("brp_per_capita_index", region="19", period="2023")
        assert found.holds
        assert {origin.kind for origin in found.origins} == {"archive"}
        assert {origin.table_id for origin in found.origins} == {"TAB3138", "TAB638"}
        assert all(one.source.startswith("SYNTETISKA TESTDATA") for one in found.observations)
        assert all(origin.updated and origin.retrieved for origin in found.origins)
        for origin in found.origins:
            for answer in origin.answers:
                assert f"/tables/{origin.table_id}/data" in answer.url
                assert (tmp_path / answer.proof.path).is_file()
        (told,) = freshness(["grp"])
        assert (told.held, told.table, told.latest) == (
            "archive",
            found.observations[0].table,
            "2024",
        )
        asked = ("grp", "--region", "19", "--period", "2023")
        assert run(*asked)[0] == 0
        (tmp_path / found.origins[0].answers[0].proof.path).write_bytes(b"x")
        code, out, _ = run(*asked)
        assert code == 1
        assert "stämmer inte" in out


def test_a_delivered_figure_is_traced_to_the_file_and_its_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project.raw() / "edition", tmp_path / "data" / "raw" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(tmp_path))
    folder = tmp_path / "data" / "raw" / "delivered"
    folder.mkdir()
    (folder / "export.csv").write_text("Region;Period;Värde\n19;2023;4711\n", "utf-8")
    (folder / "export.yaml").write_text(DESCRIPTION, "utf-8")
    found = trace("goods_export_head_office", region="19", period="2023")
    assert (found.value, found.observations[0].published_value) == (4.711, 4711)
    (origin,) = found.origins
    assert (origin.kind, origin.holds) == ("delivered", True)
    assert {answer.url for answer in origin.answers} == {"export.csv", "export.yaml"}
    (told,) = freshness(["goods_export_head_office"])
    assert told.held == "delivered"


DESCRIPTION = """\
measure: goods_export_head_office
producer: SYNTETISKA TESTDATA, ingen riktig källa
publication: Prov
retrieved: 2026-10-01
unit: mnkr
period: {first: "2023", last: "2023"}
"""


# ---- The command.


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["affarsplan", "trace", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return (int(ended.value.code or 0), *capfd.readouterr())

    return run


def test_the_command_shows_a_tree_and_json(run) -> None:
    asked = ("brp_per_capita_index", "--region", "19", "--period", "2021", "--data", "edition")
    code, out, _ = run(*asked)
    assert code == 0
    for words in ("Formel: 100 ·", "115\u202f635,69 mnkr", "data/raw/edition/grp.csv", "– stämmer"):
        assert words in out
    code, out, _ = run(*asked, "--json")
    told = json.loads(out)
    assert (code, told["holds"]) == (0, True)
    assert {one["measure"] for one in told["observations"]} == {"grp", "population"}
    assert told["origins"][0]["file"]["found"] == told["origins"][0]["file"]["sha256"]


def test_the_command_ends_with_2_for_what_does_not_exist(run) -> None:
    code, _, err = run("brp", "--region", "19", "--period", "2021", "--data", "edition")
    assert code == 2
    assert "varken indikator eller mått" in err


def test_a_changed_edition_file_is_told_and_ends_the_command_with_1(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "projekt"
    shutil.copytree(project.raw() / "edition", home / "data" / "raw" / "edition")
    monkeypatch.setenv("AFFARSPLAN_HOME", str(home))
    load("grp", data="edition")
    path = home / "data" / "raw" / "edition" / "grp.csv"
    path.write_text(path.read_text("utf-8").replace("115635.69", "115635.70"), "utf-8")
    code, out, _ = run("grp", "--region", "19", "--period", "2021", "--data", "edition")
    assert code == 1
    assert "stämmer inte" in out
    assert "Återställ den med git" in out
