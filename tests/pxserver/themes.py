"""More made-up tables: work, income, education, birth and emissions, with the producer's own codes.

Where the producer's codes are not known, the table has codes of its own, and labels as published.
Labels, sources and notes say SYNTETISKA TESTDATA.
"""

from collections.abc import Mapping

from affarsplan_data import regions
from tests.pxserver import numbers
from tests.pxserver.model import Source, Table, Tables, Variable
from tests.pxserver.synthetic import Additive, Noisy, PerContent, Plain
from tests.pxserver.tables import (
    NOISE_NOTE,
    NOTE,
    SINGLE_AGES,
    all_regions,
    contents_variable,
    made_up,
    region_parts,
    region_variable,
    years,
)
from tests.pxserver.themes_work import add_work

Contents = Mapping[str, tuple[str, str, int]]
SEXES = {"1": "män", "2": "kvinnor", "1+2": "totalt"}
BIRTHS = {"in": "inrikes född", "ut": "utrikes född", "tot": "totalt"}
INDUSTRIES = (
    "A", "B+C", "D+E", "F", "G", "H", "I", "J", "K", "L", "M+N", "O", "P", "Q", "R+S+T+U", "US",
    "A-U+US",
)  # fmt: skip
LEVELS = {
    "1": "förgymnasial utbildning kortare än 9 år",
    "2": "förgymnasial utbildning, 9 (10) år",
    "3": "gymnasial utbildning, högst 2 år",
    "4": "gymnasial utbildning, 3 år",
    "5": "eftergymnasial utbildning, mindre än 3 år",
    "6": "eftergymnasial utbildning, 3 år eller mer",
    "7": "forskarutbildning",
    "US": "uppgift om utbildningsnivå saknas",
}
BACKGROUNDS = {
    "SY01": "ålder: 20–24 år",
    "TOT": "samtliga",
    "SY02": "födelseregion: Sverige",
    "SY03": "födelseregion: Norden exkl. Sverige",
    "SY04": "samtliga utrikes födda invandrare",
    "SY05": "samtliga utrikes födda",
    "SY06": "vistelsetid 0–1 år",
}
SHARES = (
    "Andel sysselsatta",
    "Andel företagare av de sysselsatta",
    "Andel fortfarande sysselsatta efter ett år",
    "Andel fortfarande företagare efter ett år",
    "Andel i chefsposition",
    "Andel med eftergymn. utb. med arbete inom yrkesomr. 2-3 enligt SSYK",
    "Andel med eftergymn. utb. med arbete på kval.nivå 3-4 enligt SSYK",
)


def add_themes(tables: Tables) -> None:
    """Add the tables; none is built until it is asked for."""
    for id, build in {
        "TAB3200": labour_status,
        "TAB5655": labour_status_preliminary,
        "TAB6260": labour_status_monthly,
        "TAB3204": industry,
        "TAB3785": industry_preliminary,
        "TAB6383": integration_by_municipality,
        "TAB6384": integration_by_county,
        "TAB6379": integration_of_the_country,
        "TAB3554": income,
        "TAB5278": income_by_birth,
        "TAB4823": birth,
        "TAB6645": birth_with_noise,
        "TAB4357": emissions,
    }.items():
        tables.lazily(id, build)
    add_work(tables)


def _everywhere() -> Variable:
    return region_variable(all_regions(), eliminable=True, sets=[])


def _plain(code: str, label: str, values: Mapping[str, str]) -> Variable:
    return Variable(code, label, dict(values), extension={"show": "value"})


def _ages(*codes: str) -> Variable:
    return _plain("Alder", "ålder", {code: f"{code.replace('-', '–')} år" for code in codes})


def _unrelated(contents: Contents) -> PerContent:
    """Return numbers of a likely size for each content: shares below a hundred, or thousands."""
    rules: dict[str, Source] = {
        code: Plain(code, 1, 95, decimals) if unit == "procent" else Plain(code, 5, 9_000, decimals)
        for code, (_, unit, decimals) in contents.items()
    }
    return PerContent(rules)


def _status(id: str, title: str, contents: Contents, time: Variable, **more) -> Table:  # type: ignore[no-untyped-def]
    variables = [
        _everywhere(),
        _plain("Kon", "kön", SEXES),
        _ages("15-74", "16-64", "16-65", "20-64", "20-65"),
        _plain("Fodelseregion", "födelseregion", BIRTHS),
        contents_variable(contents),
        time,
    ]
    label = f"Arbetsmarknadsstatus efter region, kön, ålder och födelseregion. {title}"
    return made_up(id, label, variables, _unrelated(contents), subject="AM", **more)


