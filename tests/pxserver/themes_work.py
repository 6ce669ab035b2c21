"""More made-up tables: status, sector, commuting, RAMS, occupations, business and research.

Codes are the producer's where they are known, else the server's own; labels are as published. Labels,
sources and notes say SYNTETISKA TESTDATA.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from affarsplan_data import regions
from tests.pxserver.model import Axes, Source, Table, Tables, Variable
from tests.pxserver.synthetic import PerContent, Plain
from tests.pxserver.tables import (
    NATIONAL_AREAS,
    all_regions,
    contents_variable,
    made_up,
    region_variable,
    years,
)

Contents = Mapping[str, tuple[str, str, int]]
Path = tuple[tuple[str, str], ...]
SEXES = {"1": "män", "2": "kvinnor", "1+2": "totalt"}
TWO_SEXES = {"1": "män", "2": "kvinnor"}
BIRTHS = {"in": "inrikes född", "ut": "utrikes född", "tot": "totalt"}
GROUPS = (
    "A", "B+C", "D+E", "F", "G", "H", "I", "J", "K", "L", "M+N", "O", "P", "Q", "R+S+T+U",
)  # fmt: skip
SECTIONS = (
    "A-SexklK-O samtliga näringsgrenar (exkl. K+O+T+U)",
    "A-01-03 jordbruk, skogsbruk och fiske",
    "B-05-09 utvinning av mineral",
    "C-10-33 tillverkning",
    "D-35 försörjning av el, gas, värme och kyla",
    "E-36-39 vattenförsörjning; avloppsrening, avfallshantering och sanering",
    "F-41-43 byggverksamhet",
    "G-45-47 handel; reparation av motorfordon och motorcyklar",
    "H-49-53 transport och magasinering",
    "I-55-56 hotell- och restaurangverksamhet",
    "J-58-63 informations- och kommunikationsverksamhet",
    "L-68 fastighetsverksamhet",
    "M-69-75 verksamhet inom juridik, ekonomi, vetenskap och teknik",
    "N-77-82 uthyrning, fastighetsservice, resetjänster och andra stödtjänster",
    "P-85 utbildning",
    "Q-86-88 vård och omsorg; sociala tjänster",
    "R-90-93 kultur, nöje och fritid",
    "S-94-96 annan serviceverksamhet",
)
OCCUPATIONS_3 = {
    "000": "yrke okänt",
    "011": "officerare",
    "112": "verkställande direktörer m.fl.",
    "211": "fysiker, kemister m.fl.",
    "214": "civilingenjörsyrken",
    "251": "it-arkitekter, systemutvecklare och testledare m.fl.",
    "311": "ingenjörer och tekniker",
    "351": "drift-, support- och nätverkstekniker m.fl.",
    "532": "undersköterskor",
}
OCCUPATIONS_4 = {
    "0002": "yrke okänt",
    "0110": "Officerare",
    "2143": "Civilingenjörsyrken inom elektroteknik",
    "2144": "Civilingenjörsyrken inom maskinteknik",
    "2221": "Grundutbildade sjuksköterskor",
    "2512": "Mjukvaru- och systemutvecklare m.fl.",
    "3113": "Ingenjörer och tekniker inom elektroteknik",
    "3114": "Ingenjörer och tekniker inom maskinteknik",
    "5112": "Tågvärdar och ombordansvariga m.fl.",
    "5321": "Undersköterskor, hemtjänst, hemsjukvård och äldreboende",
    "5322": "Undersköterskor, habilitering",
    "7411": "Installations- och serviceelektriker",
    "7412": "Industrielektriker",
    "8311": "Lokförare",
    "8312": "Bangårdspersonal",
}
FORMER_HEBY, HEBY, MOVED_IN = "1917", "0331", "2007"


def add_work(tables: Tables) -> None:
    """Add the tables; none is built until it is asked for."""
    for id, build in {
        "TAB3205": status_in_employment,
        "TAB92101": sector,
        "TAB2597": sector_monthly,
        "TAB1828": commuting,
        "TAB4356": rams_rate,
        "TAB5117": rams_rate_new,
        "TAB900": rams_industries,
        "TAB5837": rams_industries_new,
        "TAB4436": occupations,
        "TAB92102": detailed_occupations,
        "TAB92103": detailed_occupations_before,
        "TAB6366": matching,
        "TAB6329": business,
        "TAB92104": research,
    }.items():
        tables.lazily(id, build)


def _named(code: str, label: str, values: Mapping[str, str]) -> Variable:
    return Variable(code, label, dict(values), extension={"show": "value"})


def _everywhere(**more: str) -> Variable:
    return region_variable({**all_regions(), **more}, eliminable=True, sets=[])


def _source(contents: Contents, missing: Mapping[str, set[str]] | None = None) -> PerContent:
    """Return numbers of a likely size; cells with the codes in ``missing`` have ``..``."""
    rules: dict[str, Source] = {
        code: Plain(code, 1, 95, decimals) if unit == "procent" else Plain(code, 5, 9_000, decimals)
        for code, (_, unit, decimals) in contents.items()
    }
    gaps = dict.fromkeys(contents, (missing, "..")) if missing else {}
    return PerContent(rules, missing=gaps)


def _table(
    id: str,
    label: str,
    variables: Sequence[Variable],
    contents: Contents,
    time: Variable,
    source: Source | None = None,
    folder: Sequence[str] = ("AM",),
    **more: object,
) -> Table:
    path: Path = tuple((step, step) for step in folder)
    whole = [*variables, contents_variable(contents), time]
    source = source or _source(contents)
    return made_up(id, label, whole, source, subject=folder[0], path=path, **more)


def status_in_employment() -> Table:
    """Employed by status, two contents; a small group has no figure."""
    contents = {
        "000002XJ": ("sysselsatta efter arbetsställets belägenhet", "antal", 0),
        "000002XK": ("sysselsatta efter bostadens belägenhet", "antal", 0),
    }
    status = {
        "ANST": "anställda",
        "EGAB": "företagare i eget aktiebolag",
        "EGFÖR": "egna företagare",
        "TOT": "totalt",
    }
    ages = {age: f"{age.replace('-', '–')} år" for age in ("15-24", "25-54", "55-74", "15-74")}
    gap = {"Region": {"1904"}, "Yrkesstallning": {"EGAB"}, "Kon": {"2"}, "Fodelseregion": {"ut"}}
    return _table(
        "TAB3205",
        "Sysselsatta efter region, yrkesställning, kön, ålder och födelseregion. Årligt register",
        [
            _everywhere(),
            _named("Yrkesstallning", "yrkesställning", status),
            _named("Kon", "kön", SEXES),
            _named("Alder", "ålder", ages),
            _named("Fodelseregion", "födelseregion", BIRTHS),
        ],
        contents,
        years(2023, 2024),
        _source(contents, gap),
        ("AM", "AM0210", "AM0210F"),
    )


def _sectors(id: str, title: str, folder: str, time: Variable, **more: object) -> Table:
    contents = {
        "000002XT": ("sysselsatta efter arbetsställets belägenhet", "antal", 0),
        "000002XU": ("sysselsatta efter bostadens belägenhet", "antal", 0),
    }
    sectors = {"010": "samtliga sektorer", "020": "offentlig sektor", "030": "näringslivet"}
    return _table(
        id,
        title,
        [
            _everywhere(),
            _named("ArbetsSektor", "arbetssektor", sectors),
            _named("Kon", "kön", SEXES),
            _named("Alder", "ålder", {"15-74": "15–74 år", "20-64": "20–64 år"}),
            _named("Fodelseregion", "födelseregion", BIRTHS),
        ],
        contents,
        time,
        folder=("AM", "AM0210", folder),
        **more,
    )


def sector() -> Table:
    """Employed by sector, the yearly register; its id is not the catalogue's."""
    title = "Sysselsatta efter region, arbetssektor, kön, ålder och födelseregion. Årligt register"
    return _sectors("TAB92101", title, "AM0210F", years(2023, 2024))


