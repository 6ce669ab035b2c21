"""Made-up figures for all regions, for the key figures and the file that the catalogue asks for."""

from collections.abc import Callable
from typing import Any

from affarsplan_data import regions
from affarsplan_data.catalogue import Table, load_catalogue
from tests.bolagsverketserver import FORMS, HEADING
from tests.koladaserver import KoladaServer, figure

MADE_UP = "SYNTETISKA TESTDATA"
KOLADA_YEARS = range(2015, 2025)
MONTHS = tuple((year, month) for year in (2024, 2025) for month in range(1, 13))

Entry = Callable[[str, str, int], dict[str, Any] | None]


def fill_kolada(server: KoladaServer) -> None:
    """Let the server have the catalogue's key figures for every region, and no others."""
    server.kpis = {id: _kpi(id, table) for table in _of("kolada") for id in _listed(table, "KPI")}
    server.municipalities = {
        code.rjust(4, "0"): (region.name, "K" if len(code) == 4 else "L")
        for code, region in regions.all_regions().items()
    }
    server.years = KOLADA_YEARS
    server.entry = _entry


def bolagsverkets_file() -> bytes:
    """Return a file with every municipality, event and month; the rarest legal forms are empty."""
    lines = [",".join(HEADING)]
    for number, code in enumerate(regions.municipalities()):
        county, municipality = str(int(code[:2])), str(int(code[2:]))
        name = f"{regions.name(code)} {MADE_UP}"
        for year, month in MONTHS:
            for event in (1, 2, 3):
                counts = [
                    str((number * 7 + month * 3 + event * 11 + place) % 90) if place < 12 else ""
                    for place, _ in enumerate(FORMS)
                ]
                before = [str(year), str(month), str(event), "1", MADE_UP]
                place = [county, municipality, MADE_UP, name]
                lines.append(
                    ",".join([*before, *place, *counts, "02MAR2026:06:30:00", f"{year}{month:02}"])
                )
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def _of(source: str) -> list[Table]:
    return [table for table in load_catalogue().tables.values() if table.source == source]


def _listed(table: Table, variable: str) -> list[str]:
    wish = table.selection.get(variable, ())
    return [wish] if isinstance(wish, str) else list(wish)


def _kpi(id: str, table: Table) -> dict[str, Any]:
    words = [*table.contents.get(id, ()), *table.title_words]
    units = [unit for given in table.gives if given.content == id for unit in given.unit]
    return {
        "id": id,
        "title": f"{' '.join(words).capitalize()}, {MADE_UP}, {units[0] if units else 'antal'}",
        "description": f"{MADE_UP}: påhittade tal.",
        "unit": units[0] if units else None,
        "is_divided_by_gender": False,
        "municipality_type": "A",
        "publication_date": "2026-04-01",
    }


def _entry(kpi: str, municipality: str, year: int) -> dict[str, Any]:
    value = round(int(kpi[1:]) % 97 + int(municipality) / 1000 + (year - 2000) / 10, 2)
    return {
        "kpi": kpi,
        "period": year,
        "municipality": municipality,
        "values": [figure("T", value)],
    }
