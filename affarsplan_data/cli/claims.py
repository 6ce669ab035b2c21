"""``affarsplan claims``."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.errors import UsageError

if TYPE_CHECKING:
    from affarsplan_data.claims import Judgement, Trial

EXAMPLES = (
    "Exempel:\n\naffarsplan claims\n\naffarsplan claims --claim C09 --claim C22\n\n"
    "affarsplan claims --year 2023 --data edition\n\naffarsplan claims --json > pastaenden.json"
)
LOG_WIDTH = 120
"""Columns of what is written to a file or a log."""


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
        str, typer.Option(metavar="NAMN", help="Vilka uppgifter: newest eller edition.")
    ] = "newest",
    as_json: Annotated[bool, typer.Option("--json", help="Skriv ut allt som JSON.")] = False,
) -> None:
    """Pröva planens påståenden: först planens egna år, sedan de senaste uppgifterna.

    Ett påstående vars egna år inte ger det som planen säger bedöms inte på nya uppgifter. Ett villkor som
    är osäkert får inte avgöra.

    Avslutskod: 0 vad bedömningarna än blir, 1 uppgifterna går inte att läsa, 2 något i frågan finns inte.
    """
    from affarsplan_data.claims import judge_all, record, setting
    from affarsplan_data.plan import load_claims

    held = {one.id: one for one in load_claims()}
    wanted = [name.upper() for name in claim or ()]
    if unknown := [name for name in wanted if name not in held]:
        raise UsageError(
            f"Påståendet ”{unknown[0][:20]}” finns inte. De som finns är {min(held)}–{max(held)}."
        )
    chosen = setting(region, year, data)
    judged = judge_all(chosen, [held[name] for name in wanted or held])
    if as_json:
        json.dump([record(one) for one in judged], sys.stdout, ensure_ascii=False, indent=1)
        print()
        return
    if wanted:
        for one in judged:
            _explain(one)
    else:
        _list(judged)
    if chosen.note:
        print(chosen.note)


def _list(judged: "Sequence[Judgement]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=LOG_WIDTH)
    table = Table(
        title="Planens påståenden, prövade",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("Id", no_wrap=True)
    table.add_column("Bedömning", max_width=18)
    table.add_column("Påstående, då och nu", overflow="fold")
    for one in judged:
        text = Text(f"{one.claim.about} (avsnitt {one.claim.section})")
        for line in _lines(one):
            text.append(f"\n{line}", style="dim")
        table.add_row(one.claim.id, Text(one.verdict), text)
    console.print(table, highlight=False)
    counts = Counter(str(one.verdict) for one in judged)
    print("; ".join(f"{number} {verdict}" for verdict, number in counts.most_common()) + ".")
    print("Allt som ett påstående vilar på: affarsplan claims --claim ID.")


def _lines(one: "Judgement") -> list[str]:
    """Return then and now in short, and why the verdict is not a plain yes or no."""
    trials = [("Då", one.anchor), ("Nu", one.now)]
    if one.anchor and one.now and one.anchor.findings == one.now.findings:
        trials = [("Då, och nyare finns inte", one.now)]
    lines = [f"{word}: {_short(trial)}" for word, trial in trials if trial and _short(trial)]
    return [*lines, one.reason] if one.reason else lines


def _short(trial: "Trial") -> str:
    return "; ".join(f"{f.figure} {f.period}" for f in trial.findings if f.period)


def _explain(one: "Judgement") -> None:
    print(f"{one.claim.id} (avsnitt {one.claim.section}): {one.claim.about}")
    print(f"  Bedömning: {one.verdict}. {one.reason}".rstrip())
    if one.reproduced_in:
        years = ", ".join(map(str, one.reproduced_in))
        print(f"  Planens egna år som ger det planen säger: {years}.")
    for title, trial in (("Planens egna år", one.anchor), ("Senaste uppgifter", one.now)):
        if trial is not None:
            _explain_trial(f"{title}, till och med {trial.year}", trial, one)
    for variant in one.sensitivity:
        then = f"då {variant.then}, " if variant.then else ""
        print(f"  Med {variant.text}: {then}nu {variant.now}.")
    for _, definition in one.definitions:
        print(f"  {definition}")
    for remark in one.remarks:
        print(f"  {remark}")
    if one.claim.limits and one.claim.limits != one.reason:
        print(f"  Att tänka på: {one.claim.limits}")
    print()


def _explain_trial(title: str, trial: "Trial", one: "Judgement") -> None:
    print(f"  {title}: {trial.verdict}")
    for condition, finding in zip(one.claim.conditions, trial.findings, strict=True):
        outcome = str(finding.outcome).capitalize()
        print(f"    {condition.text} {outcome}: {finding.text}.")
