"""Freshness, breaks, missing and revisions as tables for a reader."""

from datetime import UTC, date, datetime

import pandas as pd

from affarsplan_data.catalogue import load_catalogue
from affarsplan_data.indicators import indicator
from affarsplan_data.observations.revising import COLUMNS, Step
from affarsplan_data.pages import quality
from affarsplan_data.parameters import parameters

GIVEN = parameters("19", year=2026, data="edition")
DAY = date(2026, 11, 25)


def _step(changes: list[tuple[str, float, float]], fault: str = "") -> Step:
    rows = pd.DataFrame(
        [
            dict.fromkeys(COLUMNS, "total")
            | {
                "region": region,
                "period": "2023",
                "kind": "value",
                "old": old,
                "new": new,
                "percent": 100 * (new - old) / old,
                "was_preliminary": True,
            }
            for region, old, new in changes
        ],
        columns=list(COLUMNS),
    )
    return Step(
        "TAB1",
        "Provtabell",
        "edition",
        "2026-11-01",
        datetime(2026, 11, 2, tzinfo=UTC),
        rows,
        (),
        fault,
    )


def test_every_measure_is_counted_once():
    found = quality.everything(GIVEN, DAY)
    counts = quality.counts(found)
    assert counts["Alla"].sum() == len(found) == len(load_catalogue().measures)
    held = quality.fresh_table(found)
    assert len(held) == sum(one.held != "missing" for one in found)
    states = list(held["Läge"])
    assert states == sorted(
        states, key=["inaktuell", "aktuell", "nästa okänd", "avslutad serie"].index
    )


def test_the_calendar_comes_in_order_of_time_and_says_what_is_late():
    found = quality.everything(GIVEN, DAY)
    calendar = quality.calendar(found)
    assert len(calendar) == sum(one.expected is not None for one in found)
    late = calendar["Väntas"].str.contains("passerad").sum()
    assert late == sum(one.is_stale for one in found)
    headline = [i for i in load_catalogue().indicators.values() if i.headline]
    some = quality.calendar(found, headline)
    assert 0 < len(some) < len(calendar)
    assert set(", ".join(some["Indikatorer"]).split(", ")) <= {
        part for about in headline for part in about.name.split(", ")
    }


def test_an_indicator_that_cannot_be_computed_is_missing_in_the_update_table():
    headline = [i for i in load_catalogue().indicators.values() if i.headline]
    table = quality.latest_by_indicator(headline, quality.everything(GIVEN, DAY), GIVEN)
    table = table.set_index("Indikator")
    catalogue = load_catalogue()
    missing = table.loc[catalogue.indicator("brp_volume_growth_10y").name]
    assert list(missing) == ["saknas", "–", "–"]
    # Others have the rate, but neither the page's region nor its county.
    rate = table.loc[catalogue.indicator("employment_rate_20_64").name]
    assert rate["Senaste period"] == "saknas" != rate["Källa"]
    # Some counties have later figures of BRP than the page's own.
    brp = table.loc[catalogue.indicator("brp_per_capita_index").name, "Senaste period"]
    assert brp == indicator("brp_per_capita_index", data="edition").latest("19") == "2021"


def test_breaks_are_listed_newest_first_with_their_reason():
    table = quality.breaks("edition")
    assert list(table["Från"]) == sorted(table["Från"], reverse=True)
    assert "Sysselsättningsgrad 20–64 år" in set(table["Serie"])
    assert (table["Varför"].str.len() > 10).all()


def test_what_is_missing_says_why():
    table = quality.missing("edition").set_index("Indikator")
    catalogue = load_catalogue()
    assert catalogue.indicator("employment_gap_birth").name in table.index
    assert catalogue.indicator("brp_per_capita_index").name not in table.index
    assert (table["Varför"].str.len() > 5).all()


def test_revisions_tell_the_number_and_the_largest_change():
    changed = [_step([("19", 100.0, 103.0), ("1980", 50.0, 49.5)]), _step([])]
    assert quality.revised_in_words(changed) == (
        "2 uppgifter i 1 av 2 jämförda versioner har ändrats i efterhand."
    )
    table = quality.revised(changed)
    assert table["Ändrade"].tolist() == [2, 0]
    assert table["Största ändringen"].tolist() == [
        "+3,0 procent (Västmanlands län 2023, då preliminärt)",
        "–",
    ]
    assert table["Version"][0] == "utgåvan → 2026-11-01"


def test_no_versions_and_no_changes_are_said_apart():
    assert quality.revised_in_words([]).startswith("Ingen tabell har kommit i mer än en version")
    assert quality.revised_in_words([_step([])]) == (
        "Inga uppgifter har ändrats i efterhand (en jämförd version)."
    )
    assert quality.compared(GIVEN) == []
    assert (
        "Kan inte jämföras: trasig"
        in quality.revised([_step([], "trasig")])["Största ändringen"][0]
    )
