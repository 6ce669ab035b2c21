"""Ready files for those who start the run: systemd, cron, Windows' Task Scheduler and GitHub.

Each has its own rules for what a path or an argument must not hold bare. A path with a space, a per cent
sign, an ampersand or an å is written so that it arrives as it is; one with a line break is refused.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from subprocess import list2cmdline
from typing import Literal
from xml.sax.saxutils import escape

from affarsplan_data.yearly.errors import ScheduleError

Every = Literal["year", "month", "week"]
EVERY: tuple[Every, ...] = ("year", "month", "week")
UNIT = "affarsplan-yearly"
WORKFLOW = ".github/workflows/yearly.yml"
SECRET = "AFFARSPLAN_NOTIFY_COMMAND"
"""The variable that the command to be notified may stand in, so that it need not stand in a file here."""
_WEEKDAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday"),
    *("Friday", "Saturday", "Sunday"),
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class When:
    """When the run starts: ``at`` is a time of day, ``day`` that of the month or of the week (Monday 1).

    ``month`` counts only for a run every year.

    Raises:
        ScheduleError: there is no such time or day in every month.
    """

    every: Every = "month"
    at: str = "05:30"
    day: int = 2
    month: int = 12

    def __post_init__(self) -> None:
        if self.every not in EVERY:
            raise ScheduleError(
                f"--every ska vara year, month eller week, inte ”{self.every[:20]}”."
            )
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", self.at):
            raise ScheduleError(f"--at ska vara ett klockslag som 05:30, inte ”{self.at[:20]}”.")
        last = 7 if self.every == "week" else 28
        if not 1 <= self.day <= last:
            raise ScheduleError(
                f"--day ska vara 1 till {last}, inte {self.day}. Senare dagar finns inte varje månad."
            )
        if not 1 <= self.month <= 12:
            raise ScheduleError(f"--month ska vara 1 till 12, inte {self.month}.")

    @property
    def hour(self) -> int:
        """The hour of the day."""
        return int(self.at[:2])

    @property
    def minute(self) -> int:
        """The minute of the hour."""
        return int(self.at[3:])


@dataclass(frozen=True)
class Command:
    """What is to be run: the interpreter, the project's folder and the arguments after ``yearly``.

    Raises:
        ScheduleError: one of them holds a line break or another character that no scheduler takes.
    """

    python: Path
    project: Path
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in (str(self.python), str(self.project), *self.arguments):
            if any(ord(character) < 32 or ord(character) == 127 for character in text):
                raise ScheduleError(
                    f"{text[:60]!r} innehåller en radbrytning eller ett styrtecken, som inte kan stå i "
                    "en schemaläggning. Byt namn på mappen."
                )

    @property
    def words(self) -> tuple[str, ...]:
        """The command, word by word."""
        return (str(self.python), "-m", "affarsplan_data", "yearly", *self.arguments)


def systemd(command: Command, when: When) -> dict[str, str]:
    """Return a service and a timer by file name. A run that was missed is caught up once."""
    match when.every:
        case "year":
            calendar = f"*-{when.month:02}-{when.day:02} {when.at}:00"
        case "month":
            calendar = f"*-*-{when.day:02} {when.at}:00"
        case _:
            calendar = f"{_WEEKDAYS[when.day - 1][:3]} *-*-* {when.at}:00"
    first, *rest = command.words
    line = " ".join([_unit_word(first), *(_unit_word(word).replace("$", "$$") for word in rest)])
    folder = str(command.project).replace("%", "%%")
    if folder != folder.strip() or folder.endswith("\\"):
        raise ScheduleError(f"systemd tar inte en mapp som börjar eller slutar så: {folder!r}.")
    service = f"""\
[Unit]
Description=Uppföljningen av affärsplanen
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
# Hemligheter, till exempel {SECRET}, läggs i filen nedan och aldrig här.
EnvironmentFile=-%h/.config/affarsplan.env
ExecStart={line}
TimeoutStartSec=6h
Nice=10
"""
    timer = f"""\
