"""``affarsplan status``."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from affarsplan_data.cli import words

if TYPE_CHECKING:
    from affarsplan_data.pages.freshness import Freshness

EXAMPLES = (
    "Exempel:\n\naffarsplan status\n\naffarsplan status --stale\n\n"
    "affarsplan status --measure grp --measure population\n\naffarsplan status --json"
)


def status(
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="MÅTT",
            help="Bara detta mått, med allt som är känt om det; kan ges flera gånger.",
            show_default=False,
        ),
    ] = None,
    stale: Annotated[bool, typer.Option("--stale", help="Bara mått som är inaktuella.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv ut som JSON.")] = False,
    data: Annotated[
        str, typer.Option(metavar="NAMN", help="Vilka uppgifter: newest eller edition.")
    ] = "newest",
) -> None:
    """Visa hur nya uppgifterna är: för varje mått vad som finns, varifrån, och när nästa väntas.

    Ett mått är inaktuellt när mer än en månad har gått sedan den månad då nästa period väntades, eller
    när det som hämtats senast inte gick att läsa.

    Avslutskod: 0 även när något är inaktuellt.
    """
    from affarsplan_data.pages.freshness import freshness, in_words

    found = freshness(measure or (), data=data)
    shown = [one for one in found if one.is_stale or not stale]
    if as_json:
        print(json.dumps([one.as_data() for one in shown], ensure_ascii=False, indent=1))
        return
    if measure:
        for one in shown:
            _tell(one)
    elif shown:
        _list(shown)
    print(in_words(found))
    if not measure and any(one.held == "missing" for one in shown):
        print("Hur ett mått fås som saknas: affarsplan status --measure MÅTT.")


def _list(found: Sequence["Freshness"]) -> None:
    from affarsplan_data.pages.freshness import HELD, STATES

    headings = ("Mått", "Läge", "Till och med", "Version", "Hämtad", "Finns som", "Väntas")
    rows = [
        [
            one.measure,
            STATES[one.state] if one.held != "missing" else "",
            one.latest,
            one.updated[:10],
            one.retrieved,
            HELD[one.held],
            f"{one.expected:%Y-%m}" if one.expected else "",
        ]
        for one in found
    ]
    words.show_table("Uppgifternas läge", headings, rows, numbers=0)
    for one in found:
        for remark in one.remarks:
            print(f"{one.measure}: {remark}")


def _tell(one: "Freshness") -> None:
    from affarsplan_data.catalogue import load_catalogue
    from affarsplan_data.pages.freshness import HELD, STATES

    indicators = load_catalogue().indicators
    facts = {
        "Läge": STATES[one.state],
        "Till och med": one.latest,
        "Finns som": HELD[one.held] if one.held != "missing" else "",
        "Källa": one.source,
        "Tabell": one.table,
        "Version": one.updated,
        "Hämtad": one.retrieved,
        "Nästa väntas": f"{one.expected:%Y-%m}" if one.expected else "",
        "Så fås uppgiften": one.how,
        "Indikatorer": "; ".join(f"{id} ({indicators[id].name})" for id in one.indicators)
        or "inga",
        "Sidor": ", ".join(one.pages) or "inga",
    }
    print(f"{one.measure}: {one.title}")
    for heading, said in facts.items():
        if said:
            print(f"  {heading}: {said}")
    for remark in one.remarks:
        print(f"  {remark}")
