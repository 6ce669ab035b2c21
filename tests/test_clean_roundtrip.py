"""Every table of the catalogue, from the test server through the archive to rows: the same figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from affarsplan_data import regions
from affarsplan_data.archive import Archive, Snapshot
from affarsplan_data.catalogue import Table, load_catalogue
from affarsplan_data.clean import COLUMNS, SUMMED, CleaningError, clean
from affarsplan_data.clean.joining import joined
from affarsplan_data.observations import schema
from affarsplan_data.scb import Cube, Limiter, Rate, ScbClient, read_cube
from affarsplan_data.sources.fetching import fetch
from tests.pxserver import PxServer

CATALOGUE = load_catalogue()
CLEANED = [table for table in CATALOGUE.tables.values() if table.gives and table.source == "scb"]
# SYNTETISKA TESTDATA: alla tal är provserverns egna.


class Run:
    """Fetches and cleans against the test server, each table once."""

    def __init__(self, server: PxServer, folder: Path) -> None:
        self.server = server
        self.archive = Archive(folder)
        self.client = ScbClient(server.url, archive=self.archive, limiter=Limiter(Rate(10**6, 1.0)))
        self._held: dict[str, tuple[list[Cube], Snapshot]] = {}

    def answers(self, table: Table) -> tuple[list[Cube], Snapshot]:
        if table.id not in self._held:
            since = "2023" if table.id == "TAB638" else None
            result = fetch([table], self.client, self.archive, since=since)[0]
            assert result.error is None, result.error
            snapshot = self.archive.snapshots(self.client.source, table.id)[-1]
            read = (self.archive.read(snapshot.source, table.id, id) for id in snapshot.answers)
            self._held[table.id] = ([read_cube(stored.content) for stored in read], snapshot)
        return self._held[table.id]

    def rows(self, table: str) -> dict[str, pd.DataFrame]:
        declared = CATALOGUE.tables[table]
        return clean(declared, *self.answers(declared))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    # A small limit, so that larger tables come in several answers.
    with PxServer(limit=None, max_cells=90_000) as server:
        yield Run(server, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize("table", CLEANED, ids=lambda table: table.id)
def test_a_table_becomes_rows_of_the_schema_for_every_measure_it_gives(run, table):
    cubes, snapshot = run.answers(table)
    frames = clean(table, cubes, snapshot)
    assert set(frames) == {given.measure for given in table.gives}
    for measure, rows in frames.items():
        assert tuple(rows.columns) == COLUMNS
        assert len(rows) > 0
        assert rows.attrs["snapshot"] == snapshot.id
        described = rows.assign(
            measure=measure,
            unit=CATALOGUE.measure(measure).unit,
            source="SYNTETISKA TESTDATA",
            start=schema.period_start(rows["period"]),
            segment=schema.segments(
                rows["period"], (b.period for b in CATALOGUE.measure(measure).breaks)
            ),
            origin=f"archive/{snapshot.source}/{table.id}/{snapshot.id}",
        )[list(schema.COLUMNS)]
        described[list(schema.CATEGORICAL)] = described[list(schema.CATEGORICAL)].astype("category")
        schema.check(described)
        for split in {"sex", "birth", "age", "industry", "category"}:
            if split not in CATALOGUE.measure(measure).splits:
                assert set(rows[split]) == {"total"}


@pytest.mark.parametrize("table", CLEANED, ids=lambda table: table.id)
def test_every_published_row_has_the_figure_of_the_answer(run, table):
    cubes, snapshot = run.answers(table)
    whole = joined(table.id, cubes)
    for measure, rows in clean(table, cubes, snapshot).items():
        given = next(g for g in table.gives if g.measure == measure)
        metric = whole.structure.metric
        at = metric.codes.index(rows.attrs["content"])
        axis = whole.structure.dimensions.index(metric)
        content = whole.values.reshape(whole.structure.shape).take(at, axis)
        published = rows[(rows["status"] != SUMMED) & rows["value"].notna()]
        # Rows are some of the cells: every value is found among them.
        cells = np.sort(content[~np.isnan(content)].reshape(-1))
        places = np.searchsorted(cells, np.sort(published["published_value"].to_numpy()))
        found = cells[np.minimum(places, cells.size - 1)]
        assert (found == np.sort(published["published_value"])).all()
        assert (published["value"] == published["published_value"] * given.factor).all()
        assert rows.loc[rows["status"] == SUMMED, "published_value"].isna().all()


def one(rows: pd.DataFrame, **where: str) -> float:
    """Return the value of the one row with these dimensions, the others total."""
    fixed = {"sex": "total", "birth": "total", "age": "total", "industry": "total"} | where
    hit = np.logical_and.reduce([rows[key] == value for key, value in fixed.items()])
    assert hit.sum() == 1, f"{hit.sum()} rader för {where}"
    return float(rows["value"][hit].iloc[0])


def asked(run: Run, table: str, **codes: str) -> float:
    """Return one cell, asked of the server by the producer's codes."""
    frame = run.client.data(table, codes)
    assert len(frame) == 1
    return float(frame["value"].iloc[0])


