"""Projects of their own to run things in: with the built-in edition alone, or with all made-up data.

The made-up figures are those of the test servers: SYNTETISKA TESTDATA. They never reach this project.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from affarsplan_data import project
from tests.servers import Servers

HOME = "AFFARSPLAN_HOME"


def edition_alone(folder: Path) -> Path:
    """Make ``folder`` a project that holds the built-in edition and nothing else."""
    for part in ("edition", "boundaries"):
        shutil.copytree(project.raw() / part, folder / "data" / "raw" / part)
    return folder


def full_data(folder: Path) -> Mapping[str, str]:
    """Make ``folder`` a project that holds all that the test servers have, built and ready to read.

    Returns:
        The environment in which it can be read: answers from another address than a source's own are
        used only while that is the one to ask.
    """
    edition_alone(folder)
    with Servers() as servers:
        told = {HOME: str(folder), **servers.environment}
        for command in ("fetch", "build"):
            subprocess.run(
                [sys.executable, "-m", "affarsplan_data", command],
                env=os.environ | told,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return told


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Let the program, and kernels that are started, use the project in ``folder``."""
    before = os.environ.get(HOME)
    os.environ[HOME] = str(folder)
    try:
        yield
    finally:
        del os.environ[HOME]
        if before is not None:
            os.environ[HOME] = before
