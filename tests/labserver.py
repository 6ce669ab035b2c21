"""A real JupyterLab of its own on a free port, with copies of the notebooks to open in it."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from affarsplan_data import project

_STARTED_WITHIN = 120.0


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, its token, and the folder with the notebooks it shows."""

    address: str
    token: str
    folder: Path
    log: Path

    def copy(self, notebook: Path) -> Path:
        """Put a copy of a notebook in the folder, under a name not used before."""
        target = self.folder / f"{secrets.token_hex(4)}-{notebook.name}"
        target.write_bytes(notebook.read_bytes())
        return target

    def page(self, notebook: Path) -> str:
        """Return the address that opens a notebook alone, without what was open before."""
        alone = f"lab/workspaces/{notebook.stem}/tree"
        return f"{self.address}/{alone}/{notebook.name}?token={self.token}"


@contextmanager
def jupyterlab(place: Path, theme: str = "JupyterLab Light") -> Iterator[Lab]:
    """Start JupyterLab below ``place``; nothing of the user's own settings or notebooks is touched."""
    folder = place / "notebooks"
    folder.mkdir()
    settings = place / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    for name, chosen in (
        ("notification", {"fetchNews": "false", "checkForUpdates": False}),
        ("themes", {"theme": theme}),
    ):
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(chosen), encoding="utf-8")
    lab = Lab(f"http://127.0.0.1:{_free_port()}", secrets.token_hex(16), folder, place / "log.txt")
    own = {
        "AFFARSPLAN_HOME": str(project.root()),
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
        "IPYTHONDIR": str(place / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        f"--port={lab.address.rpartition(':')[2]}",
        f"--ServerApp.root_dir={folder}",
        f"--IdentityProvider.token={lab.token}",
        f"--LabApp.user_settings_dir={place / 'settings'}",
        f"--LabApp.workspaces_dir={place / 'workspaces'}",
    ]
    with lab.log.open("w", encoding="utf-8") as log:
        started = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log)
        try:
            _wait_for(lab, started)
            yield lab
        finally:
            started.terminate()
            try:
                started.wait(30)
            except subprocess.TimeoutExpired:
                started.kill()


def _wait_for(lab: Lab, started: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < until and started.poll() is None:
        try:
            with urllib.request.urlopen(f"{lab.address}/api/status?token={lab.token}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"JupyterLab startade inte:\n{lab.log.read_text(encoding='utf-8')[-3000:]}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
