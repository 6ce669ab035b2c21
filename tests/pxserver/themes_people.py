"""Made-up tables of people and environment: moves, changes of the population, education, emissions.

Codes are the producer's where they are known; else the table has codes of its own, and labels as
published. Labels, sources and notes say SYNTETISKA TESTDATA.
"""

from collections.abc import Mapping

from affarsplan_data import regions
from tests.pxserver.model import Source, Table, Tables, Variable
from tests.pxserver.synthetic import PerContent, Plain
from tests.pxserver.tables import (
    NOISE_NOTE,
    NOTE,
    all_regions,
    contents_variable,
    made_up,
    region_variable,
    years,
)
from tests.pxserver.themes import LEVELS

METROPOLES = {"0010": "Stor-Stockholm", "0020": "Stor-Göteborg", "0030": "Stor-Malmö"}
"""Areas among the municipalities of the tables of moves."""

MOVES = (
    "Inflyttningar", "Utflyttningar", "Invandringar", "Utvandringar", "Flyttningsöverskott",
    "Invandringsöverskott", "Inrikes inflyttningar", "Inrikes utflyttningar",
    "Inrikes flyttningsöverskott",
)  # fmt: skip
CHANGES = {
    "100": "folkmängd",
    "110": "folkökning",
    "115": "födda",
    "125": "döda",
    "135": "födelseöverskott",
    "140": "samtliga inflyttningar",
    "190": "samtliga utflyttningar",
    "235": "flyttningsöverskott totalt",
    "240": "flyttningsöverskott eget län",
    "250": "flyttningsöverskott övriga Sverige",
    "260": "invandringsöverskott",
    "300": "justeringspost",
}
PERIODS = {"hel": "hela året", "ha1": "första halvåret", "ha2": "andra halvåret"}


def add_people(tables: Tables) -> None:
    """Add the tables; none is built until it is asked for."""
    for id, build in {
        "TAB1212": moves,
        "TAB6640": moves_with_noise,
        "TAB5169": changes,
        "TAB6481": changes_with_noise,
        "TAB3981": education,
        "TAB9101": emissions_by_county,
    }.items():
        tables.lazily(id, build)


def _plain(code: str, label: str, values: Mapping[str, str]) -> Variable:
    return Variable(code, label, dict(values), extension={"show": "value"})


def _regions(extra: Mapping[str, str] = {}) -> Variable:
    return region_variable({**all_regions(), **extra}, eliminable=True, sets=[])


def _sexes(total: str | None) -> Variable:
    names = {"1": "män", "2": "kvinnor"}
    return _plain("Kon", "kön", {total: "totalt", **names} if total else names)


def _numbers(contents: Mapping[str, object], low: float = 0) -> PerContent:
    rules: dict[str, Source] = {code: Plain(code, low, 900) for code in contents}
    return PerContent(rules)


def moves() -> Table:
    """Flyttningar 1997-2024: two sexes and single ages, with the metropolitan areas among regions."""
    codes = ("BE0101AU", "BE0101AV", "BE0101AX", "BE0101AY", "BE0101AZ", "BE0101A1", "BE0101A2")
    codes = (*codes, "BE0101A3", "BE0101A4")
    contents = {c: (text, "antal", 0) for c, text in zip(codes, MOVES, strict=True)}
    ages = {str(age): f"{age} år" for age in range(18, 42)} | {"tot": "totalt ålder"}
    variables = [
        _regions(METROPOLES),
        _plain("Alder", "ålder", ages),
        _sexes(None),
        contents_variable(contents),
        years(2022, 2024),
    ]
    label = "Flyttningar efter region, ålder och kön. År 1997-2024"
    return made_up("TAB1212", label, variables, _numbers(contents, -300), subject="BE")


