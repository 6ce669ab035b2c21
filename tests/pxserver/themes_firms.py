"""Tillväxtanalys' tables on the older interface: running numbers as codes, codes in the labels.

Labels, sources and notes say SYNTETISKA TESTDATA.
"""

from collections.abc import Iterable, Mapping, Sequence

from affarsplan_data import regions
from tests.pxserver.answers import MADE_UP
from tests.pxserver.model import Table, Variable
from tests.pxserver.synthetic import Plain

ROOT = "Tillväxtanalys statistikdatabas"
NEW_FIRMS = f"{ROOT}/Nystartade företag/nystartade_foretag_kvartal_lan.px"
_DEMOGRAPHY = f"{ROOT}/Företagens demografi/Aktiva, nyetablerade och nedlagda företag"
BY_SIZE = (
    f"{_DEMOGRAPHY}/foretagens_demografi_aktiva_nyetablerade_nedlagda_foretag_lan_storleksklass.px"
)
BY_INDUSTRY = (
    f"{_DEMOGRAPHY}/foretagens_demografi_aktiva_nyetablerade_nedlagda_foretag_lan_bransch.px"
)
BANKRUPTCIES = f"{ROOT}/Konkurser och offentliga ackord/11_konkurser_manad_lan.px"
BANKRUPTCIES_BY_YEAR = f"{ROOT}/Konkurser och offentliga ackord/10_konkurser_ar.px"
FOREIGN_OWNED = (
    f"{ROOT}/Utlandsägda företag/"
    "internationella_foretag_utlandsagda_arbetsstallen_land_region_bransch_2022_2023.px"
)
DEMOGRAPHY = (
    "Antal aktiva företag", "Antal nyetablerade företag", "Antal nedlagda företag",
    "Antal anställda", "Antal anställda i nyetablerade företag",
    "Antal anställda i nedlagda företag",
)  # fmt: skip


def agency_tables() -> Mapping[str, Table]:
    """Return the agency's tables by their paths."""
    return {
        NEW_FIRMS: new_firms(),
        BY_SIZE: demography("storleksklass", ("00 anställda", "01-09 anställda", "10+ anställda")),
        BY_INDUSTRY: demography("bransch", ("B-E Tillverkning", "F Byggverksamhet", "R,S Övrigt")),
        BANKRUPTCIES: bankruptcies(),
        BANKRUPTCIES_BY_YEAR: bankruptcies_by_year(),
        FOREIGN_OWNED: foreign_owned(),
    }


def numbered(labels: Iterable[str]) -> dict[str, str]:
    """Return labels under running numbers, as the agency has its codes."""
    return {str(n): label for n, label in enumerate(labels)}


def _counties(country: bool = False) -> list[str]:
    codes = ("00", *regions.counties()) if country else regions.counties()
    return [f"{code} {regions.name(code)}" for code in codes]


def _table(path: str, title: str, variables: Sequence[Variable]) -> Table:
    contents = title.partition(" efter ")[0]
    return Table(
        path.rsplit("/", 1)[-1].removesuffix(".px"),
        f"{MADE_UP}: {title}",
        list(variables),
        Plain(path, 20, 4_000),
        publisher=f"{MADE_UP}, ingen riktig källa",
        updated="2025-02-20T08:00:00Z",
        notes=[f"{MADE_UP}: alla tal är påhittade."],
        stub=[variable.code for variable in variables],
        contents=contents,
        v1_path=path,
    )


def new_firms() -> Table:
    """Nystartade företag per kvartal, with riket among the counties."""
    quarters = [f"{year}K{quarter}" for year in range(2011, 2025) for quarter in range(1, 5)]
    variables = [
        Variable("Tid", "kvartal", {q: q.replace("K", "Q") for q in quarters}, role="time"),
        Variable("Län", "län", numbered(_counties(country=True))),
        Variable("variabel", "variabel", numbered(["Antal nystartade företag"])),
    ]
    return _table(
        NEW_FIRMS, "Nystartade företag efter kvartal, län och variabel. 2011Q1-2024Q4", variables
    )


def demography(split: str, classes: Sequence[str]) -> Table:
    """Aktiva, nyetablerade och nedlagda företag: six contents in a variable, one year."""
    variables = [
        Variable("Tid", "tid", {"2023": "2023"}, role="time"),
        Variable("Län", "län", numbered(_counties())),
        Variable(split.capitalize(), split, numbered(classes), eliminable=True),
        Variable("variabel", "variabel", numbered(DEMOGRAPHY)),
    ]
    path = BY_SIZE if split == "storleksklass" else BY_INDUSTRY
    return _table(path, f"Företagens demografi efter tid, län, {split} och variabel", variables)


def bankruptcies() -> Table:
    """Konkurser per månad och län; the months are running numbers too."""
    months = [f"{year}M{month:02}" for year in (2024, 2025) for month in range(1, 13)]
    variables = [
        Variable("månad", "månad", numbered(months), role="time"),
        Variable("län", "län", numbered(_counties())),
        Variable(
            "variabel",
            "variabel",
            numbered(["Antal konkurser", "Antal anställda berörda av konkurser"]),
        ),
    ]
    return _table(BANKRUPTCIES, "Konkurser efter månad, län och variabel", variables)


def bankruptcies_by_year() -> Table:
    """Konkurser per år i riket: beside the other, in the same folder."""
    variables = [
        Variable("år", "år", {"2024": "2024"}, role="time"),
        Variable("variabel", "variabel", numbered(["Antal konkurser"])),
    ]
    return _table(BANKRUPTCIES_BY_YEAR, "Konkurser efter år och variabel", variables)


def foreign_owned() -> Table:
    """Utlandsägda arbetsställen: no total for the owner's country, and a county that is not known."""
    owners = {"at": "Österrike", "de": "Tyskland", "no": "Norge"}
    trades = ["A Jordbruk, skogsbruk och fiske", "C Tillverkning", "Bransch ospecificerad"]
    variables = [
        Variable("Tid", "tid", {"2022": "2022", "2023": "2023"}, role="time"),
        Variable("Ägarland", "ägarland", owners),
        Variable("Län", "län", numbered([*_counties(), "99 Okänt län"])),
        Variable("Bransch", "bransch", numbered(trades), eliminable=True),
        Variable("variabel", "variabel", numbered(["Antal arbetsställen", "Antal anställda"])),
    ]
    return _table(
        FOREIGN_OWNED, "Arbetsställen efter tid, ägarland, län, bransch och variabel", variables
    )