def sector_monthly() -> Table:
    """The same by month, in another folder: not the table that is looked for."""
    title = "Sysselsatta efter region, arbetssektor, kön, ålder och födelseregion. Preliminär månad"
    months = Variable("Tid", "månad", {"2026M01": "2026M01"}, role="time")
    return _sectors("TAB2597", title, "AM0210B", months, time_unit="Monthly")


def commuting() -> Table:
    """Commuters over a municipality's border, the region named Kommun."""
    contents = {
        "000000QH": ("bostad och arbetsställe i kommunen", "antal", 0),
        "000000QI": ("bostad utanför kommunen men arbetsställe i kommunen", "antal", 0),
        "000000QJ": ("bostad i kommunen men arbetsställe utanför kommunen", "antal", 0),
    }
    names = {code: regions.name(code) for code in regions.municipalities()}
    return _table(
        "TAB1828",
        "In- och utpendlare över kommungräns efter kommun och kön. Årligt register. År 2020-2024",
        [_named("Kommun", "kommun", names), _named("Kon", "kön", SEXES)],
        contents,
        years(2020, 2024),
        folder=("AM", "AM0210", "AM0210F"),
    )


class Moved:
    """Another source where Heby has figures under its former code before the move, and then its own."""

    def __init__(self, inner: Source) -> None:
        self.inner = inner

    def cells(self, table: Table, axes: Axes) -> tuple[np.ndarray, np.ndarray]:
        values, status = self.inner.cells(table, axes)
        codes = {
            v.code: np.array([p.code for p in points])
            for v, points in zip(table.variables, axes, strict=True)
        }
        region = _along(codes["Region"], table, "Region")
        late = _along(codes["Tid"], table, "Tid") >= MOVED_IN
        gone = ((region == FORMER_HEBY) & late) | ((region == HEBY) & ~late)
        gone = np.broadcast_to(gone, values.shape)
        return np.where(gone, np.nan, values), np.where(gone, "..", status)


