"""The made-up tables: real structure (codes, variables, code lists), invented values.

Labels, sources and notes say SYNTETISKA TESTDATA.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from affarsplan_data import regions
from tests.pxserver import numbers
from tests.pxserver.answers import MADE_UP
from tests.pxserver.model import Axes, Codelist, Point, Table, Tables, Variable
from tests.pxserver.synthetic import Additive, Noisy, PerContent, Plain, grid

Parts = Mapping[str, Mapping[str, Sequence[str]]]
PUBLISHER = f"{MADE_UP}, ingen riktig källa"
NOTE = f"{MADE_UP}: alla tal i tabellen är påhittade och får inte användas."
NOISE_NOTE = (
    f"{MADE_UP}. En liten slumpmässig osäkerhet finns i varje uppgift, så att de redovisade "
    "totalerna inte alltid är lika med summan av sina delar."
)
SINGLE_AGES = (*(str(age) for age in range(100)), "100+")
NATIONAL_AREAS = {
    "RIKS1": ("Stockholm", ("01",)),
    "RIKS2": ("Östra Mellansverige", ("03", "04", "05", "18", "19")),
    "RIKS3": ("Småland med öarna", ("06", "07", "08", "09")),
    "RIKS4": ("Sydsverige", ("10", "12")),
    "RIKS5": ("Västsverige", ("13", "14")),
    "RIKS6": ("Norra Mellansverige", ("17", "20", "21")),
    "RIKS7": ("Mellersta Norrland", ("22", "23")),
    "RIKS8": ("Övre Norrland", ("24", "25")),
}


def add_made_up_tables(tables: Tables) -> None:
    """Add the made-up tables; none is built until it is asked for."""
    tables.lazily("TAB638", population)
    tables.lazily("TAB5557", population_with_noise)
    tables.lazily("TAB3138", product_by_county)
    tables.lazily("TAB3143", product_by_municipality)
    tables.lazily("TAB9001", firms)
    tables.lazily("TAB9002", discontinued)


def region_parts() -> dict[str, tuple[str, ...]]:
    """Return riket and every county with their municipalities."""
    parts = {county: regions.municipalities(county) for county in regions.counties()}
    return {"00": regions.municipalities(), **parts}


def age_parts(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the single ages of totals and classes (``tot``, ``TotSA``, ``5-9``, ``-4``, ``100+5``)."""
    parts: dict[str, tuple[str, ...]] = {}
    for code in codes:
        bounds = re.fullmatch(r"(\d*)-(\d+)", code)
        if bounds is not None:
            parts[code] = SINGLE_AGES[int(bounds[1] or 0) : int(bounds[2]) + 1]
        elif code.lower() in {"tot", "totsa", "tot1", "tot5", "tot10"}:
            parts[code] = SINGLE_AGES
        elif code.startswith("100+"):
            parts[code] = ("100+",)
    return parts


def own_points(codes: Iterable[str], labels: Mapping[str, str]) -> list[Point]:
    """Return points of single values: the values of a value set."""
    return [Point(code, labels[code], (code,)) for code in codes]


def years(first: int, last: int) -> Variable:
    years = {str(year): str(year) for year in range(first, last + 1)}
    return Variable("Tid", "år", years, role="time", extension={"show": "code"})


def contents_variable(contents: Mapping[str, tuple[str, str, int]]) -> Variable:
    """Return the metric variable from code -> (label, unit, decimals)."""
    return Variable(
        "ContentsCode",
        "tabellinnehåll",
        {code: label for code, (label, _, _) in contents.items()},
        role="metric",
        units={code: {"base": unit, "decimals": d} for code, (_, unit, d) in contents.items()},
        extension={
            "refperiod": dict.fromkeys(contents, "31 december respektive år"),
            "show": "value",
            "measuringType": dict.fromkeys(contents, "Stock"),
        },
    )


def region_variable(
    names: Mapping[str, str], *, eliminable: bool, sets: Sequence[Codelist]
) -> Variable:
    return Variable(
        "Region",
        "region",
        dict(names),
        eliminable=eliminable,
        elimination_code="00" if eliminable else None,
        codelists=list(sets),
        extension={"show": "code_value"},
    )


def all_regions() -> dict[str, str]:
    """Return the 312 regions as the tables have them: counties with their municipalities after."""
    return {code: region.name for code, region in sorted(regions.all_regions().items())}


def _region_sets(names: Mapping[str, str], ids: Sequence[str]) -> list[Codelist]:
    lengths, texts = (0, 2, 4), ("riket", "län", "kommuner")
    sets = []
    for id, length, text in zip(ids, lengths, texts, strict=True):
        codes = [c for c in names if (c == "00" if length == 0 else c != "00" and len(c) == length)]
        sets.append(Codelist(id, text, own_points(codes, names), languages=("sv", "en")))
    return sets


