"""How much memory a process holds and the machine has left, where the system tells."""

from pathlib import Path


def available_mb() -> float | None:
    """Return the megabytes that can be used without swapping, None where the system does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


def held_mb(pid: int) -> float:
    """Return the megabytes that the process holds and does not share with a file; 0 when not known."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