def _along(codes: np.ndarray, table: Table, variable: str) -> np.ndarray:
    place = [v.code for v in table.variables].index(variable)
    return codes.reshape([-1 if n == place else 1 for n in range(len(table.variables))])


def _rams_rate(id: str, content: str, label: str, region: Variable, time: Variable) -> Table:
    contents = {content: (label, "procent", 1)}
    births = {
        "13": "inrikes födda",
        "23": "utrikes födda",
        "83": "inrikes och utrikes födda",
    }
    return _table(
        id,
        "Förvärvsintensitet, procent efter region, inrikes/utrikes född och kön. RAMS",
        [
            region,
            _named("InrikesUtrikes", "inrikes/utrikes född", births),
            _named("Kon", "kön", {"1": "män", "2": "kvinnor", "4": "kvinnor och män"}),
        ],
        contents,
        time,
        Moved(_source(contents)),
        discontinued=True,
        updated="2022-12-01T07:00:00Z",
    )


def rams_rate() -> Table:
    """Employment by RAMS to 2018, with Heby under two codes."""
    both = _everywhere(**{FORMER_HEBY: "Heby (Västmanlands län)"})
    return _rams_rate("TAB4356", "SY4356A1", "Procent", both, years(2004, 2018))


def rams_rate_new() -> Table:
    """Employment by RAMS from 2019, to where BAS has begun."""
    label = "Förvärvsintensitet, procent"
    return _rams_rate("TAB5117", "000004B8", label, _everywhere(), years(2019, 2021))


def _rams_industries(id: str, time: Variable) -> Table:
    groups = {**{code: f"bransch {code}" for code in GROUPS}, "00": "uppgift saknas"}
    return _table(
        id,
        "Förvärvsarbetande 16+ år med arbetsplats i regionen (dagbef) (RAMS) efter region, "
        "näringsgren SNI 2007 och kön",
        [
            _everywhere(),
            _named("SNI2007", "näringsgren SNI 2007", groups),
            _named("Kon", "kön", TWO_SEXES),
        ],
        {f"SY{id}": ("Förvärvsarbetande 16+ år (dagbef)", "antal", 0)},
        time,
        discontinued=True,
        updated="2022-12-01T07:00:00Z",
    )


def rams_industries() -> Table:
    """Jobs by industry by RAMS, the last two years of the older series; no totals at all."""
    return _rams_industries("TAB900", years(2017, 2018))


def rams_industries_new() -> Table:
    """Jobs by industry by RAMS from 2019."""
    return _rams_industries("TAB5837", years(2019, 2021))


def occupations() -> Table:
    """Employees by occupation and industry, without totals and with what is not known."""
    groups = {**{code: f"bransch {code}" for code in GROUPS}, "US": "uppgift saknas"}
    return _table(
        "TAB4436",
        "Anställda med arbetsplats i regionen (dagbef) efter region, yrke (3-siffrig SSYK 2012), "
        "näringsgren SNI2007 (grov nivå) och kön. Baserat på BAS. År 2023 - 2024",
        [
            _everywhere(),
            _named("Yrke2012", "Yrke (SSYK 2012)", OCCUPATIONS_3),
            _named("SNI2007", "näringsgren SNI 2007", groups),
            _named("Kon", "kön", TWO_SEXES),
        ],
        {"SY4436A1": ("Anställda med arbetsplats i regionen (dagbef)", "antal", 0)},
        years(2023, 2024),
        folder=("AM", "AM0208", "AM0208D"),
    )


def _detailed(id: str, based_on: str, time: Variable) -> Table:
    names = {code: regions.name(code) for code in ("00", *regions.counties())}
    return _table(
        id,
        "Anställda (yrkesregistret) med arbetsplats i regionen (dagbef) efter region, yrke "
        f"(4-siffrig SSYK 2012) och kön. Baserat på {based_on}. År 2020 - 2024",
        [
            region_variable({**names, "99": "okänd"}, eliminable=True, sets=[]),
            _named("Yrke2012", "Yrke (SSYK 2012)", OCCUPATIONS_4),
            _named("Kon", "kön", TWO_SEXES),
        ],
        {f"SY{id}": ("Anställda (yrkesregistret) med arbetsplats i regionen (dagbef)", "antal", 0)},
        time,
        folder=("AM", "AM0208", "AM0208M"),
    )


