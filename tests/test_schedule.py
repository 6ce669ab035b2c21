"""What ``affarsplan schedule`` prints is taken as meant by those who read it, whatever a path holds."""

import ast
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from pathlib import Path, PureWindowsPath

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from affarsplan_data import project
from affarsplan_data.yearly.errors import ScheduleError
from affarsplan_data.yearly.schedules import (
    WORKFLOW,
    Command,
    When,
    cron,
    github,
    systemd,
    windows,
)

PYTHON = Path(sys.executable)
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
AWKWARD = (
    "100 % klart & ”Västmanland”",
    "it's",
    'a "quoted" word',
    "$HOME",
    "å;b|c",
    "back\\slash",
    "%d",
)
printable = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project folder whose name is as awkward as they come."""
    folder = tmp_path / "Åsas 100 % mapp & $HOME"
    folder.mkdir()
    return folder


def _from_cron(line: str) -> str:
    """Return what cron gives the shell: fields away, and the rules of crontab(5) for ``%`` and ``\\``."""
    command = line.rstrip("\n").split(" ", 5)[5]
    kept, escaped = "", False
    for character in command:
        if escaped:
            kept = kept[:-1] + character if character in "%\\" else kept + character
            escaped = False
        elif character == "%":
            return kept
        else:
            escaped = character == "\\"
            kept += character
    return kept


@given(st.lists(printable, max_size=4))
def test_cron_hands_every_argument_on_as_it_was(arguments: list[str]) -> None:
    command = Command(PYTHON, Path("/srv/å 100 %"), tuple(arguments))
    line = cron(command, When())
    assert line.count("\n") == 1
    words = shlex.split(_from_cron(line))
    assert words == ["cd", "/srv/å 100 %", "&&", *command.words]


def test_cron_runs_it_in_the_folder(home: Path) -> None:
    echo = home / "skriv ut"
    echo.write_text(f"#!{PYTHON}\nimport os, sys\nprint([os.getcwd(), *sys.argv[1:]])\n")
    echo.chmod(0o755)
    line = cron(Command(echo, home, AWKWARD), When("week", "23:05", 7))
    assert line.startswith("5 23 * * 0 ")
    done = subprocess.run(
        ["sh", "-c", _from_cron(line)], capture_output=True, text=True, check=True, cwd="/"
    )
    assert ast.literal_eval(done.stdout) == [
        str(home.resolve()),
        "-m",
        "affarsplan_data",
        "yearly",
        *AWKWARD,
    ]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd finns inte här")
@pytest.mark.parametrize("when", [When(), When("year", "04:00", 15, 1), When("week", "00:00", 1)])
def test_systemd_takes_the_unit_and_the_timer(home: Path, tmp_path: Path, when: When) -> None:
    units = tmp_path / "units"
    units.mkdir()
    for name, text in systemd(Command(PYTHON, home, AWKWARD), when).items():
        (units / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *map(str, sorted(units.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    # What it says of the machine's own units is no fault of these.
    told = [line for line in done.stderr.splitlines() if "affarsplan" in line]
    assert told == []
    calendar = units.joinpath("affarsplan-yearly.timer").read_text().partition("OnCalendar=")[2]
    subprocess.run(
        ["systemd-analyze", "calendar", calendar.splitlines()[0]], capture_output=True, check=True
    )


def test_systemd_reads_its_words_back_as_they_were(home: Path) -> None:
    service = systemd(Command(PYTHON, home, AWKWARD), When())["affarsplan-yearly.service"]
    line = service.partition("ExecStart=")[2].splitlines()[0]
    # systemd's own rules: quotes and backslashes as in C, then %% and $$ are one sign each.
    words = [word.replace("%%", "%") for word in shlex.split(line)]
    assert words[0] == str(PYTHON)
    assert [word.replace("$$", "$") for word in words[1:]] == [
        "-m",
        "affarsplan_data",
        "yearly",
        *AWKWARD,
    ]
    assert f"WorkingDirectory={str(home).replace('%', '%%')}\n" in service
    assert "Persistent=true" in systemd(Command(PYTHON, home), When())["affarsplan-yearly.timer"]


def _windows_words(line: str) -> list[str]:
    """Return a command line as Windows' programs take it apart (CommandLineToArgvW)."""
    words, word, quoted, slashes, begun = [], "", False, 0, False
    for character in line:
        if character == "\\":
            slashes += 1
            begun = True
            continue
        if character == '"':
            word += "\\" * (slashes // 2)
            if slashes % 2:
                word += '"'
            else:
                quoted = not quoted
            begun = True
        else:
            word += "\\" * slashes
            if character in " \t" and not quoted:
                if begun:
                    words.append(word)
                word, begun = "", False
            else:
                word += character
                begun = True
        slashes = 0
    word += "\\" * slashes
    return [*words, word] if begun else words


@given(st.lists(printable, max_size=4))
def test_windows_hands_every_argument_on_as_it_was(arguments: list[str]) -> None:
    python = PureWindowsPath("C:\\Åsas & Co 100 %\\python.exe")
    command = Command(python, PureWindowsPath("D:\\a <b> & c"), tuple(arguments))  # type: ignore[arg-type]
    text = windows(command, When(), datetime(2026, 11, 25))
    root = ElementTree.fromstring(text.encode("utf-16"))
    (run,) = root.iter(f"{TASK}Exec")
    assert run.findtext(f"{TASK}Command") == str(python)
    assert run.findtext(f"{TASK}WorkingDirectory") == "D:\\a <b> & c"
    words = _windows_words(run.findtext(f"{TASK}Arguments") or "")
    assert words == ["-m", "affarsplan_data", "yearly", *arguments]


def test_windows_runs_what_was_missed_and_never_two_at_once() -> None:
    text = windows(Command(PYTHON, Path("/p")), When("year", "04:15", 3, 6), datetime(2026, 1, 2))
    root = ElementTree.fromstring(text.encode("utf-16"))
    told = {node.tag.removeprefix(TASK): node.text for node in root.iter()}
    assert told["StartWhenAvailable"] == "true"
    assert told["MultipleInstancesPolicy"] == "IgnoreNew"
    assert told["StartBoundary"] == "2026-01-02T04:15:00"
    assert told["Day"] == "3"
    assert "June" in told
    assert "May" not in told


def test_the_workflow_in_the_repository_is_what_the_command_prints() -> None:
    held = (project.root() / WORKFLOW).read_text(encoding="utf-8")
    assert held == github((), When())


@given(st.lists(printable, max_size=3))
def test_the_workflow_hands_every_argument_on_as_it_was(arguments: list[str]) -> None:
    try:
        text = github(arguments, When("week", "01:00", 3))
    except ScheduleError:
        assert any("${{" in one or not one.isprintable() for one in arguments)
        return
    job = yaml.safe_load(text)["jobs"]["yearly"]
    (run,) = [s["run"] for s in job["steps"] if "yearly" in s.get("run", "")]
    assert shlex.split(run) == ["python", "-m", "affarsplan_data", "yearly", *arguments]


def test_the_workflow_may_only_read_and_holds_no_secret() -> None:
    about = yaml.safe_load(github((), When()))
    assert about["permissions"] == {"contents": "read"}
    # YAML 1.1 reads the key ``on`` as true.
    assert about[True]["schedule"] == [{"cron": "30 5 2 * *"}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"at": "25:00"}, "klockslag"),
        ({"day": 29}, "1 till 28"),
        ({"every": "week", "day": 8}, "1 till 7"),
        ({"every": "year", "month": 13}, "1 till 12"),
        ({"every": "day"}, "year, month eller week"),
    ],
)
def test_a_time_that_does_not_always_come_is_refused(options: dict, words: str) -> None:
    with pytest.raises(ScheduleError, match=words):
        When(**options)


@pytest.mark.parametrize("path", ["/srv/a\nb", "/srv/a\rb", "/srv/\x00"])
def test_a_line_break_in_a_path_is_refused(path: str) -> None:
    with pytest.raises(ScheduleError, match="radbrytning"):
        Command(PYTHON, Path(path))
