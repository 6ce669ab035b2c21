"""Describes exported files as a Data Package (https://datapackage.org, version 2)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from affarsplan_data import regions
from affarsplan_data.catalogue import INDUSTRIES, Source, load_catalogue
from affarsplan_data.observations.schema import BIRTHS, SEXES
from affarsplan_data.sources.standing import MADE_UP

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "affarsplan-data"
REGIONS = "regions"
MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LICENCES = {
    "CC0": {"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"},
    "CC BY 2.5 SE": {"path": "https://creativecommons.org/licenses/by/2.5/se/"},
}
_PERIOD = r"^\d{4}(M(0[1-9]|1[0-2])|K[1-4])?$"
_AGE = r"^(total|unknown|\d+-\d+|\d+\+)$"
_ORIGINS = {"women": "kvinnor", "men": "män", "native": "inrikes födda", "foreign": "utrikes födda"}

Field = dict[str, Any]

_FIELDS: dict[str, tuple[str, str, str]] = {
    "measure": ("string", "Mått", "Måttets namn i katalogen."),
    "indicator": ("string", "Indikator", "Indikatorns namn i katalogen."),
    "region": ("string", "Region", "SCB:s kod: 00 riket, två siffror län, fyra siffror kommun."),
    "period": ("string", "Period", "År (2024), kvartal (2024K1) eller månad (2024M03)."),
    "start": ("date", "Periodens första dag", "Periodens första dag."),
    "sex": ("string", "Kön", "Kön; total är båda."),
    "birth": ("string", "Födelseregion", "Inrikes eller utrikes född; total är båda."),
    "age": ("string", "Ålder", "Åldersgrupp; total är alla."),
    "industry": ("string", "Bransch", "Branschgrupp; total är alla."),
    "category": ("string", "Klass", "Klass enligt katalogen; total är alla."),
    "value": ("number", "Värde", "Värdet i måttets eller indikatorns enhet; tomt när det saknas."),
    "low": ("number", "Intervallets nedre gräns", "Nedre gräns för 95-procentigt intervall."),
    "high": ("number", "Intervallets övre gräns", "Övre gräns för 95-procentigt intervall."),
    "count": ("number", "Antal", "Täljaren, där värdet är en andel av ett antal."),
    "base": ("number", "Bas", "Nämnaren, där värdet är en andel av ett antal."),
    "unit": ("string", "Enhet", "Värdets enhet."),
    "status": ("string", "Status", "Producentens symbol, eller varför värdet saknas."),
    "source": ("string", "Källa", "Producenten."),
    "table": ("string", "Tabell", "Producentens tabell."),
    "vintage": ("string", "Version", "När producenten senast uppdaterade tabellen."),
    "preliminary": ("boolean", "Preliminär", "Om uppgiften är preliminär."),
    "noise": ("boolean", "Brus", "Om producenten har lagt slumpmässigt brus på uppgiften."),
    "segment": ("integer", "Seriens del", "Värden i olika delar jämförs inte: serien har brutits."),
    "published_value": ("number", "Publicerat värde", "Värdet som producenten skrev det."),
    "published_unit": ("string", "Publicerad enhet", "Enheten som producenten skrev den."),
    "origin": ("string", "Ursprung", "Var i data/raw uppgiften kommer från."),
    "other_sources": ("string", "Övriga källor", "Publiceringar som formeln också bygger på."),
    "code": ("string", "Kod", "SCB:s kod."),
    "name": ("string", "Namn", "Regionens namn."),
    "level": ("string", "Nivå", "country riket, county län, municipality kommun."),
    "county": ("string", "Län", "Länets kod; för län och riket den egna."),
}
"""Type, title and description of every column that is exported."""


def schema(frame: pd.DataFrame, key: Sequence[str], categories: Mapping[str, str]) -> Field:
    """Return the Table Schema of a file with figures.

    Args:
        frame: what the file holds.
        key: the columns that tell its rows apart.
        categories: the classes of ``category`` with their names.
    """
    return {
        "fields": [_field(name, frame[name], key, categories) for name in frame.columns],
        "missingValues": [""],
        "primaryKey": list(key),
        "foreignKeys": [
            {"fields": ["region"], "reference": {"resource": REGIONS, "fields": ["code"]}}
        ],
    }


def regions_schema() -> Field:
    """Return the Table Schema of the file with regions."""
    levels = ["country", "county", "municipality"]
    constraints: dict[str, Field] = {
        "code": {"required": True, "unique": True, "pattern": r"^\d{2}(\d{2})?$"},
        "name": {"required": True},
        "level": {"required": True, "enum": levels},
        "county": {"required": True},
    }
    return {
        "fields": [_described(name) | {"constraints": constraints[name]} for name in constraints],
        "missingValues": [""],
        "primaryKey": ["code"],
    }


def _described(name: str) -> Field:
    kind, title, description = _FIELDS[name]
    field: Field = {"name": name, "type": kind, "title": title, "description": description}
    return field


def _field(
    name: str, values: pd.Series, key: Sequence[str], categories: Mapping[str, str]
) -> Field:
    field = _described(name)
    constraints: Field = {"required": True} if name in key else {}
    labels = {"sex": SEXES, "birth": BIRTHS, "industry": ("total", *INDUSTRIES)}.get(name)
    if name == "category":
        labels = ("total", *categories)
    if labels:
        constraints["enum"] = list(labels)
        names = {"total": "alla"} | _ORIGINS | INDUSTRIES | dict(categories)
        field["description"] += " " + "; ".join(f"{x} = {names.get(x, x)}" for x in labels) + "."
    if name in {"period", "age"}:
        constraints["pattern"] = _PERIOD if name == "period" else _AGE
    if name in {"measure", "indicator", "unit"} and values.nunique() == 1:
        constraints["enum"] = [str(values.iloc[0])]
    return field | ({"constraints": constraints} if constraints else {})


def publications(frame: pd.DataFrame, homepage: str) -> list[Field]:
    """Return the publications that figures come from, as the sources of a resource."""
    told = frame[["source", "table", "vintage"]].astype("object").fillna("").drop_duplicates()
    titles = [
        f"{row.source}, {row.table}" + (f", uppdaterad {row.vintage}" if row.vintage else "")
        for row in told.itertuples()
    ]
    if "other_sources" in frame:
        others = frame["other_sources"].drop_duplicates()
        titles += [title for listed in others for title in listed.split("; ") if title]
    return [{"title": title, "path": homepage} for title in dict.fromkeys(titles)]


def made_up(frames: Iterable[pd.DataFrame]) -> bool:
    """Tell whether any figure comes from a source that says that it is made up."""
    return any(
        frame[column].astype(str).str.contains(MADE_UP).any()
        for frame in frames
        for column in ("source", "other_sources")
        if column in frame
    )


def titled(title: str, frames: Iterable[pd.DataFrame]) -> str:
    """Return ``title``, after a warning where figures are made up."""
    return f"{MADE_UP} – {title}" if made_up(frames) else title


def package(resources: Sequence[Field], sources: Sequence[str], title: str, created: str) -> Field:
    """Return the description of the whole.

    Args:
        resources: the descriptions of the files.
        sources: the ids of the producers in the catalogue.
        title: what is exported.
        created: the time, as ISO 8601.
    """
    named = [load_catalogue().sources[id] for id in sources]
    return {
        "$schema": PROFILE,
        "name": NAME,
        "title": title,
        "description": (
            "Observationer och indikatorer ur officiell statistik. Indikatorerna är egen bearbetning "
            "och ska inte presenteras som producentens. Saknade värden är tomma, aldrig noll."
        ),
        "created": created,
        "licenses": _licences(named),
        "sources": [{"title": source.name, "path": source.homepage} for source in named],
        "resources": list(resources),
    }


def licences(ids: Iterable[str]) -> list[Field]:
    """Return how the figures of some producers may be used."""
    return _licences([load_catalogue().sources[id] for id in ids])


def _licences(sources: Iterable[Source]) -> list[Field]:
    found = [
        {"path": source.homepage}
        | _LICENCES.get(source.licence, {})
        | {"title": f"{source.name}: {source.licence}"}
        for source in sources
    ]
    return list({licence["title"]: licence for licence in found}.values())


def regions_frame() -> pd.DataFrame:
    """Return every region: code, name, level and county."""
    return pd.DataFrame(
        [
            {"code": r.code, "name": r.name, "level": r.level, "county": r.county}
            for r in regions.all_regions().values()
        ]
    )