@pytest.mark.parametrize(
    ("table", "measure", "where", "codes"),
    [
        (
            "TAB3138",
            "employed_national_accounts",
            {"region": "19", "period": "2010"},
            {"Region": "19", "ContentsCode": "NR0105AL", "Tid": "2010"},
        ),
        (
            "TAB3143",
            "grp_per_employed",
            {"region": "1980", "period": "2015"},
            {"Region": "1980", "ContentsCode": "NR0105AX", "Tid": "2015"},
        ),
        (
            "TAB3200",
            "employment_rate_by_birth",
            {
                "region": "1980",
                "period": "2024",
                "sex": "women",
                "birth": "foreign",
                "age": "20-64",
            },
            {
                "Region": "1980",
                "Kon": "2",
                "Alder": "20-64",
                "Fodelseregion": "ut",
                "ContentsCode": "000002NS",
                "Tid": "2024",
            },
        ),
        (
            "TAB3204",
            "employed_day_by_industry_bas",
            {
                "region": "19",
                "period": "2024",
                "sex": "men",
                "birth": "native",
                "age": "15-74",
                "industry": "unknown",
            },
            {
                "Region": "19",
                "Kon": "1",
                "SNI2007": "US",
                "Fodelseregion": "in",
                "ContentsCode": "000002XH",
                "Tid": "2024",
            },
        ),
        (
            "TAB6383",
            "manager_share",
            {"region": "1983", "period": "2023", "sex": "women", "birth": "foreign"},
            {
                "Region": "1983",
                "Kon": "2",
                "UtbNiv": "000",
                "BakgrVar": "SY05",
                "ContentsCode": "SY6383A4",
                "Tid": "2023",
            },
        ),
        (
            "TAB5278",
            "median_earned_income_by_birth",
            {"region": "00", "period": "2023", "birth": "native", "age": "20-64"},
            {
                "Region": "00",
                "Kon": "1+2",
                "Fodelseregion": "b2",
                "VistelsetidUF": "v1",
                "Alder": "a2",
                "ContentsCode": "SY5278A2",
                "Tid": "2023",
            },
        ),
        (
            "TAB3981",
            "education",
            {
                "region": "1981",
                "period": "2025",
                "sex": "women",
                "age": "16-74",
                "category": "upper_secondary_3",
            },
            {
                "Region": "1981",
                "Alder": "tot16-74",
                "UtbildningsNiva": "4",
                "Kon": "2",
                "ContentsCode": "UF0506A1",
                "Tid": "2025",
            },
        ),
        (
            "TAB6645",
            "population",
            {"region": "19", "period": "2025", "birth": "foreign"},
            {
                "Region": "19",
                "Alder": "TotSA",
                "Kon": "TotSa",
                "Fodelseregion": "11",
                "ContentsCode": "SY6645A1",
                "Tid": "2025",
            },
        ),
    ],
)
def test_a_named_figure_is_the_one_the_server_gives_for_the_producers_codes(
    run, table, measure, where, codes
):
    assert one(run.rows(table)[measure], **where) == asked(run, table, **codes)


def test_kilotonnes_become_tonnes(run):
    rows = run.rows("TAB4357")["greenhouse_gases_by_actor"]
    codes = {"Region": "1980", "Amne": "s1", "ContentsCode": "SY4357A1", "Tid": "2022"}
    value = one(rows, region="1980", period="2022")
    assert value == pytest.approx(1000 * asked(run, "TAB4357", **codes))
    assert rows.attrs["factor"] == 1000


def test_sums_without_noise_are_the_servers_own_totals(run):
    rows = run.rows("TAB638")["population"]
    codes = {"Region": "19", "ContentsCode": "BE0101N1", "Tid": "2024"}
    both = run.client.data("TAB638", {**codes, "Kon": ["1", "2"], "Alder": "tot"}, {})[
        "value"
    ].sum()
    assert one(rows, region="19", period="2024") == both
    ages = [str(age) for age in range(16, 65)]
    women = run.client.data("TAB638", {**codes, "Kon": "2", "Alder": ages}, {})["value"].sum()
    assert one(rows, region="19", period="2024", sex="women", age="16-64") == women


def test_population_by_birth_adds_every_age_and_both_sexes(run):
    rows = run.rows("TAB4823")["population"]
    assert set(rows["birth"]) == {"native", "foreign"}
    codes = {"Region": "1980", "Fodelseregion": "11", "Tid": "2024"}
    everyone = run.client.data("TAB4823", {**codes, "Alder": "*", "Kon": "*"})
    assert one(rows, region="1980", period="2024", birth="foreign") == everyone["value"].sum()


def test_with_noise_only_published_totals_are_given(run):
    for table in ("TAB5557", "TAB6645"):
        rows = run.rows(table)["population"]
        assert rows["noise"].all()
        assert SUMMED not in set(rows["status"])
    rows = run.rows("TAB5557")["population"]
    county = rows[(rows["region"] == "19") & (rows["age"] == "total")].set_index("sex")["value"]
    assert county["total"] != county["women"] + county["men"]


def test_the_newest_year_of_the_regional_accounts_is_preliminary(run):
    rows = run.rows("TAB3138")["grp"]
    assert set(rows.loc[rows["preliminary"], "period"]) == {"2024"}
    assert set(rows["region"]) == {"00", *regions.counties()}
    assert run.rows("TAB5655")["employment_rate_by_birth"]["preliminary"].all()


def test_a_symbol_for_missing_stays_and_the_value_is_empty(run):
    rows = run.rows("TAB3200")["employment_rate_by_birth"]
    gap = rows[
        (rows["region"] == "2418") & (rows["birth"] == "foreign") & (rows["period"] == "2020")
    ]
    assert len(gap) == 3
    assert gap["value"].isna().all()
    assert set(gap["status"]) == {".."}


def test_a_part_that_is_lost_on_the_way_is_an_error(run):
    table = CATALOGUE.tables["TAB3204"]
    cubes, snapshot = run.answers(table)
    assert len(cubes) > 2
    with pytest.raises(
        CleaningError, match="TAB3204.*uppgifter finns inte|[Rr]egioner saknas|koden"
    ):
        clean(table, cubes[1:], snapshot)
    with pytest.raises(CleaningError, match="finns i flera av svaren"):
        clean(table, [*cubes, cubes[0]], snapshot)
