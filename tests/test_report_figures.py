"""The real report: numbers a reader meets, recomputed from the raw files by hand-written arithmetic."""

import csv
import json
import math
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from affarsplan_data import project
from affarsplan_data.report import BuildResult
from affarsplan_data.report.notebooks import find

PAGES = ("oversikt", "delmal-04", "delmal-05", "rus-uppfoljning", "jamstalldhet-mangfald")


@cache
def _raw(measure: str) -> tuple[dict[str, str], ...]:
    path = project.raw() / "edition" / f"{measure}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _rows(measure: str, **wanted: str) -> list[dict[str, str]]:
    return [r for r in _raw(measure) if all(r[key] == value for key, value in wanted.items())]


def _one(measure: str, **wanted: str) -> float:
    (value,) = {float(r["value"]) for r in _rows(measure, **wanted)}
    return value


def _sum(measure: str, **wanted: str) -> float:
    return sum(float(r["value"]) for r in _rows(measure, **wanted))


def _swedish(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",").replace("-", "−")


def _text(report: BuildResult, page: str) -> str:
    html = (report.folder / f"{page}.html").read_text(encoding="utf-8")
    text = unescape(re.sub(r"<[^>]+>", " ", html))
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def _growth() -> str:
    start, end = (_one("grp", region="19", period=p) for p in ("2011", "2021"))
    return f"{_swedish(((end / start) ** 0.1 - 1) * 100, 1)} procent per år i Västmanlands län 2021"


def _growth_of_the_country() -> str:
    start, end = (_one("grp", region="00", period=p) for p in ("2011", "2021"))
    own_start, own_end = (_one("grp", region="19", period=p) for p in ("2011", "2021"))
    gap = ((end / start) ** 0.1 - (own_end / own_start) ** 0.1) * 100
    return f"{_swedish(gap, 1)} procentenheter per år lägre än i riket"


def _per_inhabitant() -> str:
    def people(prefix: str, period: str) -> float:
        rows = _rows("population", series="scb_2011_2024", period=period)
        return sum(float(r["value"]) for r in rows if r["region"].startswith(prefix))

    own = _one("grp", region="19", period="2021") / (people("19", "2020") + people("19", "2021"))
    all_of = _one("grp", region="00", period="2021") / (people("", "2020") + people("", "2021"))
    return f"med riket som 100, var {_swedish(100 * own / all_of, 0)} i Västmanlands län 2021"


def _employment_rate_extremes() -> str:
    rows = [r for r in _rows("employment_rate", period="2024") if r["region"].startswith("19")]
    low, high = (pick(float(r["value"]) for r in rows) for pick in (min, max))
    return f"{_swedish(high, 1)} procent) och lägst i Fagersta ({_swedish(low, 1)} procent) 2024"


def _income_gap_in_fagersta() -> str:
    women, men = (
        _one("median_earned_income", region="1982", period="2022", sex=sex)
        for sex in ("women", "men")
    )
    return f"lägst i Fagersta ({_swedish(100 * women / men, 1)} procent) 2022"


def _industries() -> str:
    rows = _rows("employed_day_by_industry", region="19", period="2018")
    total = sum(float(r["value"]) for r in rows)
    shares = [float(r["value"]) / total for r in rows]
    number = math.exp(-sum(p * math.log(p) for p in shares))
    return f"effektiva antalet branscher var {_swedish(number, 1)} i Västmanlands län 2018"


def _manufacturing() -> str:
    part = _sum("employed_day_by_industry", region="19", period="2018", industry="B+C")
    whole = _sum("employed_day_by_industry", region="19", period="2018")
    return f"Industrins andel av de sysselsatta var {_swedish(100 * part / whole, 1)} procent"


def _manufacturing_against_the_country() -> str:
    def share(**wanted: str) -> float:
        part = _sum("employed_day_by_industry", period="2018", industry="B+C", **wanted)
        return 100 * part / _sum("employed_day_by_industry", period="2018", **wanted)

    return f"{_swedish(share(region='19') - share(), 1)} procentenheter högre än i riket"


def _segregation() -> str:
    rows = [
        r for r in _rows("employed_day_by_industry", period="2016") if r["industry"] != "unknown"
    ]
    sums = {s: sum(float(r["value"]) for r in rows if r["sex"] == s) for s in ("women", "men")}
    parts: dict[str, float] = {}
    for r in rows:
        sign = 1 if r["sex"] == "women" else -1
        share = float(r["value"]) / sums[r["sex"]]
        parts[r["industry"]] = parts.get(r["industry"], 0) + sign * share
    return f"{_swedish(50 * sum(map(abs, parts.values())), 1)} procent av kvinnorna eller männen"


