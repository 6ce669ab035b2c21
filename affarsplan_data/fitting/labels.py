"""Finds a code by what its label says, when the code itself is not known beforehand."""

import re
from collections.abc import Sequence

from affarsplan_data.fitting.errors import MisfitError
from affarsplan_data.scb.cubes import Dimension


def named(table: str, dimension: Dimension, words: Sequence[str]) -> str:
    """Return the one code whose label holds all the words, each at the beginning of a word.

    A label that is equal to a single word goes before those that hold it: ``samtliga`` is found beside
    ``samtliga utrikes födda``.

    Raises:
        MisfitError: no label, or more than one, holds them; the labels are named.
    """
    labels = dict(zip(dimension.codes, dimension.labels, strict=True))
    found = [code for code, label in labels.items() if all(_holds(label, word) for word in words)]
    if len(words) == 1:
        equal = [code for code in found if _plain(labels[code]) == _plain(words[0])]
        found = equal or found
    if len(found) == 1:
        return found[0]
    sought = "” och ”".join(words)
    if found:
        several = "; ".join(f"{code} {labels[code]}" for code in found[:6])
        fault = f"Flera koder i {dimension.id} har ”{sought}” i namnet: {several}."
    else:
        held = "; ".join(f"{code} {label}" for code, label in list(labels.items())[:12])
        fault = f"Ingen kod i {dimension.id} har ”{sought}” i namnet. De som finns: {held}."
    raise MisfitError(table, [fault])


def _holds(label: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_plain(word))}", _plain(label)) is not None


def _plain(text: str) -> str:
    return " ".join(text.replace("–", "-").casefold().split())
