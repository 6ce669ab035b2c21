"""The log of one run: a text to read and the same as JSON lines, written as it happens."""

import json
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

FOLDER = "logg"
KEPT = 60
"""So many runs' logs are kept."""
_SECRET = re.compile(r"(?<=://)[^/@\s]+(?=@)")

Echo = Callable[[str], None]


class Journal:
    """The log of one run in ``folder``; with ``echo`` every line is also said as it comes.

    A log that cannot be written stops no run. Passwords in addresses are left out.
    """

    def __init__(self, folder: Path, echo: Echo | None = None) -> None:
        self.folder = folder
        self.stem = ""
        self._echo = echo or (lambda _: None)
        self._files: tuple[TextIO, ...] = ()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._prune()
            self.stem = self._free()
            self._files = tuple(
                (folder / f"{self.stem}{suffix}").open("x", encoding="utf-8", newline="\n")
                for suffix in (".log", ".jsonl")
            )
        except OSError as error:
            self._failed(error)

    @property
    def path(self) -> Path | None:
        """The log to read, None when there is none."""
        return self.folder / f"{self.stem}.log" if self.stem else None

    def say(self, text: str, *, event: str = "note", error: bool = False, **facts: Any) -> None:
        """Write a line. ``facts`` stand beside it in the JSON lines; an ``error`` is marked in both."""
        text = _SECRET.sub("…", text)
        now = datetime.now().astimezone()
        level = "error" if error else "info"
        about = {"time": now.isoformat(), "level": level, "event": event, "text": text} | facts
        mark = "FEL " if error else ""
        self._write(
            f"{now:%Y-%m-%d %H:%M:%S} {mark}{text}\n", json.dumps(about, ensure_ascii=False) + "\n"
        )
        self._echo(text)

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            try:
                file.close()
            except OSError as error:
                self._failed(error)
        self._files = ()

    def _write(self, *texts: str) -> None:
        try:
            for file, text in zip(self._files, texts, strict=False):
                file.write(text)
                file.flush()
        except OSError as error:
            self._files = ()
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        print(
            f"Loggen i {self.folder} går inte att skriva: {error.strerror or error}. Körningen "
            "fortsätter.",
            file=sys.stderr,
        )

    def _free(self) -> str:
        """Return a name that no run has had; the clock may have been set back."""
        stamp = f"{datetime.now():%Y-%m-%dT%H%M%S}"
        taken = {path.stem for path in self.folder.iterdir()}
        names = (stamp, *(f"{stamp}-{number}" for number in range(2, 10_000)))
        return next(name for name in names if name not in taken)

    def _prune(self) -> None:
        stems = sorted({path.stem for path in self.folder.glob("*.log")})
        for stem in stems[: -KEPT + 1]:
            for suffix in (".log", ".jsonl", ".json"):
                (self.folder / f"{stem}{suffix}").unlink(missing_ok=True)