def labour_status() -> Table:
    """The yearly register: numbers and rates; a rate for a small group is missing."""
    contents = {
        "000002NT": ("antal sysselsatta", "antal", 0),
        "000002NM": ("antal arbetslösa", "antal", 0),
        "000002NL": ("antal i arbetskraften", "antal", 0),
        "000002NU": ("antal totalt", "antal", 0),
        "000002NS": ("sysselsättningsgrad, procent", "procent", 1),
        "000002NN": ("arbetslöshet, procent", "procent", 1),
        "000002NK": ("arbetskraftsdeltagande, procent", "procent", 1),
    }
    table = _status("TAB3200", "Årligt register. År 2020-2024", contents, years(2020, 2024))
    gap = {"Region": {"2418"}, "Fodelseregion": {"ut"}, "Tid": {"2020"}}
    table.source = PerContent(_unrelated(contents).rules, missing={"000002NS": (gap, "..")})
    return table


def labour_status_preliminary() -> Table:
    """The preliminary year."""
    contents = {"000006J6": ("sysselsättningsgrad, procent", "procent", 1)}
    return _status("TAB5655", "Preliminär statistik. År 2020-2025", contents, years(2020, 2025))


def labour_status_monthly() -> Table:
    """The preliminary months."""
    contents = {
        "000006IK": ("sysselsättningsgrad, procent", "procent", 1),
        "000006II": ("arbetslöshet, procent", "procent", 1),
    }
    codes = [f"{year}M{month:02}" for year in (2025, 2026) for month in range(1, 13)][:15]
    months = Variable("Tid", "månad", {c: c for c in codes}, role="time")
    return _status("TAB6260", "Preliminär statistik, månad", contents, months, time_unit="Monthly")


def _industry(id: str, title: str, codes: tuple[str, str], time: Variable) -> Table:
    texts = ("arbetsställets belägenhet (dagbefolkning)", "bostadens belägenhet (nattbefolkning)")
    contents = {
        c: (f"sysselsatta efter {t}", "antal", 0) for c, t in zip(codes, texts, strict=True)
    }
    variables = [
        _everywhere(),
        _plain("Kon", "kön", SEXES),
        _plain("SNI2007", "näringsgren SNI 2007", {code: f"bransch {code}" for code in INDUSTRIES}),
        _plain("Fodelseregion", "födelseregion", BIRTHS),
        contents_variable(contents),
        time,
    ]
    label = f"Sysselsatta 15–74 år efter region, kön, näringsgren och födelseregion. {title}"
    return made_up(id, label, variables, _unrelated(contents), subject="AM")


def industry() -> Table:
    """Employed by industry, the yearly register."""
    return _industry("TAB3204", "Årligt register", ("000002XH", "000002XI"), years(2023, 2024))


def industry_preliminary() -> Table:
    """Employed by industry, the preliminary year."""
    return _industry("TAB3785", "Preliminär", ("000005FG", "000005FH"), years(2024, 2025))


def _integration(id: str, level: str, codes: tuple[str, ...], contents: Contents) -> Table:
    variables = [
        region_variable({c: regions.name(c) for c in codes}, eliminable=False, sets=[]),
        _plain("Kon", "kön", {"1+2": "män och kvinnor", "1": "män", "2": "kvinnor"}),
        _plain("UtbNiv", "utbildningsnivå", {"000": "samtliga utbildningsnivåer", "F": "övriga"}),
        _plain("BakgrVar", "bakgrundsvariabel", BACKGROUNDS),
        contents_variable(contents),
        years(2022, 2024),
    ]
    label = f"Arbetsmarknadsvariabler efter {level}, kön, utbildningsnivå och bakgrundsvariabel"
    return made_up(id, label, variables, _unrelated(contents), subject="AA")


def integration_by_municipality() -> Table:
    """Shares of entrepreneurs and managers; the content codes are the server's own."""
    contents = {f"SY6383A{n}": (text, "procent", 1) for n, text in enumerate(SHARES)}
    return _integration("TAB6383", "kommun", regions.municipalities(), contents)


def integration_by_county() -> Table:
    """The same for counties; only the code of managers is the producer's."""
    named = {"Andel i chefsposition": "000007KF"}
    contents = {
        named.get(text, f"SY6384A{n}"): (text, "procent", 1) for n, text in enumerate(SHARES)
    }
    return _integration("TAB6384", "län", regions.counties(), contents)


def integration_of_the_country() -> Table:
    """The same for riket, which has a table of its own."""
    contents = {f"SY6379A{n}": (text, "procent", 1) for n, text in enumerate(SHARES)}
    return _integration("TAB6379", "riket", ("00",), contents)