[Unit]
Description=Startar uppföljningen av affärsplanen

[Timer]
OnCalendar={calendar}
Persistent=true
RandomizedDelaySec=15min

[Install]
WantedBy=timers.target
"""
    return {f"{UNIT}.service": service, f"{UNIT}.timer": timer}


def _unit_word(word: str) -> str:
    """Return a word as systemd reads it back: in quotes, with its own signs doubled."""
    quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{quoted}"'


def cron(command: Command, when: When) -> str:
    """Return a line for ``crontab -e``. Cron takes a bare per cent sign as the end of the command."""
    match when.every:
        case "year":
            days = f"{when.day} {when.month} *"
        case "month":
            days = f"{when.day} * *"
        case _:
            days = f"* * {when.day % 7}"
    run = " ".join(["cd", shlex.quote(str(command.project)), "&&", shlex.join(command.words)])
    # Cron takes one layer of backslashes away.
    line = run.replace("\\", "\\\\").replace("%", "\\%")
    return f"{when.minute} {when.hour} {days} {line}\n"


def windows(command: Command, when: When, today: datetime | None = None) -> str:
    """Return a task for ``schtasks /create /xml``. A run that was missed is caught up once."""
    start = (today or datetime.now()).replace(
        hour=when.hour, minute=when.minute, second=0, microsecond=0
    )
    match when.every:
        case "week":
            day = _WEEKDAYS[when.day - 1]
            rule = (
                f"<ScheduleByWeek><WeeksInterval>1</WeeksInterval>"
                f"<DaysOfWeek><{day}/></DaysOfWeek></ScheduleByWeek>"
            )
        case _:
            months = _MONTHS if when.every == "month" else (_MONTHS[when.month - 1],)
            listed = "".join(f"<{month}/>" for month in months)
            rule = (
                f"<ScheduleByMonth><Months>{listed}</Months>"
                f"<DaysOfMonth><Day>{when.day}</Day></DaysOfMonth></ScheduleByMonth>"
            )
    first, *rest = command.words
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Uppföljningen av affärsplanen</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start:%Y-%m-%dT%H:%M:%S}</StartBoundary>
      <Enabled>true</Enabled>
      {rule}
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT6H</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(first)}</Command>
      <Arguments>{escape(list2cmdline(rest))}</Arguments>
      <WorkingDirectory>{escape(str(command.project))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def github(arguments: Sequence[str], when: When) -> str:
    """Return the workflow, which is :data:`WORKFLOW` in the repository; GitHub's clock is UTC.

    Raises:
        ScheduleError: an argument holds what GitHub would take as an expression of its own.
    """
    for argument in arguments:
        if "${{" in argument or not argument.isprintable():
            raise ScheduleError(f"{argument[:60]!r} kan inte stå i ett arbetsflöde.")
    match when.every:
        case "year":
            days = f"{when.day} {when.month} *"
        case "month":
            days = f"{when.day} * *"
        case _:
            days = f"* * {when.day % 7}"
    run = shlex.join(["python", "-m", "affarsplan_data", "yearly", *arguments])
    return f"""\
# Skrivs av: affarsplan schedule --github
name: Uppföljning

on:
  schedule:
    # Klockslaget är UTC.
    - cron: "{when.minute} {when.hour} {days}"
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: affarsplan-yearly
  cancel-in-progress: false

jobs:
  yearly:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: constraints.txt
      - name: Ta fram det som hämtades och gjordes förra gången
        uses: actions/cache@v4
        with:
          path: |
            data/raw/archive
            outputs
          key: affarsplan-${{{{ github.run_id }}}}
          restore-keys: affarsplan-
      - name: Installera
        run: python -m pip install --quiet -c constraints.txt -e .
      - name: Hämta, pröva och ta fram rapporten
        env:
          {SECRET}: ${{{{ secrets.{SECRET} }}}}
        run: |
          {run}
      - name: Lägg upp rapporten och loggen
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: rapport
          path: |
            outputs
            !outputs/**/.*
          if-no-files-found: warn
"""
