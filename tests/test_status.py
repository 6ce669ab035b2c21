"""How new every measure is: what is held, when the next is expected, and what rests on it."""

import json
import sys
from datetime import date

import pandas as pd
import pytest

import affarsplan_data as ap
from affarsplan_data import cli
from affarsplan_data.catalogue import Release, UnknownEntryError, load_catalogue
from affarsplan_data.observations import MissingMeasureError
from affarsplan_data.pages import freshness as module
from affarsplan_data.pages.freshness import freshness, in_words

CATALOGUE = load_catalogue()
YEARLY = Release(frequency="year", lag_months=12)
# SYNTETISKA TESTDATA: uppgifterna i ”made_up” är påhittade.


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch):
    """Let one measure hold made-up figures: ``(origin, *periods)``."""

    def hold(origin: str, *periods: str) -> None:
        frame = pd.DataFrame(
            {
                "period": periods,
                "start": pd.to_datetime([period[:4] for period in periods]),
                "value": 1.0,
                "source": "SYNTETISKA TESTDATA",
                "table": "Tabell",
                "vintage": "2025-12-17",
                "origin": origin,
            }
        )
        monkeypatch.setattr(module, "load", lambda id, data: frame)

    return hold


def one(today: str, measure: str = "grp", data: str = "edition") -> module.Freshness:
    (found,) = freshness([measure], data=data, today=date.fromisoformat(today))
    return found


def test_every_measure_of_the_catalogue_is_told_and_nothing_is_held_that_is_not() -> None:
    found = freshness(data="edition")
    assert [item.measure for item in found] == list(CATALOGUE.measures)
    for item in found:
        promised = CATALOGUE.measures[item.measure].availability == "edition"
        assert (item.held == "edition") == promised
        assert bool(item.how) == (item.held == "missing")
        assert (item.state == "missing") == (item.held == "missing")
        if promised:
            latest = ap.load(item.measure, data="edition").dropna(subset="value")
            assert item.latest == latest.loc[latest["start"].idxmax(), "period"]
            assert item.retrieved == "2026-11"


def test_a_measure_that_is_missing_says_how_it_is_had() -> None:
    for item in freshness(data="edition"):
        if item.held == "missing":
            way = "fetch --measure" if CATALOGUE.tables_of(item.measure) else "template"
            assert f"affarsplan {way} {item.measure}" in item.how


@pytest.mark.parametrize(
    ("today", "state"), [("2026-12-31", "fresh"), ("2027-01-31", "fresh"), ("2027-02-01", "stale")]
)
def test_a_figure_is_stale_when_the_month_of_the_next_has_passed_by_a_month(
    today: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_release", lambda measure, origin: (YEARLY, False))
    found = one(today)
    assert (found.latest, found.expected) == ("2024", date(2026, 12, 1))
    assert found.state == state


def test_a_closed_series_is_never_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_release", lambda measure, origin: (YEARLY, True))
    found = one("2040-01-01")
    assert (found.state, found.expected) == ("ended", None)


def test_the_release_is_that_of_the_table_that_the_newest_figure_comes_from(made_up) -> None:
    made_up("archive/server/TAB3138/20261120T101112Z-0123456789abcdef", "2022", "2024")
    found = one("2026-11-23")
    expected = CATALOGUE.tables["TAB3138"].release.expected_after("2024")
    assert (found.held, found.latest, found.expected) == ("archive", "2024", expected)
    assert found.retrieved == "2026-11-20"
    assert found.updated == "2025-12-17"


def test_a_delivered_file_is_told_as_such(made_up) -> None:
    made_up("archive/delivered/grp/20261101T101112Z-0123456789abcdef", "2024")
    found = one("2026-11-23")
    assert (found.held, found.retrieved) == ("delivered", "2026-11-01")


def test_a_newer_version_that_could_not_be_read_makes_the_measure_stale(
    made_up, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up("archive/server/TAB3138/20261120T101112Z-0123456789abcdef", "2024")
    monkeypatch.setattr(module, "problems", lambda: {"grp": "Tabellen TAB3138: regioner saknas."})
    found = one("2026-11-23", data="newest")
    assert found.is_stale
    assert found.remarks == ("Tabellen TAB3138: regioner saknas.",)


def test_indicators_and_pages_that_rest_on_a_measure_are_named() -> None:
    found = one("2026-11-23")
    assert {"brp_nominal_growth_10y", "brp_per_capita_index"} <= set(found.indicators)
    assert "rus-uppfoljning" in found.pages
    for id in found.indicators:
        inputs = CATALOGUE.indicators[id].formula.inputs.values()
        assert "grp" in {item.measure for item in inputs}


def test_the_summary_counts_every_measure_once() -> None:
    found = freshness(data="edition")
    words = in_words(found)
    numbers = [int(word) for word in words.replace(",", " ").split() if word.isdigit()]
    assert numbers[0] == len(found) == sum(numbers[1:])


def test_an_unknown_measure_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownEntryError, match="grp"):
        freshness(["grpp"], data="edition")


def test_the_public_face_gives_a_frame() -> None:
    frame = ap.status(data="edition")
    assert list(frame["measure"]) == list(CATALOGUE.measures)
    assert frame.set_index("measure").loc["grp", "latest"] == "2024"


# ---- The command.


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["affarsplan", "status", *arguments, "--data", "edition"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return (int(ended.value.code or 0), *capfd.readouterr())

    return run


def test_the_command_lists_all_and_ends_with_a_sentence(run) -> None:
    code, out, _ = run()
    assert code == 0
    assert f"{len(CATALOGUE.measures)} mått: " in out
    assert all(id in out for id in CATALOGUE.measures)
    # Nothing is cut off, and 120 columns are enough.
    assert "…" not in out
    assert max(len(line) for line in out.splitlines() if line.startswith(" ")) <= 140


def test_the_command_gives_json(run) -> None:
    code, out, _ = run("--json", "--measure", "grp")
    assert code == 0
    (told,) = json.loads(out)
    assert (told["measure"], told["latest"], told["held"]) == ("grp", "2024", "edition")


def test_only_stale_ones_are_shown_when_asked_for(run) -> None:
    code, out, _ = run("--stale", "--json")
    assert code == 0
    assert {item["state"] for item in json.loads(out)} <= {"stale"}


def test_one_measure_is_told_in_full(run) -> None:
    missing = next(m for m in CATALOGUE.measures.values() if m.availability != "edition")
    code, out, _ = run("--measure", "grp", "--measure", missing.id)
    assert code == 0
    assert "brp_per_capita_index" in out
    assert "Sidor: oversikt" in out
    assert "Så fås uppgiften: " in out


def test_missing_figures_are_no_error_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(id: str, data: str) -> pd.DataFrame:
        raise MissingMeasureError("saknas")

    monkeypatch.setattr(module, "load", refuse)
    assert {item.state for item in freshness(data="edition")} == {"missing"}