def detailed_occupations() -> Table:
    """Employees by occupation of four digits; its id is not the catalogue's."""
    return _detailed("TAB92102", "BAS", years(2020, 2024))


def detailed_occupations_before() -> Table:
    """The same by the older register, in the same folder: not the table that is looked for."""
    return _detailed("TAB92103", "RAMS", years(2019, 2021))


def matching() -> Table:
    """Share with matching work, by part of the world; local labour markets among the regions."""
    names = {code: regions.name(code) for code in ("00", *regions.counties())}
    groups = {
        "20-64": "20–64 år",
        "20-39": "20–39 år",
        "Sverige": "födda i Sverige",
        "Norden/EU": "födda i Norden utom Sverige eller EU",
        "Afrika": "födda i Afrika",
        "Asien": "födda i Asien",
        "Övriga_världen": "födda i Europa utom Norden och EU samt Sydamerika, Nordamerika och Oceanien",
        "totalt": "totalt",
    }
    contents = {"000007I3": ("Matchningsgrad, procent ", "procent", 1)}
    gap = {"Region": {"09"}, "AlderFodelselandgr": {"Afrika"}, "Kon": {"2"}}
    return _table(
        "TAB6366",
        "Matchning – olika grupper (M2). Andel anställda med matchning mellan utbildning och yrke, "
        "efter region, kön, ålder respektive födelselandsgrupp (nattbefolkning). År 2019-2024",
        [
            region_variable({**names, "FA0001": "FA Stockholm"}, eliminable=True, sets=[]),
            _named("Kon", "kön", {"1": "män", "2": "kvinnor", "SAMANST": "män och kvinnor"}),
            _named("AlderFodelselandgr", "ålder/födelselandgrupp", groups),
        ],
        contents,
        years(2019, 2024),
        _source(contents, gap),
    )


def business() -> Table:
    """Business economy by region and section: the codes of sections are the server's own."""
    contents = {
        "SY6329A1": ("Antal arbetsställen (lokala verksamheter)", "antal", 0),
        "SY6329A2": ("Antal anställda", "antal", 0),
        "SY6329A3": ("Nettoomsättning exkl. merchantingkostnader, mnkr", "mnkr", 0),
        "SY6329A4": ("Produktionsvärde, mnkr", "mnkr", 0),
        "SY6329A5": ("Förädlingsvärde, mnkr", "mnkr", 0),
    }
    names = {code: regions.name(code) for code in ("00", *regions.counties())}
    european = {"SE0": "Sverige", "SE125": "Västmanlands län"}
    # Mining in a county where few firms would show.
    gap = {"Region": {"19"}, "SNI2007": {"SY03"}}
    return _table(
        "TAB6329",
        "Företagens ekonomi, basfakta lokala verksamheter efter region och näringsgren SNI 2007. "
        "År 2022-2024",
        [
            region_variable({**names, **european}, eliminable=False, sets=[]),
            _named(
                "SNI2007",
                "näringsgren SNI 2007",
                {f"SY{n:02}": text for n, text in enumerate(SECTIONS, 1)},
            ),
        ],
        contents,
        years(2022, 2024),
        _source(contents, gap),
        ("NV", "NV0109", "NV0109P"),
    )


def research() -> Table:
    """Research by sector and county every second year; all codes are the server's own."""
    contents = {
        "SY92104A1": ("Utgifter för egen FoU, mnkr", "mnkr", 0),
        "SY92104A2": ("Årsverken för FoU", "antal", 0),
    }
    sectors = {
        "s0": "samtliga sektorer",
        "s1": "företagssektorn",
        "s2": "universitets- och högskolesektorn",
        "s3": "offentlig sektor",
        "s4": "privata icke-vinstdrivande sektorn",
    }
    names = {code: regions.name(code) for code in ("00", *regions.counties())}
    areas = {code: text for code, (text, _) in NATIONAL_AREAS.items()}
    odd = Variable("Tid", "vartannat år", {y: y for y in ("2019", "2021", "2023")}, role="time")
    gap = {"Region": {"09"}, "Sektor": {"s1"}}
    return _table(
        "TAB92104",
        "FoU i Sverige efter region och sektor. Vartannat år 2019 - 2023",
        [
            region_variable({**names, **areas, "99": "ej fördelat"}, eliminable=False, sets=[]),
            _named("Sektor", "sektor", sectors),
        ],
        contents,
        odd,
        _source(contents, gap),
        ("UF", "UF0301", "UF0301A"),
    )
