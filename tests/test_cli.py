"""The command: one clear line instead of a traceback, and exit codes a scheduler can trust."""

import json
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import WriteNotebook
from typer.testing import CliRunner

from affarsplan_data import cli
from affarsplan_data.cli.report import regions_asked
from affarsplan_data.report import build as report_build

COMMAND = [sys.executable, "-m", "affarsplan_data"]


@pytest.fixture
def run(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> object:
    """Return a function that runs the command on the made-up project: (exit code, out, err)."""
    # The made-up project has no statistics to prepare.
    monkeypatch.setattr(report_build, "prepare_observations", lambda data: None)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["affarsplan", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return (int(ended.value.code or 0), *capfd.readouterr())

    return run


def test_report_ends_with_the_path_of_its_start_page(run, sample_home: Path) -> None:
    code, out, err = run("report")

    index = sample_home / "outputs" / "2026" / "19" / "index.html"
    assert (code, out) == (0, f"{index}\n")
    assert index.is_file()
    assert "klar  Prov 1 (01_forsta.ipynb)" in err
    assert "2 sidor klara" in err


def test_options_reach_the_report(run, tmp_path: Path) -> None:
    options = ["--region", "1980", "--year", "2025", "--compare", "00, 04", "--jobs", "1"]
    code, out, _ = run("report", *options, "--output", str(tmp_path / "ut"))

    folder = tmp_path / "ut" / "2025" / "1980"
    assert (code, out) == (0, f"{folder / 'index.html'}\n")
    assert "Västerås, 2025. Jämförs med riket och Södermanlands län." in (
        folder / "forsta.html"
    ).read_text("utf-8")


def test_several_regions_give_a_report_each(run, sample_home: Path) -> None:
    code, out, err = run("report", "--region", "19,04", "--compare", "00,04", "--quiet")

    folder = sample_home / "outputs" / "2026"
    assert (code, err) == (0, "")
    assert out.splitlines() == [str(folder / one / "index.html") for one in ("19", "04")]


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [("lan", "01", 21), ("kommuner", "0114", 290), ("19, 04,19", "19", 2)],
)
def test_regions_can_be_asked_for_together(text: str, first: str, count: int) -> None:
    codes = regions_asked(text)
    assert (codes[0], len(codes)) == (first, count)


def test_a_run_can_be_followed_as_json_lines(
    run, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "trasig", 3, ["1 / 0"])
    code, out, err = run("report", "--log", "json", "--engine", "kernel")

    told = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (1, "")
    assert [one["event"] for one in told] == ["page", "page", "page", "report"]
    assert {one["page"]: one["status"] for one in told[:3]} == {
        "forsta": "ok",
        "andra": "ok",
        "trasig": "failed",
    }
    (bad,) = [one for one in told if one.get("error")]
    assert bad["error"] == {"cell": 3, "name": "ZeroDivisionError", "message": "division by zero"}
    assert (told[3]["published"], told[3]["failed"]) == (False, 1)


def test_some_pages_and_limits_can_be_given(run, sample_home: Path) -> None:
    limits = ["--cell-timeout", "60", "--page-timeout", "60", "--memory", "2000"]
    code, out, _ = run("report", "--pages", "andra", *limits)

    assert code == 0
    assert Path(out.strip()) == sample_home / "outputs" / "2026" / "19.urval" / "index.html"


def test_failing_notebook_is_named_with_cell_and_error(
    run, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "trasig", 3, ["x = 1", 'raise KeyError("namn")'])

    code, out, err = run("report")

    assert code == 1
    assert "Fel i 03_trasig.ipynb, cell 4, KeyError: 'namn'" in err
    assert "Traceback" not in err
    kept = Path(out.strip())
    assert kept == sample_home / "outputs" / "2026" / "19.failed" / "notebooks"
    assert (kept / "trasig.ipynb").is_file()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--region", "99"], "Regionen ”99” finns inte"),
        (["--region", ","], "minst en region"),
        (["--pages", "tredje"], "Sidan ”tredje” finns inte"),
        (["--municipalities", "19"], "ingen kommun"),
        (["--engine", "x"], "Motorn ”x” finns inte"),
        (["--log", "xml"], "Formen ”xml” finns inte"),
        (["--region", "00"], "Riket"),
        (["--compare", "norr"], "norr"),
        (["--year", "1999"], "2005"),
        (["--data", "live"], "edition"),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(
    run, sample_home: Path, options: list[str], words: str
) -> None:
    code, out, err = run("report", *options)

    assert (code, out) == (2, "")
    assert err.startswith("Fel: ")
    assert words in err
    assert err.count("\n") == 1
    assert not (sample_home / "outputs").exists()


@pytest.mark.parametrize(
    "arguments", [["rapport"], ["report", "--ort", "19"], ["report", "--jobs", "0"]]
)
def test_unknown_words_are_wrong_use(run, arguments: list[str]) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert "Traceback" not in err


def test_build_prints_what_it_made(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from affarsplan_data import observations

    asked: list[tuple[str, bool]] = []

    def build(data: str, force: bool) -> Path:
        asked.append((data, force))
        return tmp_path

    monkeypatch.setattr(observations, "build", build)

    assert run("build", "--force") == (0, f"{tmp_path}\n", "")
    assert asked == [("newest", True)]


@pytest.mark.parametrize("arguments", [["--version"], ["version"]])
def test_version(run, arguments: list[str]) -> None:
    assert run(*arguments) == (0, f"affarsplan-data {version('affarsplan-data')}\n", "")


@pytest.mark.parametrize("command", [[], ["report"], ["build"], ["version"]])
def test_help_is_swedish(command: list[str]) -> None:
    result = CliRunner().invoke(cli.app, [*command, "--help"], env={"COLUMNS": "100"})

    assert result.exit_code == 0
    assert "Användning:" in result.output
    for english in ("Usage", "Options", "Commands", "Show this", "default"):
        assert english not in result.output


def test_help_of_report_has_examples() -> None:
    result = CliRunner().invoke(cli.app, ["report", "--help"], env={"COLUMNS": "100"})
    assert "affarsplan report --region 04 --year 2026" in result.output


def test_as_a_process_wrong_use_gives_code_two_and_no_traceback(tmp_path: Path) -> None:
    target = tmp_path / "ut"
    done = subprocess.run(
        [*COMMAND, "report", "--region", "99", "--output", str(target)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "”99” finns inte" in done.stderr
    assert "Traceback" not in done.stderr
    assert not target.exists()


def test_help_starts_without_heavy_libraries() -> None:
    program = (
        "import sys\nfrom affarsplan_data import cli\n"
        "print(sorted({'pandas', 'papermill', 'altair', 'geopandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows har ingen SIGINT mellan processer")
def test_interrupted_run_ends_at_once_and_publishes_nothing(
    sample_home: Path, write_notebook: WriteNotebook
) -> None:
    started = sample_home / "igång"
    code = f"from pathlib import Path\nimport time\nPath({str(started)!r}).touch()\ntime.sleep(120)"
    write_notebook(sample_home / "notebooks", "lang", 0, [code])
    program = (
        "from affarsplan_data import cli\nfrom affarsplan_data.report import build\n"
        "build.prepare_observations = lambda data: None\ncli.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "report"],
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background inherits an ignored SIGINT, which Python would keep.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert process.returncode == cli.INTERRUPTED
    assert "Traceback" not in err
    assert not list((sample_home / "outputs" / "2026").iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fetch", "--mesure", "x"], "Menades --measure"),
        (["fetch", "extra"], "hör inte till"),
        (["fetch", "--since"], "ska följas av"),
        (["fetchh"], "Menades 'fetch'"),
        (["archive", "prune"], "måste anges"),
        (["archive", "prune", "--keep", "0"], "minst 1"),
        (["archive", "prune", "--keep", "abc"], "heltal"),
        (["report", "--year", "i år"], "heltal"),
    ],
)
def test_a_mistake_in_how_a_command_is_written_is_said_in_swedish(arguments, said):
    result = CliRunner().invoke(cli.app, arguments, env={"COLUMNS": "140"})
    assert result.exit_code == 2
    assert said in result.output
    for english in ("No such", "Missing", "Invalid", "Got ", "Option ", "requires"):
        assert english not in result.output


@pytest.mark.parametrize(
    "command",
    [["fetch"], ["archive"], ["archive", "list"], ["archive", "verify"], ["archive", "prune"]],
)
def test_every_new_command_explains_itself_with_examples(command):
    result = CliRunner().invoke(cli.app, [*command, "--help"], env={"COLUMNS": "100"})
    assert result.exit_code == 0
    assert "Användning" in result.output
    assert command == ["archive"] or "Exempel" in result.output


def test_a_narrow_terminal_gets_lines_and_whole_figures(monkeypatch, capsys):
    from affarsplan_data.cli import words

    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setenv("FORCE_COLOR", "1")
    headings = ("Tabell", "Uppgifter", "Perioder", "Nya")
    row = ["TAB638", "1 718 496", "1998–2024", ""]
    words.show_table("Titel", headings, [row], numbers=3)
    assert "TAB638  1 718 496  1998–2024" in capsys.readouterr().out
    monkeypatch.setenv("COLUMNS", "30")
    words.show_table("Titel", headings, [row], numbers=3)
    assert "Tabell TAB638; Uppgifter 1 718 496; Perioder 1998–2024" in capsys.readouterr().out