def made_up(id: str, label: str, variables: list[Variable], source, **more) -> Table:  # type: ignore[no-untyped-def]
    """Return a made-up table, content and time in the heading unless told otherwise."""
    codes = [v.code for v in variables]
    heading = more.pop("heading", [c for c in codes if c in {"ContentsCode", "Tid"}])
    stub = more.pop("stub", [c for c in codes if c not in heading])
    contents = more.pop("contents", label)
    notes = more.pop("notes", [NOTE])
    decimals = max((u["decimals"] for v in variables for u in v.units.values()), default=0)
    px = {
        "infofile": id,
        "tableid": id,
        "decimals": decimals,
        "official-statistics": False,
        "aggregallowed": True,
        "copyright": False,
        "language": "sv",
        "contents": contents,
        "descriptiondefault": False,
        "heading": heading,
        "stub": stub,
        "matrix": id,
        "subject-code": more.get("subject", "XX"),
        "subject-area": MADE_UP,
    }
    return Table(
        id,
        f"{MADE_UP}: {label}",
        variables,
        source,
        publisher=PUBLISHER,
        notes=notes,
        extension={"noteMandatory": {str(n): True for n in range(len(notes))}, "px": px},
        stub=stub,
        heading=heading,
        contents=contents,
        **more,
    )


def _ages(*, total: str, label: str) -> dict[str, str]:
    return {**{age: f"{age} år" for age in SINGLE_AGES}, total: label}


def _ages_with_classes() -> dict[str, str]:
    """Return ages as the tables with noise have them: 100+ under three codes, and so the total."""
    values = {age: f"{age} år" for age in SINGLE_AGES[:-1]} | {"100+1": "100+ år"}
    for width in (5, 10):
        values |= {code: f"{code.lstrip('-')} år" for code in _classes(width)}
        values[f"100+{width}"] = "100+ år"
    return {
        **values,
        **dict.fromkeys(("TOT1", "TOT5", "TOT10", "TotSA"), "totalt, samtliga åldrar"),
    }


def _classes(width: int) -> list[str]:
    first = f"-{width - 1}"
    return [first, *(f"{low}-{low + width - 1}" for low in range(width, 100, width))]


def _age_groups(id: str, label: str, width: int) -> Codelist:
    parts = age_parts(_classes(width))
    points = [Point(code, f"{leaves[0]}-{leaves[-1]} år", leaves) for code, leaves in parts.items()]
    return Codelist(id, label, [*points, Point("100+", "100+ år", ("100+",))])


def population() -> Table:
    """Folkmängden efter region, civilstånd, ålder och kön: 14 million cells, adding up exactly."""
    names = all_regions()
    ages = _ages(total="tot", label="totalt ålder")
    parts: Parts = {"Region": region_parts(), "Alder": age_parts(ages)}
    variables = [
        region_variable(
            names,
            eliminable=True,
            sets=_region_sets(names, ("vs_RegionRiket99", "vs_RegionLän07", "vs_RegionKommun07")),
        ),
        Variable(
            "Civilstand",
            "civilstånd",
            {"OG": "ogifta", "G": "gifta", "ÄNKL": "änkor/änklingar", "SK": "skilda"},
            eliminable=True,
            extension={"show": "value"},
        ),
        Variable(
            "Alder",
            "ålder",
            ages,
            eliminable=True,
            elimination_code="tot",
            codelists=[
                _age_groups("agg_Ålder5år", "5-årsklasser", 5),
                _age_groups("agg_Ålder10årJ", "10-årsklasser", 10),
            ],
            extension={"show": "value"},
        ),
        _sex(),
        contents_variable(
            {"BE0101N1": ("Folkmängd", "antal", 0), "BE0101N2": ("Folkökning", "antal", 0)}
        ),
        years(1968, 2024),
    ]
    source = PerContent(
        {
            "BE0101N1": Additive("TAB638", parts, numbers.people_sizes, numbers.people),
            "BE0101N2": Additive("TAB638 change", parts, numbers.people_sizes, numbers.change),
        }
    )
    return made_up(
        "TAB638",
        "Folkmängden efter region, civilstånd, ålder och kön. År 1968-2024",
        variables,
        source,
        contents="Folkmängd",
        languages=("sv", "en"),
        translations={"en": f"{MADE_UP}: Population by region, marital status, age and sex"},
        subject="BE",
        path=(("BE", "Befolkning"), ("BE0101", "Befolkningsstatistik"), ("BE0101A", "Antal")),
        v1_path="BE/BE0101/BE0101A/BefolkningNy",
        updated="2025-02-21T07:00:00Z",
    )


