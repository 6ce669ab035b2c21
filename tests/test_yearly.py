"""The run that nobody watches: every outcome has its code, its words and its summary."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from conftest import WriteNotebook

from affarsplan_data import cli
from affarsplan_data.errors import UsageError
from affarsplan_data.observations import newest
from affarsplan_data.pages import freshness
from affarsplan_data.report import build as report_build
from affarsplan_data.sources import delivered, rounds
from affarsplan_data.yearly import run as steps
from affarsplan_data.yearly import summary as summaries
from affarsplan_data.yearly.errors import NotifyError
from affarsplan_data.yearly.journal import KEPT, Journal
from affarsplan_data.yearly.notify import notify, words

Run = Callable[..., tuple[int, dict[str, Any], str]]


def _fetched(table: str, outcome: str, error: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(table=SimpleNamespace(id=table), outcome=outcome, error=error)


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    """Return what the sources answer; a test changes it. The real ones have their own tests."""
    answers = [_fetched("TAB1", "new"), _fetched("TAB2", "unchanged")]

    def fetch_all(*_: object, done: Callable[[object], None], **__: object) -> list[Any]:
        for answer in answers:
            done(answer)
        return answers

    monkeypatch.setattr(rounds, "fetch_all", fetch_all)
    monkeypatch.setattr(delivered, "take_in", lambda *_: [])
    return answers


@pytest.fixture
def yearly(
    sample_home: Path,
    sources: list[SimpleNamespace],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Return a function that runs the command on the made-up project: (code, summary, err)."""
    monkeypatch.setattr(report_build, "prepare_observations", lambda data: None)
    monkeypatch.setattr(freshness, "freshness", lambda data: ())
    monkeypatch.setattr(newest, "everything", dict)
    monkeypatch.setattr(steps, "_problems", dict)

    def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
        monkeypatch.setattr(sys, "argv", ["affarsplan", "yearly", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        latest = sample_home / "outputs" / summaries.LATEST
        summary = json.loads(latest.read_text("utf-8")) if latest.is_file() else {}
        if summary:
            jsonschema.validate(summary, summaries.schema())
        return int(ended.value.code or 0), summary, capfd.readouterr().err

    return run


def test_all_went_well(yearly: Run, sample_home: Path) -> None:
    code, summary, err = yearly()

    folder = sample_home / "outputs" / "2026" / "19"
    assert (code, summary["outcome"], summary["exit_code"]) == (0, "done", 0)
    assert summary["tables"] == {"new": 1, "unchanged": 1}
    assert summary["reports"] == [
        {
            "region": "19",
            "year": 2026,
            "outcome": "published",
            "folder": str(folder),
            "pages": 2,
            "run": 2,
            "failed": [],
        }
    ]
    assert summary["version"] == version("affarsplan-data")
    assert (folder / "index.html").is_file()
    assert "Rapporten för 19 är klar" in err
    log = Path(summary["log"])
    assert log.parent == sample_home / "outputs" / "logg"
    lines = [json.loads(line) for line in log.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines if line["event"] == "report"] == [
        f"Rapporten för 19 är klar: {folder}."
    ]
    assert all(line["text"] in log.read_text("utf-8") for line in lines)
    own = json.loads(log.with_suffix(".json").read_text("utf-8"))
    assert own == summary


def test_a_second_run_does_nothing_and_says_so(yearly: Run) -> None:
    yearly()
    code, summary, err = yearly()
    assert (code, summary["reports"][0]["outcome"], summary["reports"][0]["run"]) == (
        0,
        "unchanged",
        0,
    )
    assert "Inget har ändrats för 19" in err


def test_a_source_that_fails_is_told_and_the_report_is_made_of_what_there_is(
    yearly: Run, sources: list[SimpleNamespace], sample_home: Path
) -> None:
    sources.append(_fetched("TAB3", "failed", "TAB3: servern svarar inte."))

    code, summary, err = yearly()

    assert (code, summary["outcome"]) == (3, "sources_failed")
    assert summary["sources_failed"] == [{"what": "TAB3", "why": "TAB3: servern svarar inte."}]
    assert summary["reports"][0]["outcome"] == "published"
    assert "1 av 3 tabeller kunde inte hämtas." in summary["next"][0]
    assert "Att göra:\n- 1 av 3 tabeller kunde inte hämtas." in err


def test_figures_that_were_there_and_cannot_be_used_leave_the_report_as_it_is(
    yearly: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yearly()
    index = sample_home / "outputs" / "2026" / "19" / "index.html"
    before = index.read_bytes()
    used = [SimpleNamespace(source="SCB", table="TAB1", retrieved="2026-01-01T00:00:00+00:00")]
    looks: list[dict[str, SimpleNamespace]] = []

    def everything() -> dict[str, SimpleNamespace]:
        """Return what is held: before the fetch one more table than after it."""
        return looks.pop() if looks else {"grp": SimpleNamespace(used=[])}

    monkeypatch.setattr(newest, "everything", everything)
    looks.append({"grp": SimpleNamespace(used=used)})

    code, summary, _ = yearly("--force")

    assert (code, summary["outcome"]) == (3, "sources_failed")
    assert summary["lost"] == [{"what": "grp", "why": "TAB1 används inte längre."}]
    assert summary["reports"][0]["outcome"] == "stands"
    assert "--allow-loss" in summary["next"][0]
    assert index.read_bytes() == before
    looks.append({"grp": SimpleNamespace(used=used)})
    _, summary, _ = yearly("--force", "--allow-loss")
    assert summary["reports"][0]["outcome"] == "published"


def test_a_page_that_fails_goes_before_a_source_that_fails(
    yearly: Run,
    sources: list[SimpleNamespace],
    sample_home: Path,
    write_notebook: WriteNotebook,
) -> None:
    yearly()
    index = sample_home / "outputs" / "2026" / "19" / "index.html"
    before = index.read_bytes()
    sources.append(_fetched("TAB3", "failed", "borta"))
    write_notebook(sample_home / "notebooks", "trasig", 3, ["1 / 0"])

    code, summary, _ = yearly()

    assert (code, summary["outcome"]) == (1, "failed")
    (report,) = summary["reports"]
    assert report["outcome"] == "failed"
    assert report["failed"] == [
        {"what": "trasig", "why": "cell 3, ZeroDivisionError: division by zero"}
    ]
    assert index.read_bytes() == before
    assert any("bara de sidor som föll körs om" in line for line in summary["next"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--region", "99"], "”99” finns inte"),
        (["--notify-command", "mail -s 'öppet"], "citattecken"),
        (["--data", "live"], "edition"),
    ],
)
def test_wrong_use_writes_nothing(
    yearly: Run, sample_home: Path, arguments: list[str], words: str
) -> None:
    code, _, err = yearly(*arguments)
    assert code == 2
    assert words in err
    assert not (sample_home / "outputs").exists()


def test_a_second_run_at_once_is_told_who_holds_the_folder(yearly: Run, sample_home: Path) -> None:
    yearly()
    outputs = sample_home / "outputs"
    before = (outputs / summaries.LATEST).read_bytes()
    hold = (
        "import sys; from pathlib import Path\n"
        "from affarsplan_data.report.locking import held\n"
        "folder = Path(sys.argv[1])\n"
        "with held(folder / '.lock', folder):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(outputs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        code, _, err = yearly()
    finally:
        holder.kill()
        holder.wait()
    assert code == 4
    assert f"process {holder.pid} på datorn" in err
    # The newest summary is that of the run which holds the folder; the other has one beside its log.
    assert (outputs / summaries.LATEST).read_bytes() == before
    own = [json.loads(p.read_text("utf-8")) for p in (outputs / "logg").glob("*.json")]
    assert sorted(one["outcome"] for one in own) == ["done", "locked"]
    for one in own:
        jsonschema.validate(one, summaries.schema())
    assert yearly()[0] == 0


def test_offline_asks_nobody(yearly: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> list[Any]:
        pytest.fail("nätverket användes")

    monkeypatch.setattr(rounds, "fetch_all", never)
    code, summary, err = yearly("--offline")
    assert (code, summary["tables"]) == (0, {})
    assert "Utan nätverk: inget hämtas." in err
    monkeypatch.setenv("AFFARSPLAN_OFFLINE", "1")
    assert yearly()[0] == 0


def test_a_finished_report_is_published_and_what_is_there_is_not_copied_again(
    yearly: Run, tmp_path: Path
) -> None:
    to = tmp_path / "Åsas 100 % mapp"
    code, summary, _ = yearly("--publish", str(to))
    assert (code, summary["published"]) == (0, [str(to / "2026" / "19")])
    page = to / "2026" / "19" / "forsta.html"
    assert page.is_file()
    before = page.stat().st_ino
    _, summary, err = yearly("--publish", str(to))
    assert "Redan publicerad" in err
    assert page.stat().st_ino == before
    page.write_text("ändrad")
    yearly("--publish", str(to))
    assert page.read_text("utf-8") != "ändrad"


def test_a_folder_that_cannot_be_published_to_does_not_hide_the_report(
    yearly: Run, tmp_path: Path, sample_home: Path
) -> None:
    (tmp_path / "www" / "2026" / "19").mkdir(parents=True)
    (tmp_path / "www" / "2026" / "19" / "viktigt.txt").write_text("kvar")

    code, summary, _ = yearly("--publish", str(tmp_path / "www"))

    assert (code, summary["reports"][0]["outcome"]) == (1, "published")
    (error,) = summary["errors"]
    assert error["what"] == "publicering"
    assert "är ingen rapport" in error["why"]
    assert (tmp_path / "www" / "2026" / "19" / "viktigt.txt").read_text() == "kvar"


def _command(*lines: str) -> str:
    return shlex.join([sys.executable, "-c", "\n".join(lines)])


def test_the_summary_is_given_to_the_users_command(yearly: Run, tmp_path: Path) -> None:
    got = tmp_path / "å & b.json"
    command = _command("import sys", f"open({str(got)!r}, 'wb').write(sys.stdin.buffer.read())")
    _, summary, _ = yearly("--notify-command", command)
    assert json.loads(got.read_text("utf-8")) == summary


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (_command("raise SystemExit(7)"), "slutade med kod 7"),
        ("/finns/inte --hemlig=abc123", "inte gick att starta|gick inte att starta"),
    ],
)
def test_a_notifier_that_fails_never_fails_the_run_but_is_told(
    yearly: Run, sample_home: Path, command: str, said: str
) -> None:
    code, _, err = yearly("--notify-command", command)
    assert code == 0
    assert any(part in err for part in said.split("|"))
    written = "".join(p.read_text("utf-8") for p in (sample_home / "outputs" / "logg").iterdir())
    assert "abc123" not in written
    assert "raise SystemExit" not in written


def test_a_notifier_has_no_shell_and_a_time_limit(tmp_path: Path) -> None:
    trace = tmp_path / "spår"
    assert notify(f"{sys.executable} -c pass ; touch {trace}", "{}") is None
    assert not trace.exists()
    said = notify(_command("import time", "time.sleep(30)"), "{}", timeout=0.5)
    assert said
    assert "blev inte klart" in said
    with pytest.raises(NotifyError):
        words("  ")


def test_a_password_in_an_address_is_not_logged(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.say("Kan inte nå https://namn:hemligt@server.example/api.", error=True)
    journal.close()
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert "hemligt" not in written
    assert "https://…@server.example/api" in written


def test_logs_are_kept_and_pruned_by_name_and_never_written_over(tmp_path: Path) -> None:
    for _ in range(3):
        Journal(tmp_path).close()
    assert len(list(tmp_path.glob("*.log"))) == 3
    for number in range(KEPT + 5):
        (tmp_path / f"2020-01-01T{number:06}.log").write_text("")
        (tmp_path / f"2020-01-01T{number:06}.json").write_text("")
    Journal(tmp_path).close()
    assert len(list(tmp_path.glob("*.log"))) == KEPT
    assert not (tmp_path / "2020-01-01T000000.json").exists()


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logg").write_text("en fil")
    journal = Journal(tmp_path / "logg")
    journal.say("något")
    journal.close()
    assert journal.path is None
    assert "går inte att skriva" in capfd.readouterr().err


def test_an_unexpected_fault_is_told_and_its_trace_is_in_the_log(
    yearly: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("räknefel")

    monkeypatch.setattr(report_build, "build_reports", broken)
    code, summary, err = yearly()
    assert (code, summary["outcome"]) == (1, "failed")
    assert summary["errors"][0]["why"].startswith("Oväntat fel (ZeroDivisionError: räknefel)")
    assert "Traceback" not in err
    assert "Traceback" in Path(summary["log"]).with_suffix(".jsonl").read_text("utf-8")


def test_wrong_use_that_shows_late_has_its_code_in_the_summary(
    yearly: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise UsageError("Året går inte att använda.")

    monkeypatch.setattr(report_build, "build_reports", refused)
    code, summary, err = yearly()
    assert (code, summary["outcome"], summary["exit_code"]) == (2, "usage", 2)
    assert "Året går inte att använda." in err


def test_a_full_disk_is_a_step_that_failed_and_the_next_steps_are_taken(
    yearly: Run, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yearly()
    index = sample_home / "outputs" / "2026" / "19" / "index.html"
    before = index.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "disken")

    monkeypatch.setattr(report_build, "build_reports", full)
    code, summary, err = yearly("--force")
    assert code == 1
    (error,) = summary["errors"]
    assert error["what"] == "rapport"
    assert "disken: No space left on device. Kontrollera diskutrymme" in error["why"]
    assert index.read_bytes() == before
    assert "Rapport: disken" in err


def test_a_page_may_take_no_longer_than_it_is_given(
    yearly: Run, sample_home: Path, write_notebook: WriteNotebook
) -> None:
    write_notebook(sample_home / "notebooks", "trog", 9, ["import time\ntime.sleep(60)"])

    code, summary, _ = yearly("--jobs", "1", "--cell-timeout", "2")

    assert (code, summary["reports"][0]["outcome"]) == (1, "failed")
    (failure,) = summary["reports"][0]["failed"]
    assert (failure["what"], "för lång tid" in failure["why"]) == ("trog", True)


def test_a_cluster_that_is_not_there_is_told_and_nothing_is_replaced(yearly: Run) -> None:
    pytest.importorskip("distributed")

    code, summary, err = yearly("--cluster", "inget")

    assert code == 1
    assert "inget" in summary["errors"][0]["why"]
    assert "Traceback" not in err


def test_how_pages_are_run_is_checked_before_anything_is_done(
    yearly: Run, sources: list[SimpleNamespace]
) -> None:
    code, summary, err = yearly("--engine", "angmaskin")
    assert (code, summary) == (2, {})
    assert "Motorn" in err
