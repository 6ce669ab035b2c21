"""The chart of the claims: how far the newest figures lie from what each is tested against."""

from collections.abc import Sequence

import pandas as pd

from affarsplan_data import figures, swedish
from affarsplan_data.claims import Judgement, Margin
from affarsplan_data.figures import Figure
from affarsplan_data.pages import claims_table
from affarsplan_data.pages.texts import Notice
from affarsplan_data.parameters import Parameters

_LIMIT = "det som prövas"
_HOW = (
    "Avståndet är räknat i standardavvikelser mellan länen, så att påståenden om olika saker kan "
    "visas ihop. Ett avstånd på 1 är så långt från det som prövas som län brukar ligga från varandra.",
    "Strecken är 95-procentiga osäkerhetsintervall, där de är kända. Ett värde utan intervall är inte "
    "säkrare för det.",
    "Figuren har bara påståenden om att ett tal ligger över eller under något. Bedömningen i tabellen "
    "väger in fler villkor och planens egna år.",
)


def distances(judged: Sequence[Judgement], given: Parameters) -> Figure | Notice:
    """How far on the claimed side, or on the other, the newest figures lie."""
    found = list(_margins(judged))
    if not found:
        return Notice(
            f"Inga uppgifter till och med {given.year} låter något påstående visas som ett avstånd.",
            "Avstånd till det som prövas",
        )
    rows = [
        {"region": key, "label": label, "value": m.value, "low": m.low, "high": m.high}
        for key, label, m in found
    ]
    limit = {"region": "limit", "label": _LIMIT, "value": 0.0, "low": None, "high": None}
    frame = pd.DataFrame([*rows, limit]).astype(dict.fromkeys(("value", "low", "high"), float))
    return figures.interval_dots(
        frame,
        None,
        reference="limit",
        row_heading="Påstående",
        alt=_alt(found),
        name="pastaenden-avstand",
        title=_title([margin for _, _, margin in found]),
        subtitle=f"Till höger om noll ligger talet på den sida som planen säger. "
        f"{claims_table.where(given)}",
        source=claims_table.source(judged, given),
        notes=_HOW,
        unit="standardavvikelser mellan länen",
        decimals=1,
    )


def _alt(found: Sequence[tuple[str, str, Margin]]) -> str:
    ordered = sorted(found, key=lambda one: one[2].value)
    (_, least, low), (_, most, high) = ordered[0], ordered[-1]
    said = (
        f"Punktdiagram med osäkerhetsintervall för {len(found)} prövningar, från störst avstånd till "
        "minst."
    )
    if len(found) == 1:
        return f"{said} {most}: {swedish.signed(high.value, 1)}."
    return (
        f"{said} Längst på den sida som planen säger, {swedish.signed(high.value, 1)}: {most}. "
        f"Minst, {swedish.signed(low.value, 1)}: {least}."
    )


def _margins(judged: Sequence[Judgement]) -> list[tuple[str, str, Margin]]:
    """Return a key, a label and the distance for every condition that has one."""
    found = []
    for one in judged:
        held = [f for f in (one.now.findings if one.now else ()) if f.margin]
        for number, finding in enumerate(held, start=1):
            assert finding.margin is not None
            several = f" ({number} av {len(held)})" if len(held) > 1 else ""
            label = f"{one.claim.id}. {one.claim.about.rstrip('.')}{several}"
            found.append((f"{one.claim.id}-{number}", label, finding.margin))
    return found


def _title(margins: Sequence[Margin]) -> str:
    right = sum(m.value > 0 for m in margins)
    sure = sum(m.low is not None and m.low > 0 for m in margins)
    count = len(margins)
    what = "prövning" if count == 1 else "prövningar"
    return (
        f"{right} av {count} {what} mot ett tal faller ut på den sida som planen säger, {sure} av dem "
        "med hela osäkerhetsintervallet."
    )