def _sex(total: bool = False) -> Variable:
    both = {"TotSa": "totalt, samtliga män och kvinnor"} if total else {}
    return Variable(
        "Kon",
        "kön",
        {**both, "1": "män", "2": "kvinnor"},
        eliminable=True,
        elimination_code="TotSa" if total else None,
        extension={"show": "value"},
    )


def population_with_noise() -> Table:
    """Folkmängden 2025, where a little noise in every cell keeps totals from adding up."""
    names = all_regions()
    ages = _ages_with_classes()
    single = [a for a in ages if a in SINGLE_AGES] + ["100+1"]
    classes = [*_classes(5), "100+5"]
    parts: Parts = {
        "Region": region_parts(),
        "Alder": age_parts(ages),
        "Civilstand": {"SC": ("OG", "G", "ÄNKL", "SK")},
        "Kon": {"TotSa": ("1", "2")},
    }
    variables = [
        region_variable(
            names,
            eliminable=True,
            sets=_region_sets(names, ("vs_CKM01Riket", "vs_CKM02Län", "vs_CKM03Kommun")),
        ),
        Variable(
            "Civilstand",
            "civilstånd",
            {
                "SC": "totalt, samtliga civilstånd",
                "OG": "ogifta",
                "G": "gifta",
                "ÄNKL": "änkor/änklingar",
                "SK": "skilda",
            },
            eliminable=True,
            elimination_code="SC",
            extension={"show": "value"},
        ),
        Variable(
            "Alder",
            "ålder",
            ages,
            codelists=[
                Codelist("vs_CKM01AlderTot", "totalt", own_points(["TotSA"], ages)),
                Codelist("vs_CKM021år", "1-årsklasser 0-100+", own_points(single, ages)),
                Codelist("vs_CKM035år", "5-årsklasser 0-100+", own_points(classes, ages)),
            ],
            extension={"show": "value"},
        ),
        _sex(total=True),
        contents_variable(
            {"000007Y1": ("Folkmängd", "antal", 0), "000007Y2": ("Folkökning", "antal", 0)}
        ),
        years(2025, 2025),
    ]
    source = PerContent(
        {
            "000007Y1": Noisy(Additive("TAB5557", parts, numbers.people_sizes, numbers.people)),
            "000007Y2": Noisy(
                Additive("TAB5557 change", parts, numbers.people_sizes, numbers.change), floor=None
            ),
        }
    )
    return made_up(
        "TAB5557",
        "Folkmängden efter region, civilstånd, ålder och kön. År 2025",
        variables,
        source,
        contents="Folkmängd",
        notes=[NOTE, NOISE_NOTE],
        subject="BE",
        path=(("BE", "Befolkning"), ("BE0101", "Befolkningsstatistik"), ("BE0101A", "Antal")),
        v1_path="BE/BE0101/BE0101A/BefolkningCKM",
    )


def product_by_county() -> Table:
    """BRP, sysselsatta och löner efter region: riket, riksområden, län and what is in none."""
    names = {
        "00": "Riket",
        **{code: text for code, (text, _) in NATIONAL_AREAS.items()},
        **{code: regions.name(code) for code in regions.counties()},
        "90": "Extra-regio",
    }
    parts = {
        "00": (*regions.counties(), "90"),
        **{code: counties for code, (_, counties) in NATIONAL_AREAS.items()},
    }
    contents = {
        "NR0105AH": ("BRP, löpande priser, mnkr", "mnkr", 0),
        "NR0105AI": ("BRP, volymutveckling i procent", "procent", 1),
        "NR0105AJ": ("BRP per invånare, löpande priser, tkr", "tkr", 0),
        "NR0105AK": ("BRP per sysselsatt, löpande priser, tkr", "tkr", 0),
        "NR0105AL": ("Medelantal sysselsatta, 1000-tal", "1000-tal", 1),
        "NR0105AM": ("Egentlig lön, löpande priser, mnkr", "mnkr", 0),
    }
    source = PerContent(
        {
            "NR0105AH": Additive("AH", {"Region": parts}, numbers.money_sizes, numbers.money),
            "NR0105AI": Plain("AI", -4.0, 6.0, 1),
            "NR0105AJ": Plain("AJ", 250, 750),
            "NR0105AK": Plain("AK", 600, 1_400),
            "NR0105AL": Plain("AL", 25, 900, 1),
            "NR0105AM": Additive("AM", {"Region": parts}, numbers.money_sizes, numbers.money),
        },
        missing={"NR0105AI": ({"Tid": {"2000"}}, "..")},
    )
    return made_up(
        "TAB3138",
        "Bruttoregionprodukt (BRP), sysselsatta och löner (ENS2010) efter region. År 2000-2024",
        [
            region_variable(names, eliminable=False, sets=[]),
            contents_variable(contents),
            years(2000, 2024),
        ],
        source,
        contents="BRP, sysselsatta och löner",
        subject="NR",
        path=(("NR", "Nationalräkenskaper"), ("NR0105", "Regionalräkenskaper")),
        v1_path="NR/NR0105/NR0105A/NR0105ENS2010T01A",
        updated="2025-12-11T07:00:00Z",
    )