def moves_with_noise() -> Table:
    """The same from 2025, with totals, classes under several codes, and noise."""
    codes = (
        "0000086B", "0000086F", "00000869", "00000867", "00000868", "0000086A", "0000086D",
        "0000086E", "0000086C",
    )  # fmt: skip
    contents = {c: (text, "antal", 0) for c, text in zip(codes, MOVES, strict=True)}
    ages = {str(age): f"{age} år" for age in range(18, 42)}
    ages |= {f"{low}-{low + 4}": f"{low}–{low + 4} år" for low in range(15, 45, 5)}
    ages |= {f"{low}-{low + 9}": f"{low}–{low + 9} år" for low in range(10, 50, 10)}
    ages |= dict.fromkeys(("TOT1", "TOT5", "TOT10", "TotSA"), "totalt, samtliga åldrar")
    variables = [
        _regions(METROPOLES),
        _plain("Alder", "ålder", ages),
        _sexes("TotSa"),
        contents_variable(contents),
        years(2025, 2025),
    ]
    label = "Flyttningar efter region, ålder och kön. År 2025"
    notes = [NOTE, NOISE_NOTE]
    return made_up("TAB6640", label, variables, _numbers(contents, -300), subject="BE", notes=notes)


def _changes(id: str, content: tuple[str, str], total: str, time: Variable, **more) -> Table:  # type: ignore[no-untyped-def]
    contents = {content[0]: (content[1], "antal", 0)}
    sexes = {"1": "män", "2": "kvinnor", total: "totalt"}
    variables = [
        _regions(),
        _plain("Forandringar", "förändringar", CHANGES),
        _plain("Period", "period", PERIODS),
        _plain("Kon", "kön", sexes),
        contents_variable(contents),
        time,
    ]
    label = "Befolkningsstatistik efter region, förändringar, period och kön"
    return made_up(id, label, variables, _numbers(contents, -200), subject="BE", **more)


def changes() -> Table:
    """Births, deaths and moves 2000-2024."""
    return _changes("TAB5169", ("000002Z9", "Antal personer"), "1+2", years(2022, 2024))


def changes_with_noise() -> Table:
    """The same from 2025; the content's code is the server's own."""
    content = ("SY6481A1", "Befolkningsstatistik, antal personer")
    return _changes("TAB6481", content, "TotSa", years(2025, 2025), notes=[NOTE, NOISE_NOTE])


def education() -> Table:
    """Befolkning 16–74 år efter utbildningsnivå, with single ages; no total for sex."""
    contents = {"UF0506A1": ("Antal", "antal", 0)}
    ages = {str(age): f"{age} år" for age in range(16, 75)} | {"tot16-74": "totalt 16–74 år"}
    variables = [
        _regions(),
        _plain("Alder", "ålder", ages),
        _plain("UtbildningsNiva", "utbildningsnivå", LEVELS),
        _sexes(None),
        contents_variable(contents),
        years(1998, 2025),
    ]
    label = "Befolkning 16–74 år efter region, utbildningsnivå, ålder och kön. År 1985-2025"
    path = (("UF", "Utbildning"), ("UF0506", "Befolkningens utbildning"), ("UF0506B", "Befolkning"))
    return made_up("TAB3981", label, variables, _numbers(contents), subject="UF", path=path)


def emissions_by_county() -> Table:
    """Utsläpp efter län, näringsgren och ämne; the id is the server's own."""
    contents = {"0000015P": ("Ämne", "enligt ämne", 2)}
    substances = {
        "GHG": "växthusgaser, kiloton koldioxidekvivalenter",
        "CO2": "koldioxid, fossil, kiloton",
    }
    industries = {
        "A01-F43": "varuproducenter",
        "G45-T98": "tjänsteproducenter",
        "C10-C33": "tillverkning",
    }
    variables = [
        region_variable(
            {c: regions.name(c) for c in regions.counties()}, eliminable=False, sets=[]
        ),
        _plain("SNI2007", "näringsgren SNI 2007", industries),
        _plain("AmneMiljo", "ämne", substances),
        contents_variable(contents),
        years(2008, 2022),
    ]
    label = "Utsläpp till luft efter län, näringsgren och ämne. År 2008-2022"
    path = (("MI", "Miljö"), ("MI1301", "Miljöräkenskaper"), ("MI1301B", "Regionalt"))
    return made_up("TAB9101", label, variables, _numbers(contents), subject="MI", path=path)