def _foreign_background() -> str:
    counts = {
        c: _one("new_firms_by_background", period="2021", sex="women", category=c, industry="total")
        for c in ("foreign_background", "swedish_background")
    }
    share = 100 * counts["foreign_background"] / sum(counts.values())
    return f"leds {_swedish(share, 1)} procent av kvinnor med utländsk bakgrund"


def _net_entry() -> str:
    births, deaths, active = (
        _one(m, region="19", period="2019", category="total")
        for m in ("enterprise_births", "enterprise_deaths", "enterprises_active")
    )
    net = 100 * (births - deaths) / active
    value = f"{_swedish(net, 1)} procent i Västmanlands län 2019"
    return f"Nettotillskottet av företag enligt Eurostat var {value}"


def _employed_since_the_break() -> str:
    first, last = (
        sum(
            float(r["value"])
            for r in _rows("employed_day", period=p, series="rams_2019_2021")
            if r["region"].startswith("19")
        )
        for p in ("2020", "2021")
    )
    change = 100 * (last / first - 1)
    return f"var {_swedish(change, 1)} procent större 2021 än 2020 i Västmanlands län"


@pytest.mark.parametrize(
    ("page", "computed"),
    [
        ("oversikt", _growth),
        ("oversikt", _per_inhabitant),
        ("oversikt", _employment_rate_extremes),
        ("oversikt", _income_gap_in_fagersta),
        ("delmal-04", _industries),
        ("delmal-04", _manufacturing),
        ("delmal-04", _manufacturing_against_the_country),
        ("delmal-04", _segregation),
        ("delmal-05", _foreign_background),
        ("delmal-05", _net_entry),
        ("rus-uppfoljning", _growth_of_the_country),
        ("rus-uppfoljning", _employed_since_the_break),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__.strip("_"),
)
def test_a_printed_number_follows_from_the_raw_files(built_report, page, computed):
    assert computed() in _text(built_report, page)


def test_the_claim_about_rank_stands_with_value_and_windows(built_report):
    text = _text(built_report, "rus-uppfoljning")
    assert "plats 16 av 21 län i fönstret som slutar 2021" in text
    assert "tillväxten i löpande priser var lägre än i riket i alla 12 tioårsfönster" in text
    path = built_report.folder / "data" / "indikatorer.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["indicator"] == "brp_nominal_growth_10y"]
    for year, rank in (("2017", 12), ("2021", 16)):
        values = {
            r["region"]: float(r["value"]) for r in rows if r["period"] == year and r["value"]
        }
        counties = {code: v for code, v in values.items() if code != "00"}
        assert len(counties) == 21
        assert 1 + sum(v > counties["19"] for v in counties.values()) == rank
        assert counties["19"] < values["00"]


def test_every_page_has_pictures_with_text_alternatives_tables_and_sources(built_report):
    for page in PAGES:
        html = (built_report.folder / f"{page}.html").read_text(encoding="utf-8")
        figures = re.findall(r'<figure class="ap-figure".*?</figure>', html, re.S)
        drawn = [f for f in figures if "<svg" in f]
        assert len(drawn) >= 4
        for figure in figures:
            assert "Underlag: " in figure
            assert "<table" in figure
            assert "Inbyggd utgåva" in figure or "sist på sidan" in figure
            for svg in re.findall(r"<svg[^>]*>", figure):
                assert 'role="img"' in svg
                assert len(re.search(r'aria-label="([^"]*)"', svg).group(1)) > 60


def test_no_made_up_data_reaches_the_real_report(built_report):
    for path in built_report.folder.rglob("*"):
        if path.suffix in {".html", ".csv", ".json", ".ipynb"}:
            assert "SYNTETISKA" not in path.read_text(encoding="utf-8"), path.name


def test_the_manifest_lists_inputs_outputs_and_pages(built_report):
    manifest = json.loads((built_report.folder / "manifest.json").read_text(encoding="utf-8"))
    assert {p["status"] for p in manifest["pages"]} == {"ok"}
    pages = [p["page"] for p in manifest["pages"]]
    assert {notebook.page for notebook in find(project.notebooks()) if not notebook.each} <= set(
        pages
    )
    assert sum(page.startswith("kommun-") for page in pages) == 10
    assert "data/raw/edition/grp.csv" in manifest["inputs"]
    listed = set(manifest["outputs"])
    found = {
        p.relative_to(built_report.folder).as_posix()
        for p in Path(built_report.folder).rglob("*")
        if p.is_file()
    }
    assert listed == found - {"manifest.json"}
