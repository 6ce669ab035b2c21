"""The workflow in the repository does what it says: its steps are run here, as a script, in a clone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from affarsplan_data import project
from affarsplan_data.yearly.schedules import WORKFLOW

KEPT = ("oversikt", "delmal_05")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone of the repository with few notebooks, for the sake of time."""
    root = project.root()
    if not (root / ".git").exists() or not shutil.which("git"):
        pytest.skip("projektet ligger inte i ett git-arkiv")
    folder = tmp_path / "klon"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{root}", str(folder)], check=True
    )
    for path in (folder / "notebooks").glob("*.ipynb"):
        if not any(part in path.stem for part in KEPT):
            path.unlink()
    return folder


@pytest.fixture
def environment(tmp_path: Path, clone: Path) -> dict[str, str]:
    """Return an environment without network, where the packages are installed already."""
    tools = tmp_path / "verktyg"
    tools.mkdir()
    python = tools / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in "-m pip install"*) exit 0 ;; esac\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AFFARSPLAN_", "PYTEST_"))}
    return kept | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(clone),
        "AFFARSPLAN_OFFLINE": "1",
        "AFFARSPLAN_NOTIFY_COMMAND": "",
    }


@pytest.mark.skipif(os.name == "nt", reason="arbetsflödet körs i ett skal")
def test_the_steps_of_the_workflow_make_a_report(clone: Path, environment: dict[str, str]) -> None:
    steps = yaml.safe_load((clone / WORKFLOW).read_text("utf-8"))["jobs"]["yearly"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert len(runs) == 2
    for run in runs:
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", run],
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    summary = json.loads((clone / "outputs" / "senaste.json").read_text("utf-8"))
    (report,) = summary["reports"]
    assert (summary["outcome"], report["outcome"]) == ("done", "published")
    assert Path(report["folder"], "index.html").is_file()
    # What is laid up is there, and hidden files are not.
    (upload,) = [step for step in steps if "upload-artifact" in step.get("uses", "")]
    assert upload["if"] == "always()"
    assert upload["with"]["path"].splitlines()[0] == "outputs"
