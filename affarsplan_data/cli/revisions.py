"""``affarsplan revisions``."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affarsplan_data.cli import words

if TYPE_CHECKING:
    import pandas as pd

    from affarsplan_data.observations.revising import Step

EXAMPLES = (
    "Exempel:\n\naffarsplan revisions\n\naffarsplan revisions --measure grp --region 19\n\n"
    "affarsplan revisions --since 2026-01-01 --json"
)
LISTED = 10
"""So many of a version's changed figures are listed; all of them are in --json."""
KIND_WORDS = {
    "value": "ändrade",
    "status": "med annan status",
    "added": "tillkomna",
    "gone": "borttagna",
}


def revisions(
    measure: Annotated[
        str | None, typer.Option(metavar="MÅTT", help="Bara detta mått.", show_default=False)
    ] = None,
    region: Annotated[
        str | None, typer.Option(metavar="KOD", help="Bara denna region.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATUM",
            help="Bara versioner som kom denna dag eller senare, till exempel 2026-01-01.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv alla ändringar som JSON.")] = False,
) -> None:
    """Visa vad nya versioner har ändrat i uppgifter som redan fanns.

    Varje version av en tabell eller en levererad fil i arkivet jämförs med den före, och den första med
    den inbyggda utgåvans uppgifter ur samma tabell. Uppgifter för nya perioder är inga ändringar.

    Avslutskod: 0 vad som än har ändrats, 1 någon version gick inte att läsa, 2 fel användning.
    """
    from affarsplan_data.observations.revising import steps

    found = steps(measure, region, since)
    failed = _as_json(found) if as_json else _show(found)
    if failed:
        raise typer.Exit(1)


def _as_json(found: Any) -> bool:
    """Print one step at a time, so that no more than one table is held; tell whether any failed."""
    failed = False
    print("[", end="")
    for place, step in enumerate(found):
        failed |= bool(step.fault)
        print(",\n" if place else "\n", end="")
        print(json.dumps(_as_data(step), ensure_ascii=False, indent=1), end="")
    print("\n]")
    return failed


def _as_data(step: "Step") -> dict[str, Any]:
    rows = step.rows.astype({"old": object, "new": object, "percent": object})
    rows = rows.where(rows.notna(), None).drop(
        columns=["table", "from_version", "to_version", "retrieved"]
    )
    return {
        "table": step.table,
        "title": step.title,
        "from_version": step.from_version,
        "to_version": step.to_version,
        "retrieved": step.retrieved.isoformat(),
        "counts": dict(step.counts),
        "new_periods": list(step.new_periods),
        "fault": step.fault,
        "changes": rows.to_dict("records"),
    }


def _show(found: Any) -> bool:
    failed, tables, changed = False, 0, 0
    for step in found:
        tables += 1
        failed |= bool(step.fault)
        changed += len(step.rows)
        _show_step(step)
    if not tables:
        print("Ingen tabell har kommit i mer än en version, så inget finns att jämföra.")
    elif not changed and not failed:
        print("Inga uppgifter som fanns i en tidigare version har ändrats.")
    else:
        said = f"{changed} ändringar" if changed != 1 else "1 ändring"
        print(f"{said} i {tables} {'jämförelser' if tables > 1 else 'jämförelse'}.")
    return failed


def _show_step(step: "Step") -> None:
    before = _version(step.from_version)
    print(f"{step.title} ({step.table}): {before} → {_version(step.to_version)}")
    print(f"  Hämtad {step.retrieved:%Y-%m-%d}. {_summary(step)}")
    if step.fault:
        return
    changed = step.rows[step.rows["kind"] == "value"]
    order = changed["percent"].abs().sort_values(ascending=False, na_position="last").index
    shown = changed.loc[order[:LISTED]]
    if len(shown):
        headings = ("Mått", "Var och när", "Från", "Till", "Procent")
        rows = [_line(row) for row in shown.to_dict("records")]
        words.show_table("", headings, rows, numbers=3)
    if len(changed) > len(shown):
        print(f"  och {len(changed) - len(shown)} ändrade till (alla finns i --json)")
    print()


def _summary(step: "Step") -> str:
    if step.fault:
        return f"Kan inte jämföras: {step.fault}"
    told = [f"{number} {KIND_WORDS[kind]}" for kind, number in step.counts.items() if number]
    text = f"{', '.join(told)} uppgifter" if told else "Inga ändrade uppgifter"
    if (largest := step.largest) is not None:
        text += f"; störst {_percent(largest['percent'])} procent"
    if step.new_periods:
        text += f"; nya perioder: {', '.join(step.new_periods)}"
    return f"{text}."


def _line(row: Mapping[str, Any]) -> list[str]:
    from affarsplan_data import regions

    dimensions = ("sex", "birth", "age", "industry", "category")
    groups = [row[name] for name in dimensions if row[name] != "total"]
    place = ", ".join([regions.name(row["region"]), row["period"], *groups])
    early = " (preliminärt)" if row["was_preliminary"] else ""
    return [
        row["measure"],
        place,
        f"{_amount(row['old'])}{early}",
        _amount(row["new"]),
        _percent(row["percent"]),
    ]


def _amount(value: float) -> str:
    """Return a figure with the decimals that it has, at most four."""
    from affarsplan_data.swedish import number

    if value != value:
        return "saknas"
    return number(value, min(4, len(f"{value:.10f}".rstrip("0").partition(".")[2])))


def _percent(value: "float | pd.Series") -> str:
    from affarsplan_data.swedish import signed

    return "" if value != value else signed(float(value), 1)


def _version(text: str) -> str:
    return "utgåvan" if text == "edition" else text[:10]
