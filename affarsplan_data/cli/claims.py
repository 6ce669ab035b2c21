"""``affarsplan claims``."""

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.claims import Judgement, Trial

EXAMPLES = (
    "Exempel:\n\naffarsplan claims\n\naffarsplan claims --claim C09 --claim C22\n\n"
    "affarsplan claims --json > pastaenden.json"
)


def claims(
    claim: Annotated[
        list[str] | None,
        typer.Option(
            "--claim",
            metavar="ID",
            help="Bara detta påstående, med allt det vilar på; kan ges flera gånger.",
            show_default=False,
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="LÄN", help="Ett annat län än planens.", show_default=False),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(metavar="ÅR", help="Uppgifter till och med året.", show_default=False),
    ] = None,
    data: Annotated[
        str, typer.Option(metavar="UPPGIFTER", help="Vilka uppgifter som läses.")
    ] = "newest",
    as_json: Annotated[
        bool, typer.Option("--json", help="Skriv allt som JSON, för maskiner.")
    ] = False,
) -> None:
    """Pröva planens påståenden: först planens egna år, sedan de senaste uppgifterna.

    Ett påstående vars egna år inte ger det som planen säger bedöms inte på nya uppgifter.
    """
    from affarsplan_data import regions
    from affarsplan_data.claims import judge_all, record, setting
    from affarsplan_data.plan import load_claims

    if region is not None and regions.get(region).level != "county":
        raise UsageError(
            f"Påståendena gäller ett län. {region} {regions.name(region)} är inget län."
        )
    held = {one.id: one for one in load_claims()}
    wanted = [name.upper() for name in claim or ()]
    if unknown := [name for name in wanted if name not in held]:
        raise UsageError(
            f"Påståendet ”{unknown[0][:20]}” finns inte. De som finns är {min(held)}–{max(held)}."
        )
    chosen = tuple(held[name] for name in wanted) if wanted else tuple(held.values())
    judged = judge_all(setting(region, year, data), chosen)
    if as_json:
        json.dump([record(one) for one in judged], sys.stdout, ensure_ascii=False, indent=1)
        print()
    elif wanted:
        for one in judged:
            _explain(one)
    else:
        _list(judged)


def _list(judged: "list[Judgement]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    table = Table(title="Planens påståenden, prövade", show_lines=False)
    table.add_column("Id", no_wrap=True)
    table.add_column("Bedömning", max_width=24)
    table.add_column("Påstående, och skäl eller senaste uppgift")
    for one in judged:
        text = Text(f"{one.claim.about} (avsnitt {one.claim.section})")
        if detail := _detail(one):
            text.append(f"\n{detail}", style="dim")
        table.add_row(one.claim.id, Text(one.verdict), text)
    console.print(table)
    counts = Counter(str(one.verdict) for one in judged)
    print("; ".join(f"{number} {verdict}" for verdict, number in counts.most_common()) + ".")


def _detail(one: "Judgement") -> str:
    if one.reason:
        return one.reason
    return "; ".join(finding.text for finding in one.now.findings) if one.now else ""


def _explain(one: "Judgement") -> None:
    print(f"{one.claim.id} (avsnitt {one.claim.section}): {one.claim.about}")
    print(f"  Bedömning: {one.verdict}. {one.reason}".rstrip())
    for title, trial in (("Planens egna år", one.anchor), ("Senaste uppgifter", one.now)):
        if trial is not None:
            _explain_trial(title, trial, one)
    for text, verdict in one.sensitivity:
        print(f"  Med {text}: {verdict}")
    for definition in one.definitions:
        print(f"  {definition}")
    if one.claim.limits:
        print(f"  Att tänka på: {one.claim.limits}")
    print()


def _explain_trial(title: str, trial: "Trial", one: "Judgement") -> None:
    print(f"  {title}: {trial.verdict}")
    for condition, finding in zip(one.claim.conditions, trial.findings, strict=True):
        print(f"    {condition.text} {str(finding.outcome).capitalize()}: {finding.text}.")
