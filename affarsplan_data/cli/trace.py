"""``affarsplan trace``."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from affarsplan_data.indicators.tracing import Observed, Trace
    from affarsplan_data.observations.origins import Origin, Proof

EXAMPLES = (
    "Exempel:\n\naffarsplan trace brp_per_capita_index --region 19 --period 2021\n\n"
    "affarsplan trace new_firms_women_share --region 1980 --period 2024 --json\n\n"
    "affarsplan trace grp --region 19 --period 2021"
)
DAMAGED = 1
MOST_PARTS = 12
"""So many parts of a sum are written out; the others are counted (all are in --json)."""
LONGEST = 400

_Value = Annotated[
    str | None, typer.Option(metavar="VÄRDE", help="Vilken grupp.", show_default=False)
]


def trace(
    indicator: Annotated[
        str,
        typer.Argument(
            metavar="INDIKATOR", help="En indikator eller ett mått.", show_default=False
        ),
    ],
    region: Annotated[str, typer.Option(metavar="KOD", help="Regionens kod, till exempel 19.")],
    period: Annotated[str, typer.Option(metavar="PERIOD", help="Perioden, till exempel 2021.")],
    sex: _Value = None,
    birth: _Value = None,
    age: _Value = None,
    industry: _Value = None,
    category: _Value = None,
    data: Annotated[
        str, typer.Option(metavar="NAMN", help="Vilka uppgifter: newest eller edition.")
    ] = "newest",
    as_json: Annotated[bool, typer.Option("--json", help="Skriv ut allt som JSON.")] = False,
) -> None:
    """Följ ett värde tillbaka: formeln, uppgifterna det räknats ur och filerna de kom i.

    Filernas kontrollsummor räknas om nu. Ett värde som saknas får sin orsak.

    Avslutskod: 0 allt stämmer, 1 någon fil är skadad eller borta, 2 något i frågan finns inte.
    """
    from affarsplan_data.indicators.tracing import trace as follow

    found = follow(
        indicator,
        region=region,
        period=period,
        sex=sex,
        birth=birth,
        age=age,
        industry=industry,
        category=category,
        data=data,
    )
    if as_json:
        print(json.dumps(found.as_data(), ensure_ascii=False, indent=1))
    else:
        _show(found)
    if not found.holds:
        raise typer.Exit(DAMAGED)


def _show(found: "Trace") -> None:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    tree = Tree(Text(f"{found.name}, {_place(found.key)}: {_value(found)}", style="bold"))
    if found.missing:
        tree.add(Text(f"Värdet saknas. {found.missing}"))
    for said in _facts(found):
        tree.add(Text(said))
    if found.observations:
        branch = tree.add(Text(f"Uppgifter ({len(found.observations)})"))
        for one in found.observations:
            _add_observed(branch, one)
    for origin in found.origins:
        _add_origin(tree, origin)
    console.print(tree, highlight=False)
    if found.origins:
        files = [proof for origin in found.origins for proof in origin.proofs]
        wrong = [proof for proof in files if not proof.holds]
        lost = [origin for origin in found.origins if origin.fault]
        if found.holds:
            all_of_them = f"Alla {len(files)} filer" if len(files) > 1 else "Filen"
            print(f"{all_of_them} stämmer med sin kontrollsumma.")
        else:
            told = f"{len(wrong) + len(lost)} av {len(files) + len(lost)}"
            print(f"{told} filer stämmer inte med sin kontrollsumma, eller är borta.")


def _facts(found: "Trace") -> Iterable[str]:
    yield f"Definition: {found.definition}"
    if found.formula:
        yield f"Formel: {found.formula}"
    if found.low is not None and found.high is not None:
        low, high = _amount(found.low, found.decimals), _amount(found.high, found.decimals)
        yield f"95-procentigt intervall: {low} till {high}"
    if found.count is not None and found.base is not None:
        yield f"Antal {_amount(found.count)} av {_amount(found.base)}"
    if found.preliminary:
        yield "Preliminärt"
    if found.status:
        yield f"Status: {found.status}"


def _add_observed(branch: Any, one: "Observed") -> None:
    from rich.text import Text

    here = branch.add(Text(_line(one)))
    if not one.is_held:
        return
    vintage = f", version {one.vintage}" if one.vintage else ""
    here.add(Text(f"{one.source}, {one.table}{vintage}"))
    if one.is_sum and not one.parts:
        here.add(Text("Summa av delar som står i svaret, inte publicerad som summa"))
    if one.parts:
        under = here.add(Text(f"Summa av {len(one.parts)} uppgifter, inte publicerad som summa"))
        for part in one.parts[:MOST_PARTS]:
            under.add(Text(_line(part)))
        if len(one.parts) > MOST_PARTS:
            under.add(Text(f"och {len(one.parts) - MOST_PARTS} till"))


def _line(one: "Observed") -> str:
    start = f"{one.input}: {one.measure}, {_place(one.key)}"
    if not one.is_held:
        return f"{start}: finns inte"
    figure = "saknas" if one.value is None else f"{_amount(one.value)} {one.unit}"
    remarks = []
    if one.published_value is not None and (one.published_value, one.published_unit) != (
        one.value,
        one.unit,
    ):
        remarks.append(f"publicerat som {_amount(one.published_value)} {one.published_unit}")
    remarks += [f"status {one.status}"] if one.status else []
    remarks += ["preliminärt"] if one.preliminary else []
    remarks += ["med brus"] if one.noise else []
    remarks += [f"del {one.segment} av serien"] if one.segment > 1 else []
    return f"{start} = {figure}" + (f" ({', '.join(remarks)})" if remarks else "")


def _add_origin(tree: Any, origin: "Origin") -> None:
    from rich.text import Text

    branch = tree.add(Text(f"Ursprung: {origin.origin}"))
    if origin.fault:
        branch.add(Text(f"stämmer inte: {origin.fault}", style="bold red"))
        return
    fetched = f"{origin.retrieved:%Y-%m-%d %H:%M} UTC" if origin.retrieved else ""
    facts = {
        "Källa": origin.source,
        "Tabell": origin.table,
        "Version": origin.updated or "",
        "Hämtad": fetched,
        "Funnen": origin.found_where,
        "Urval": json.dumps(origin.asked, ensure_ascii=False) if origin.asked else "",
    }
    for heading, said in facts.items():
        if said:
            branch.add(Text(_short(f"{heading}: {said}")))
    if origin.file:
        _add_proof(branch, origin.file)
    for answer in origin.answers:
        asked = f"{answer.method} {answer.url}".strip() or f"svaret {answer.id}"
        here = branch.add(Text(_short(asked)))
        if answer.body:
            here.add(Text(_short(f"Fråga: {answer.body}")))
        _add_proof(here, answer.proof)
    if origin.others:
        noun = "annat" if origin.others == 1 else "andra"
        branch.add(Text(f"och {origin.others} {noun} svar i samma hämtning"))


def _short(text: str) -> str:
    """Return the beginning of a long text; all of it is in ``--json``."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … (hela i --json)"


def _add_proof(branch: Any, proof: "Proof") -> None:
    from rich.text import Text

    style = "green" if proof.holds else "bold red"
    branch.add(Text(f"Fil: {proof.path}"))
    branch.add(
        Text(
            f"SHA-256: {proof.sha256 or 'okänd'} – {'stämmer' if proof.holds else 'stämmer inte'}",
            style=style,
        )
    )
    if proof.fault:
        branch.add(Text(proof.fault, style=style))


def _value(found: "Trace") -> str:
    if found.value is None:
        return "uppgift saknas"
    return f"{_amount(found.value, found.decimals)} {found.unit}"


def _amount(value: float, decimals: int | None = None) -> str:
    """Return a number in Swedish form, with every decimal that it has unless told how many."""
    from affarsplan_data.swedish import number

    if decimals is None:
        decimals = len(f"{value:.10f}".rstrip("0").partition(".")[2])
    return number(value, decimals)


def _place(key: Mapping[str, str]) -> str:
    from affarsplan_data import regions

    parts = [regions.name(key["region"]), key["period"]]
    parts += [v for k, v in key.items() if k not in {"region", "period"} and v != "total"]
    return ", ".join(parts)