def income() -> Table:
    """Sammanräknad förvärvsinkomst efter region, kön, ålder och inkomstklass."""
    contents = {
        "HE0110J0": ("Totalsumma, mnkr", "mnkr", 1),
        "HE0110J7": ("Medelinkomst, tkr", "tkr", 1),
        "HE0110J8": ("Medianinkomst, tkr", "tkr", 1),
        "HE0110J9": ("Antal personer", "antal", 0),
    }
    variables = [
        _everywhere(),
        _plain("Kon", "kön", SEXES),
        _ages("tot16+", "tot20+", "20-64"),
        _plain("Inkomstklass", "inkomstklass", {"TOT": "totalt", "0": "0"}),
        contents_variable(contents),
        years(1999, 2024),
    ]
    label = "Sammanräknad förvärvsinkomst efter region, kön, ålder och inkomstklass. År 1999-2024"
    return made_up("TAB3554", label, variables, _unrelated(contents), subject="HE")


def income_by_birth() -> Table:
    """The same by region of birth and time in Sweden; codes of groups are the server's own."""
    contents = {
        "SY5278A1": ("Medelinkomst, tkr", "tkr", 1),
        "SY5278A2": ("Medianinkomst, tkr", "tkr", 1),
    }
    born = {
        "b1": "samtliga",
        "b2": "födda i Sverige",
        "b3": "utrikes födda",
        "b4": "födda i Norden",
    }
    variables = [
        _everywhere(),
        _plain("Kon", "kön", SEXES),
        _plain("Fodelseregion", "födelseregion", born),
        _plain("VistelsetidUF", "vistelsetid år", {"v1": "samtliga", "v2": "0–2 år"}),
        _plain("Alder", "ålder", {"a1": "20+ år", "a2": "20–64 år"}),
        contents_variable(contents),
        years(2022, 2023),
    ]
    label = "Sammanräknad förvärvsinkomst efter region, kön, ålder, födelseregion och vistelsetid"
    return made_up("TAB5278", label, variables, _unrelated(contents), subject="HE")


def _birth(id: str, time: Variable, extra: bool, source: Source, content: str) -> Table:
    sexes = {"1": "män", "2": "kvinnor"}
    ages = {age: f"{age} år" for age in SINGLE_AGES}
    if extra:
        sexes = {"TotSa": "totalt", **sexes}
        ages = {"TotSA": "totalt", **ages}
    variables = [
        _everywhere(),
        _plain("Alder", "ålder", ages),
        _plain("Kon", "kön", sexes),
        _plain("Fodelseregion", "födelseregion", {"09": "Född i Sverige", "11": "Utrikes född"}),
        contents_variable({content: ("Folkmängd", "antal", 0)}),
        time,
    ]
    return made_up(
        id,
        f"Inrikes och utrikes födda efter region, ålder och kön. {content}",
        variables,
        source,
        notes=[NOTE, NOISE_NOTE] if extra else [NOTE],
        subject="BE",
    )


def birth() -> Table:
    """Inrikes och utrikes födda: no totals at all, adding up exactly."""
    source = Additive("TAB4823", {"Region": region_parts()}, numbers.people_sizes, numbers.people)
    return _birth("TAB4823", years(2023, 2024), False, source, "SY4823A1")


def birth_with_noise() -> Table:
    """The same from 2025, with totals and a little noise in every cell."""
    parts = {
        "Region": region_parts(),
        "Alder": {"TotSA": SINGLE_AGES},
        "Kon": {"TotSa": ("1", "2")},
    }
    source = Noisy(Additive("TAB6645", parts, numbers.people_sizes, numbers.people))
    return _birth("TAB6645", years(2025, 2025), True, source, "SY6645A1")


def emissions() -> Table:
    """Utsläpp efter kommun och ämne: units differ by substance and stand in its name."""
    contents = {"SY4357A1": ("Utsläpp", "enligt ämne", 2)}
    substances = {
        "s1": "växthusgaser, kiloton koldioxidekvivalenter",
        "s2": "koldioxid, fossil, kiloton",
        "s3": "kväveoxider, ton",
    }
    names = {code: regions.name(code) for code in regions.municipalities()}
    variables = [
        region_variable(names, eliminable=False, sets=[]),
        _plain("Amne", "ämne", substances),
        contents_variable(contents),
        years(2008, 2022),
    ]
    label = "Utsläpp till luft efter kommun och ämne. År 2008-2022"
    return made_up("TAB4357", label, variables, _unrelated(contents), subject="MI")