def product_by_municipality() -> Table:
    """BRP per kommun: riket, 290 municipalities and what is in none."""
    municipal = regions.municipalities()
    names = {"00": "Riket", **{c: regions.name(c) for c in municipal}, "9900": "Extra-regio"}
    contents = {
        "NR0105AW": ("BRP, löpande priser, mnkr", "mnkr", 0),
        "NR0105AX": ("BRP per sysselsatt, löpande priser, tkr", "tkr", 0),
        "NR0105AY": ("BRP per invånare, löpande priser, tkr", "tkr", 0),
    }
    parts = {"Region": {"00": (*municipal, "9900")}}
    source = PerContent(
        {
            "NR0105AW": Additive("AW", parts, numbers.money_sizes, numbers.money),
            "NR0105AX": Plain("AX", 500, 1_600),
            "NR0105AY": Plain("AY", 180, 900),
        },
        missing={"NR0105AY": ({"Region": {"9900"}}, "..")},
    )
    return made_up(
        "TAB3143",
        "Bruttoregionprodukt (BRP) per kommun. År 2012-2024",
        [
            region_variable(names, eliminable=False, sets=[]),
            contents_variable(contents),
            years(2012, 2024),
        ],
        source,
        contents="BRP per kommun",
        subject="NR",
        path=(("NR", "Nationalräkenskaper"), ("NR0105", "Regionalräkenskaper")),
        v1_path="NR/NR0105/NR0105A/NR0105ENS2010T02A",
        updated="2025-12-11T07:00:00Z",
    )


class WithGaps:
    """Another source with cells that lack a figure: ``-``, ``..`` and ``.`` by the cell's hash."""

    def __init__(self, inner: Plain) -> None:
        self.inner = inner

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        values, status = self.inner.cells(table, axes)
        codes = [[p.code for p in points] for points in axes]
        lot = grid("gaps", [v.code for v in table.variables], codes) % np.uint64(40)
        for numbers_drawn, symbol in (({0, 1, 2}, "-"), ({3, 4}, ".."), ({5}, ".")):
            hit = np.isin(lot, np.array(sorted(numbers_drawn), dtype=np.uint64))
            values, status = np.where(hit, np.nan, values), np.where(hit, symbol, status)
        return values, status


def firms() -> Table:
    """A small table with every symbol for a missing figure; its data comes in another order."""
    names = {code: regions.name(code) for code in ("00", *regions.counties())}
    trades = {"A": "jordbruk", "C": "tillverkning", "F": "bygg", "J": "it", "Q": "vård"}
    variables = [
        region_variable(names, eliminable=True, sets=[]),
        Variable("SNI2007", "näringsgren", trades, eliminable=True, extension={"show": "value"}),
        _sex(total=True),
        contents_variable(
            {
                "XX9001A1": ("Nystartade företag", "antal", 0),
                "XX9001A2": ("Andel av alla företag", "procent", 1),
            }
        ),
        years(2015, 2024),
    ]
    variables[0].value_notes = {"19": [f"{MADE_UP}: en fotnot om Västmanland."]}
    variables[0].extension["categoryNoteMandatory"] = {"19": {"0": True}}
    source = PerContent(
        {
            "XX9001A1": WithGaps(Plain("XX9001A1", 0, 400)),
            "XX9001A2": WithGaps(Plain("XX9001A2", 0, 30, 1)),
        }
    )
    return made_up(
        "TAB9001",
        "Nystartade företag efter region, näringsgren och kön. År 2015-2024",
        variables,
        source,
        contents="Nystartade företag",
        stub=["Tid", "SNI2007"],
        heading=["ContentsCode", "Kon", "Region"],
        v1_path="XX/XX9001/Nystartade",
    )


def discontinued() -> Table:
    """A table that is not kept up any more."""
    variables = [
        region_variable({"00": "Riket", "19": "Västmanlands län"}, eliminable=True, sets=[]),
        contents_variable({"XX9002A1": ("Gamla företag", "antal", 0)}),
        years(1990, 1999),
    ]
    return made_up(
        "TAB9002",
        "Gamla företag efter region. År 1990-1999",
        variables,
        Plain("TAB9002", 100, 900),
        contents="Gamla företag",
        discontinued=True,
        updated="2001-03-01T07:00:00Z",
        v1_path="XX/XX9001/Gamla",
    )
