"""What of an earlier report can be taken over: the pages whose every input is as it was when they ran.

Beside its pages a report holds :data:`NAME`: for every work what it read while it was done, in what state
(:mod:`affarsplan_data.recording`), and what stood around it in the report. The next report asks here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from affarsplan_data.errors import AffarsplanError
from affarsplan_data.recording import ABSENT, Read, state_of
from affarsplan_data.recording.code import loaded_by

NAME = "inputs.json"
FORM = 1

Verdict = Literal["take", "lay", "run"]


@dataclass(frozen=True)
class Inputs:
    """What a work rests on besides what it reads: its notebook, its parameters and the libraries.

    ``around`` is another text when what stands around the page in the report is another.
    """

    notebook: str
    parameters: Mapping[str, Any]
    libraries: Mapping[str, str]
    around: str


@dataclass(frozen=True)
class Record:
    """What is known of a work that was done: its inputs, what it read and the files it made.

    ``told`` is what the start page says of a page, and ``seconds`` what the work took.
    """

    inputs: Inputs
    reads: tuple[Read, ...]
    files: Mapping[str, str]
    told: Mapping[str, Any] | None
    seconds: float


@dataclass(frozen=True)
class Judged:
    """What is to be done with a work, and why, in words.

    ``take``: its files stand as they are. ``lay``: its figures do, but what stands around them in the
    report is another. ``run``: it is done anew. ``folder`` is the report it is taken from.
    """

    verdict: Verdict
    why: tuple[str, ...] = ()
    record: Record | None = None
    folder: Path | None = None

    @property
    def words(self) -> str:
        """The reasons as one text; a few of many."""
        shown = "; ".join(self.why[:3])
        more = len(self.why) - 3
        return f"{shown}; och {more} till" if more > 0 else shown


def reads_of(reads: Iterable[Read], modules: Iterable[str]) -> tuple[Read, ...]:
    """Return what a work read, the code of the modules that it used among it."""
    code = (Read("code", name, _now("code", name)) for name in loaded_by(modules))
    return tuple(sorted({*reads, *code}))


def write(folder: Path, records: Mapping[str, Record], start: str, index: str) -> None:
    """Write down what the report in ``folder`` rests on.

    ``start`` is the state of what its start page says, and ``index`` that page's SHA-256.
    """
    reads = sorted({read for record in records.values() for read in record.reads})
    place = {read: number for number, read in enumerate(reads)}
    content = {
        "form": FORM,
        "start": start,
        "index": index,
        "reads": reads,
        "works": {
            name: {
                "notebook": record.inputs.notebook,
                "parameters": record.inputs.parameters,
                "libraries": record.inputs.libraries,
                "around": record.inputs.around,
                "reads": sorted(place[read] for read in record.reads),
                "files": record.files,
                "told": record.told,
                "seconds": record.seconds,
            }
            for name, record in sorted(records.items())
        },
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Earlier:
    """An earlier report, or what is left of one whose build failed."""

    folder: Path
    start: str = ""
    index: str = ""
    records: Mapping[str, Record] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Earlier":
        """Return the report in ``folder``; an empty one when it is not there or cannot be read."""
        try:
            content = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if content["form"] != FORM:
                return cls(folder)
            reads = [Read(*one) for one in content["reads"]]
            records = {
                name: Record(
                    Inputs(work["notebook"], work["parameters"], work["libraries"], work["around"]),
                    tuple(reads[number] for number in work["reads"]),
                    work["files"],
                    work["told"],
                    work["seconds"],
                )
                for name, work in content["works"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return cls(folder)
        return cls(folder, content["start"], content["index"], records)

    def judge(self, name: str, now: Inputs) -> Judged:
        """Return what can be done with a work that has these inputs now."""
        record = self.records.get(name)
        if record is None:
            return Judged("run", ("den finns inte i den förra rapporten",))
        if why := [*_differences(record.inputs, now), *changes(record.reads)]:
            return Judged("run", tuple(why))
        if not self._stands(record.files):
            return Judged("run", ("dess filer i den förra rapporten är borta eller ändrade",))
        if record.inputs.around != now.around:
            why = ["menyn, mallen eller uppgifternas dag är en annan"]
            return Judged("lay", tuple(why), record, self.folder)
        return Judged("take", (), record, self.folder)

    def _stands(self, files: Mapping[str, str]) -> bool:
        return all(sha256_of(self.folder / name) == sha256 for name, sha256 in files.items())


def best(judged: Sequence[Judged]) -> Judged:
    """Return the judgement that leaves the least to do; of two alike the first."""
    order: tuple[Verdict, ...] = ("take", "lay", "run")
    return min(judged, key=lambda one: order.index(one.verdict))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or nothing's sign when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ABSENT


def changes(reads: Iterable[Read]) -> list[str]:
    """Return, in words, what is in another state now than when it was read."""
    changed = [read for read in reads if _now(read.kind, read.name) != read.state]
    return list(dict.fromkeys(_said(read) for read in changed))


def forget() -> None:
    """Forget what state things are in: another report is judged anew."""
    _now.cache_clear()


@cache
def _now(kind: str, name: str) -> str:
    # The layers that know the kinds.
    import affarsplan_data.observations
    import affarsplan_data.observations.maps
    import affarsplan_data.pages.freshness  # noqa: F401

    try:
        return state_of(kind, name)
    except (KeyError, AffarsplanError, OSError):
        return "?"


def _differences(before: Inputs, now: Inputs) -> list[str]:
    why = []
    if before.notebook != now.notebook:
        why.append(
            "anteckningsboken har ändrats" if before.notebook else "den görs på ett nytt sätt"
        )
    for name in sorted({*before.parameters, *now.parameters}):
        old, new = before.parameters.get(name), now.parameters.get(name)
        if old != new:
            why.append(f"{name} är {_value(new)}, inte {_value(old)}")
    for name in sorted({*before.libraries, *now.libraries}):
        old, new = before.libraries.get(name, ABSENT), now.libraries.get(name, ABSENT)
        if old != new:
            why.append(f"{name} är version {new}, inte {old}")
    return why


def _value(value: Any) -> str:
    if value is None:
        return "inget"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


_SAID = {
    "measure": "måttet {} har andra uppgifter",
    "definition": "måttet {} beskrivs på ett annat sätt i katalogen",
    "indicator": "indikatorn {} beskrivs på ett annat sätt i katalogen",
    "table": "tabellen {} beskrivs på ett annat sätt i katalogen",
    "source": "källan {} beskrivs på ett annat sätt i katalogen",
    "goal": "{} följs upp med andra indikatorer",
    "page": "sidan {} beskrivs på ett annat sätt",
    "code": "programkoden {} har ändrats",
    "declared": "{} har ändrats",
    "file": "{} har ändrats",
    "entry": "utgåvan beskriver {} på ett annat sätt",
    "edition": "den inbyggda utgåvan är en annan",
    "archive": "arkivet har andra hämtningar av {}",
    "boundaries": "kartornas gränser är andra",
    "problems": "andra uppgifter än förut går inte att använda",
    "month": "månaden är en annan, och med den vad som är inaktuellt",
    "environment": "{} har ett annat värde",
}


def _said(read: Read) -> str:
    name = read.name
    if read.kind == "measure":
        name = name.partition("/")[2]
    elif read.kind == "code":
        name = name.removeprefix("affarsplan_data.")
    if name == "*":
        name = "(vilka som finns)"
    return _SAID.get(read.kind, "{} har ändrats").format(name)
