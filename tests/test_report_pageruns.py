"""A notebook becomes a page, or a page per municipality; several reports share one run."""

from pathlib import Path

import pytest
from conftest import BuildSample, WriteNotebook

from affarsplan_data import regions
from affarsplan_data.errors import UsageError
from affarsplan_data.parameters import parameters
from affarsplan_data.report import PlanWords, Progress, build_reports
from affarsplan_data.report.errors import NotebookError, PublishError
from affarsplan_data.report.notebooks import find
from affarsplan_data.report.pageruns import page_runs
from affarsplan_data.report.runners import runner

PLAN = PlanWords("Provplan", "19", {"oms": "Provgruppen"})


@pytest.fixture
def notebooks(tmp_path: Path, write_notebook: WriteNotebook):
    """A page for the whole, one per municipality, and a notebook that is for working in only."""
    folder = tmp_path / "böcker"
    write_notebook(folder, "helhet", 1)
    write_notebook(folder, "kommunprofil", 2, title="Kommunprofil", each="municipality")
    write_notebook(folder, "utforska", 3, report=False)
    return find(folder)


def test_a_county_gets_a_page_per_municipality(notebooks) -> None:
    runs = page_runs(notebooks, parameters("19", ["00", "1980"], 2026))

    assert [run.page for run in runs] == [
        "helhet",
        *(f"kommun-{code}" for code in regions.municipalities("19")),
    ]
    last = next(run for run in runs if run.page == "kommun-1980")
    assert (last.short, last.title) == ("Västerås", "SYNTETISKA TESTDATA: Kommunprofil: Västerås")
    # Nothing is compared with itself.
    assert (last.parameters.region, last.parameters.compare) == ("1980", ("00",))
    assert len({run.key for run in runs}) == len(runs)
    assert {run.report for run in runs} == {"19"}


@pytest.mark.parametrize(
    ("region", "municipalities", "count"),
    [("1980", (), 1), ("25", (), 14), ("19", ("0114", "1980"), 2), ("19", ("alla",), 290)],
)
def test_which_municipalities_get_a_page(notebooks, region, municipalities, count) -> None:
    runs = page_runs(notebooks, parameters(region, year=2026), municipalities=municipalities)
    assert sum(run.each for run in runs) == count


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        (["helhet"], ["helhet"]),
        (["kommun-1980"], ["kommun-1980"]),
        (["kommunprofil", "helhet"], ["helhet", "kommun-1904", "kommun-1980"]),
    ],
)
def test_some_pages_can_be_chosen(notebooks, pages, found) -> None:
    given = parameters("19", year=2026)
    runs = page_runs(notebooks, given, pages=pages, municipalities=("1904", "1980"))
    assert [run.page for run in runs] == found


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"pages": ["helheten"]}, "Sidan ”helheten” finns inte. Sidor: helhet"),
        ({"municipalities": ["19"]}, "ingen kommun"),
        ({"municipalities": ["9999"]}, "9999"),
    ],
)
def test_what_does_not_exist_is_refused(notebooks, options, words) -> None:
    with pytest.raises(UsageError, match=words):
        page_runs(notebooks, parameters("19", year=2026), **options)


def test_an_unknown_each_is_refused(tmp_path: Path, write_notebook: WriteNotebook) -> None:
    write_notebook(tmp_path, "prov", 1, each="by")
    with pytest.raises(NotebookError, match="municipality"):
        find(tmp_path)


def test_a_report_with_municipalities_is_whole(
    build_sample: BuildSample, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(
        sample_home / "notebooks", "kommunprofil", 3, title="Profil", each="municipality"
    )

    result = build_sample(municipalities=["1904", "1980"])

    assert result.published
    html = (result.folder / "kommun-1904.html").read_text("utf-8")
    assert "<h1>SYNTETISKA TESTDATA: Profil: Skinnskatteberg</h1>" in html
    assert "Skinnskatteberg, 2026. Jämförs med" in html
    assert "Svar för 1904." in html
    # The sisters stand below one line of the menu, but only where one of them is read.
    assert 'href="kommun-1980.html"' in html
    assert 'href="index.html#sidor-kommunprofil"' in html
    assert 'href="kommun-1980.html"' not in (result.folder / "forsta.html").read_text("utf-8")
    index = (result.folder / "index.html").read_text("utf-8")
    assert 'id="sidor-kommunprofil"' in index
    assert index.count('href="kommun-1980.html"') == 1
    assert (result.folder / "data" / "kommun-1980.xlsx").is_file()


def test_a_few_pages_never_take_the_place_of_the_whole(build_sample: BuildSample) -> None:
    whole = build_sample()
    some = build_sample(pages=["andra"])

    assert some.published
    assert some.folder == whole.folder.with_name("19.urval")
    assert not (some.folder / "forsta.html").exists()
    assert (whole.folder / "forsta.html").is_file()


def test_several_reports_are_published_one_by_one(
    sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "trasig", 3, ["1 / (int(region) - 4)"])
    asked = [parameters(code, year=2026) for code in ("04", "19", "25")]
    steps: list[Progress] = []
    foreign = sample_home / "outputs" / "2026" / "25" / "viktigt.txt"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("kvar")

    results = build_reports(
        asked,
        plan=PLAN,
        prepare=lambda data: None,
        runner=runner(jobs=2),
        progress=steps.append,
    )

    assert [result.published for result in results] == [False, True, False]
    assert [page.run.page for page in results[0].failed] == ["trasig"]
    assert isinstance(results[2].refused, PublishError)
    assert "Svar för 19." in (results[1].folder / "forsta.html").read_text("utf-8")
    assert foreign.read_text() == "kvar"
    done = [step for step in steps if step.result]
    assert [step.pages_done for step in done] == [1, 2, 3, 4, 5, 6]
