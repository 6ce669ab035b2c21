"""Tests of differences between groups: women and men, born in Sweden and abroad."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from affarsplan_data.claims.findings import Finding, Outcome, holds_if, share_of
from affarsplan_data.claims.reading import Reading, UndecidedError
from affarsplan_data.indicators import sentences

P = Mapping[str, Any]
FOUR = {
    "inrikes födda kvinnor": {"sex": "women", "birth": "native"},
    "inrikes födda män": {"sex": "men", "birth": "native"},
    "utrikes födda kvinnor": {"sex": "women", "birth": "foreign"},
    "utrikes födda män": {"sex": "men", "birth": "foreign"},
}


def group_spread(about: Reading, p: P) -> Finding:
    """The highest of the four groups lies at least ``at_least`` above the lowest."""
    rows = _four(about)
    top, bottom = max(rows, key=_value(rows)), min(rows, key=_value(rows))
    spread = rows[top]["value"] - rows[bottom]["value"]
    limit = float(p["at_least"])
    unit = about.values.indicator.difference_unit
    text = (
        f"högst bland {top} ({about.amount(rows[top]['value'])}) och lägst bland {bottom} "
        f"({about.amount(rows[bottom]['value'])}) {rows[top]['period']}, prövat mot {limit:g} {unit}"
    )
    return _finding(about, holds_if(spread >= limit), text.replace(".", ","), rows[top])


def group_below(about: Reading, p: P) -> Finding:
    """A group lies below another of the same dimension, for each of ``each``.

    Parameters: ``dimension``, ``group``, ``other``, and ``each``, a dimension whose groups are tested one
    by one (women and men apart).
    """
    dimension, each = str(p["dimension"]), str(p["each"])
    met, texts, last = 0, [], None
    unsure = False
    for name in ("women", "men") if each == "sex" else ("native", "foreign"):
        own = about.latest(**{dimension: str(p["group"]), each: name})
        other = about.row(str(own["period"]), **{dimension: str(p["other"]), each: name})
        unsure |= sentences.indistinct(own, other) is not None
        met += bool(own["value"] < other["value"])
        texts.append(
            f"{_WORDS[name]}: {about.amount(own['value'])} mot {about.amount(other['value'])}"
        )
        last = own
    assert last is not None
    text = f"{'; '.join(texts)} {last['period']}"
    if unsure:
        return _finding(about, Outcome.UNKNOWN, f"{text}; skillnaden är inte säker", last)
    return _finding(about, share_of(met, 2), text, last)


def groups_apart(about: Reading, p: P) -> Finding:
    """At least ``count`` of the four groups differ from the total by more than ``by``, and surely so."""
    rows = _four(about)
    total = about.row(str(next(iter(rows.values()))["period"]))
    by = float(p["by"])
    apart = [
        name
        for name, row in rows.items()
        if abs(row["value"] - total["value"]) > by and not sentences.indistinct(row, total)
    ]
    listed = "; ".join(f"{name} {about.amount(row['value'])}" for name, row in rows.items())
    text = f"{listed}; alla {about.amount(total['value'])} {total['period']}"
    return _finding(about, holds_if(len(apart) >= int(p["count"])), text, total)


def group_largest(about: Reading, p: P) -> Finding:
    """A group (``group``: its name among the four) is more than ``limit``."""
    name = str(p["group"])
    row = about.latest(**FOUR[name])
    limit = float(p["limit"])
    text = f"{name}: {about.amount(row['value'])} {row['period']}, gränsen är {about.amount(limit)}"
    if row["low"] < limit < row["high"]:
        return _finding(about, Outcome.UNKNOWN, f"{text} och ligger inom intervallet", row)
    return _finding(about, holds_if(row["value"] > limit), text, row)


_WORDS = {
    "women": "kvinnor",
    "men": "män",
    "native": "inrikes födda",
    "foreign": "utrikes födda",
}


def _four(about: Reading) -> dict[str, pd.Series]:
    """Return the four groups' rows of the newest year that all of them have."""
    series = {name: about.series(**chosen) for name, chosen in FOUR.items()}
    shared = set.intersection(*(set(rows["period"]) for rows in series.values()))
    if not shared:
        raise UndecidedError(f"uppgift om {about.noun} saknas för de fyra grupperna samma år")
    return {name: about.row(max(shared), **chosen) for name, chosen in FOUR.items()}


def _value(rows: Mapping[str, pd.Series]) -> Any:
    return lambda name: rows[name]["value"]


def _finding(about: Reading, outcome: Outcome, text: str, row: pd.Series) -> Finding:
    return Finding(
        outcome, text, about.values.indicator.id, str(row["period"]), float(row["value"])
    )
